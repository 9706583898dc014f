import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from '@tagtrail/shared/random/random.js';
import { seededRandom } from '@tagtrail/shared/random/seeded-random.js';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BackupRecord, createBackupFile, readBackupFile } from './backup-file.js';
import { type BackupSecret, readSecret } from './backup-key.js';
import { verifyBackup } from './verify-backup.js';

const secret: BackupSecret = { kind: 'key-file', bytes: Buffer.alloc(32, 1) };
const random = seededRandom('backup');

describe('a backup file', () => {
  let folder: string;
  let whole: Buffer;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tagtrail-backup-'));
    whole = await make(secret);
  });
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  const at = (name: string) => join(folder, name);

  /** Three pieces of 64 KiB and a bit: rows that do not get smaller by compression. */
  async function make(of: BackupSecret): Promise<Buffer> {
    const file = await createBackupFile(at('whole'), { secret: of, random });
    await file.write('manifest', Buffer.from('{}'));
    for (let i = 0; i < 10; i++) {
      await file.write('rows', randomBytes(random, 20_000));
    }
    await file.write('end', Buffer.from('{}'));
    await file.finish();
    return await readFile(at('whole'));
  }

  async function read(bytes: Uint8Array, of: BackupSecret = secret): Promise<BackupRecord[]> {
    await writeFile(at('given'), bytes);
    const records: BackupRecord[] = [];
    for await (const record of readBackupFile(at('given'), of)) records.push(record);
    return records;
  }

  it('gives back what was written', async () => {
    const records = await read(whole);
    expect(records.map(({ kind }) => kind)).toEqual(['manifest', ...Array(10).fill('rows'), 'end']);
    expect(records.filter(({ kind }) => kind === 'rows').every(({ payload }) => payload.length === 20_000)).toBe(true);
  });

  it('is refused wherever one bit of it is turned', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(7), async (place, bit) => {
        const bytes = Buffer.from(whole);
        bytes[place] = (bytes[place] as number) ^ (1 << bit);
        const refused = /^backup\.(damaged|truncated|key_refused|not_a_backup)$/;
        await expect(read(bytes)).rejects.toMatchObject({ code: expect.stringMatching(refused) });
      }),
      {
        numRuns: 60,
        examples: [
          [0, 0],
          [whole.length - 1, 0],
          [200, 1],
        ],
      },
    );
  });

  it('is refused wherever it is cut off', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), async (length) => {
        const refused = /^backup\.(damaged|truncated|not_a_backup)$/;
        await expect(read(whole.subarray(0, length))).rejects.toMatchObject({ code: expect.stringMatching(refused) });
      }),
      { numRuns: 40 },
    );
    const header = whole.indexOf('\n', 20) + 1;
    await expect(read(whole.subarray(0, header + 65_552))).rejects.toMatchObject({ code: 'backup.truncated' });
  });

  it('is refused when pieces are left out, doubled, swapped, or come from another file', async () => {
    const header = whole.indexOf('\n', 20) + 1;
    const piece = (bytes: Buffer, i: number) => bytes.subarray(header + i * 65_552, header + (i + 1) * 65_552);
    const start = whole.subarray(0, header);
    const rest = whole.subarray(header + 2 * 65_552);
    const other = await make(secret);
    for (const pieces of [
      [start, piece(whole, 1), rest],
      [start, piece(whole, 0), piece(whole, 0), piece(whole, 1), rest],
      [start, piece(whole, 1), piece(whole, 0), rest],
      [start, piece(whole, 0), piece(other, 1), rest],
      [other.subarray(0, header), piece(whole, 0), piece(whole, 1), rest],
      [whole, Buffer.from('more')],
    ]) {
      await expect(read(Buffer.concat(pieces))).rejects.toMatchObject({
        code: expect.stringMatching(/^backup\.(damaged|truncated)$/),
      });
    }
  });

  it('opens with its own key only', async () => {
    await expect(read(whole, { kind: 'key-file', bytes: Buffer.alloc(32, 2) })).rejects.toMatchObject({
      code: 'backup.key_refused',
    });
    await expect(read(whole, { kind: 'passphrase', text: 'correct horse battery' })).rejects.toMatchObject({
      code: 'backup.key_refused',
    });
    const spoken: BackupSecret = { kind: 'passphrase', text: 'correct horse battery' };
    const said = await make(spoken);
    expect(await read(said, spoken)).toHaveLength(12);
    await expect(read(said, { kind: 'passphrase', text: 'correct horse batterz' })).rejects.toMatchObject({
      code: 'backup.key_refused',
    });
  });

  it('asks for no more memory than a passphrase of ours needs', async () => {
    const said = await make({ kind: 'passphrase', text: 'correct horse battery' });
    const greedy = Buffer.from(said.toString('latin1').replace('"log2Cost":17', '"log2Cost":31'), 'latin1');
    await expect(read(greedy, { kind: 'passphrase', text: 'correct horse battery' })).rejects.toMatchObject({
      code: 'backup.not_a_backup',
    });
  });

  it('is refused when it says of itself what is not in it', async () => {
    await expect(verifyBackup(at('whole'), { kind: 'passphrase', text: 'x'.repeat(12) })).rejects.toThrow();
    await make(secret);
    await expect(verifyBackup(at('whole'), secret)).rejects.toMatchObject({ code: 'backup.unbalanced' });
  });

  it('leaves nothing behind when it is given up', async () => {
    const file = await createBackupFile(at('never'), { secret, random });
    await file.write('manifest', Buffer.from('{}'));
    await file.abandon();
    expect((await readdir(folder)).filter((name) => name.startsWith('never'))).toEqual([]);
  });

  it('wants a key that nobody guesses', async () => {
    await writeFile(at('short'), Buffer.alloc(31));
    await expect(readSecret({ keyFile: at('short') })).rejects.toMatchObject({ code: 'backup.key_weak' });
    await expect(readSecret({ keyFile: at('none') })).rejects.toMatchObject({ code: 'backup.key_missing' });
    await expect(readSecret({ passphrase: 'too short' })).rejects.toMatchObject({ code: 'backup.key_weak' });
    await expect(readSecret({})).rejects.toMatchObject({ code: 'backup.key_missing' });
    await writeFile(at('words'), 'four random words here\n');
    expect(await readSecret({ passphraseFile: at('words') })).toEqual({
      kind: 'passphrase',
      text: 'four random words here',
    });
  });
});
