import { createHmac, timingSafeEqual } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { PassThrough, pipeline as pipe } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { AppError } from '@tagtrail/shared/error.js';
import { type Random, randomBytes } from '@tagtrail/shared/random/random.js';
import { z } from 'zod';
import { type BackupSecret, derivation, deriveKey, newDerivation } from './backup-key.js';
import { openStream, sealStream } from './sealed-stream.js';

/**
 * A backup file: a line with its name and format, a line of JSON that says how its key follows from
 * the secret, and then, sealed and compressed, records of one letter, four bytes of length
 * (big-endian) and the payload. The first record is the manifest, the last one the end.
 */
export const recordKinds = ['manifest', 'file', 'table', 'rows', 'table end', 'end'] as const;
export type RecordKind = (typeof recordKinds)[number];
export interface BackupRecord {
  readonly kind: RecordKind;
  readonly payload: Buffer;
}

const magic = 'tagtrail-backup 1\n';
const letters: Readonly<Record<RecordKind, string>> = {
  manifest: 'M',
  file: 'F',
  table: 'T',
  rows: 'R',
  'table end': 'E',
  end: 'Z',
};
const kindOf = new Map(recordKinds.map((kind) => [letters[kind], kind]));
const longestRecord = 16 * 1024 * 1024;
const longestHeader = 4096;

const keyLine = z.strictObject({ derivation, check: z.base64() });

export interface BackupWriter {
  write(kind: RecordKind, payload: Uint8Array): Promise<void>;
  /** Puts the file in its place, once all of it is on the disk; answers its size in bytes. */
  finish(): Promise<number>;
  /** Leaves nothing behind. */
  abandon(): Promise<void>;
}

/** Writes beside `path` first: what bears the name is always whole. */
export async function createBackupFile(
  path: string,
  { secret, random }: { readonly secret: BackupSecret; readonly random: Random },
): Promise<BackupWriter> {
  const how = newDerivation(secret, randomBytes(random, 32));
  const key = await deriveKey(secret, how);
  const line = { derivation: how, check: checkOf(key, JSON.stringify(how)).toString('base64') };
  const header = Buffer.from(`${magic}${JSON.stringify(line)}\n`);
  const part = `${path}.part`;
  const target = createWriteStream(part, { mode: 0o600 });
  target.write(header);
  const records = new PassThrough();
  const written = pipeline(records, createGzip({ level: 1 }), sealStream({ key, header }), target);
  written.catch(() => {});
  const put = async (bytes: Uint8Array): Promise<void> => {
    if (records.write(bytes)) return;
    await Promise.race([new Promise<void>((resolve) => records.once('drain', resolve)), written]);
  };
  return {
    write: async (kind, payload) => {
      const head = Buffer.alloc(5);
      head.write(letters[kind], 'latin1');
      head.writeUInt32BE(payload.length, 1);
      await put(Buffer.concat([head, payload]));
    },
    finish: async () => {
      records.end();
      await written;
      const file = await open(part, 'r+');
      await file.sync();
      const { size } = await file.stat();
      await file.close();
      await rename(part, path);
      return size;
    },
    abandon: async () => {
      records.destroy();
      await finished(target).catch(() => {});
      await rm(part, { force: true });
    },
  };
}

/**
 * The records of a backup in their order. What comes out has been authenticated; that nothing is
 * missing is known when the generator has ended.
 * @throws AppError `backup.not_a_backup`, `backup.key_refused`, `backup.damaged`, `backup.truncated`.
 */
export async function* readBackupFile(path: string, secret: BackupSecret): AsyncGenerator<BackupRecord> {
  const { header, key } = await readHeader(path, secret);
  const source = createReadStream(path, { start: header.length });
  let problem: Error | null | undefined;
  const plain = createGunzip();
  pipe(source, openStream({ key, header }), plain, (error) => {
    problem = error;
  });
  let waiting: Buffer = Buffer.alloc(0);
  let ended = false;
  try {
    for await (const chunk of plain) {
      waiting = waiting.length === 0 ? chunk : Buffer.concat([waiting, chunk]);
      let at = 0;
      while (waiting.length - at >= 5) {
        const kind = kindOf.get(String.fromCharCode(waiting[at] as number));
        const length = waiting.readUInt32BE(at + 1);
        if (kind === undefined || length > longestRecord) throw notABackup(path);
        if (waiting.length - at - 5 < length) break;
        yield { kind, payload: waiting.subarray(at + 5, at + 5 + length) };
        ended = kind === 'end';
        at += 5 + length;
      }
      waiting = waiting.subarray(at);
    }
  } catch (error) {
    // The first stream that failed knows why; the ones behind it only that they were cut off.
    throw problem ?? error;
  }
  if (!ended || waiting.length > 0) throw notABackup(path);
}

async function readHeader(path: string, secret: BackupSecret): Promise<{ header: Buffer; key: Uint8Array }> {
  const file = await open(path, 'r').catch((error: unknown) => {
    throw new AppError('backup.not_found', `The backup ${path} cannot be read.`, { kind: 'operator', cause: error });
  });
  const start = Buffer.alloc(longestHeader);
  const { bytesRead } = await file.read(start, 0, longestHeader, 0);
  await file.close();
  const end = start.subarray(0, bytesRead).indexOf('\n', magic.length);
  if (end < 0 || !start.toString('latin1', 0, magic.length).startsWith(magic)) throw notABackup(path);
  const parsed = keyLine.safeParse(safeJson(start.toString('utf8', magic.length, end)));
  if (!parsed.success) throw notABackup(path);
  const { derivation: how, check } = parsed.data;
  const key = await deriveKey(secret, how);
  const wanted = checkOf(key, JSON.stringify(how));
  const given = Buffer.from(check, 'base64');
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) {
    throw new AppError(
      'backup.key_refused',
      'This key does not open the backup, or the first lines of the file were changed.',
      { kind: 'operator' },
    );
  }
  return { header: Buffer.from(start.subarray(0, end + 1)), key };
}

/** Tells a wrong key from a damaged file, and nothing about the key. */
function checkOf(key: Uint8Array, how: string): Buffer {
  return createHmac('sha256', key).update('tagtrail backup key check\n').update(how).digest();
}

function notABackup(path: string): AppError {
  return new AppError('backup.not_a_backup', `${path} is no backup that this program can read.`, { kind: 'operator' });
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
