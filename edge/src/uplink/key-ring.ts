import { utf8Bytes, utf8Text } from '@tagtrail/shared/bytes/utf8.js';
import { errorText, isAppError } from '@tagtrail/shared/error.js';
import type { TraceEvent } from '@tagtrail/shared/events/trace-event.js';
import type { Log } from '@tagtrail/shared/log/log.js';
import { keyProofText } from '@tagtrail/shared/mqtt/messages.js';
import type { CabinetAddress } from '@tagtrail/shared/mqtt/topics.js';
import type { Random } from '@tagtrail/shared/random/random.js';
import { z } from 'zod';
import type { Disk } from '../journal/disk.js';
import type { Journal } from '../journal/journal.js';
import type { Seal } from '../rules/seal.js';
import { type SignBatch, signBatch } from './batch-signer.js';
import { newSigningKey, readSigningKey, type SigningKey } from './signing-key.js';

/**
 * A key, and where it begins: it signs batches that start behind the line which announced it. The
 * batch with that line is signed by the key before, now and whenever the cloud asks for it again.
 */
const ringKey = z.strictObject({
  privatePem: z.string(),
  /** The log and the line of the announcement; null for the key of the credentials. */
  announced: z.strictObject({ log: z.string(), seq: z.int() }).nullable(),
});
type RingKey = z.infer<typeof ringKey>;
const ring = z.strictObject({
  v: z.literal(1),
  keys: z.array(ringKey).min(1).max(8),
  /** A key that was made and is perhaps not announced yet. */
  made: z.string().nullable(),
});
type Ring = z.infer<typeof ring>;

export const keyRingName = 'keys';
/** What is asked for again from behind these was signed long ago and is in the cloud. */
const keptKeys = 4;

export interface KeyRing {
  readonly sign: SignBatch;
  /** The key in force. */
  current(): SigningKey;
  /** Makes a new key and announces it in the journal; every batch behind that line is signed by it. Never rejects. */
  rotate(): Promise<void>;
}

export interface KeyRingOptions {
  readonly disk: Disk;
  readonly seal: Seal;
  readonly journal: Pick<Journal, 'logId' | 'record' | 'replay'>;
  readonly identity: CabinetAddress;
  /** Of the credentials, PKCS #8 PEM. */
  readonly signingKey: string;
  readonly random: Random;
  readonly log: Log;
}

/** Rejects with AppError `uplink.bad_signing_key` or `disk.fault`. */
export async function openKeyRing(options: KeyRingOptions): Promise<KeyRing> {
  const { journal, random, log } = options;
  const read = createKeyReader();
  read(options.signingKey);
  let state = await inThisLog(options, await load(options));
  let turn: Promise<void> = Promise.resolve();

  const announce = async (privatePem: string): Promise<void> => {
    const key = readSigningKey(privatePem);
    const publicKey = key.publicPem.trim();
    const proof = key.sign(keyProofText({ ...options.identity, publicKey }));
    const { seq } = await journal.record({ kind: 'key.rotated', data: { publicKey, proof } }, 'now');
    const keys = [...state.keys, { privatePem, announced: { log: journal.logId, seq } }].slice(-keptKeys);
    state = { v: 1, keys, made: null };
    await save(options, state);
    log.info({ seq }, 'uplink.key.rotated');
  };
  const rotate = async (): Promise<void> => {
    try {
      // On the disk before it is announced: an announced key that is lost would silence the cabinet.
      const made = newSigningKey(random).privatePem;
      await save(options, { ...state, made });
      state = { ...state, made };
      await announce(made);
    } catch (error) {
      log.error({ error: errorText(error) }, 'uplink.key.not_rotated');
    }
  };

  return {
    sign: (logId, batch) => {
      const key = read(keyFor(state.keys, { log: logId, from: batch.from }).privatePem);
      return signBatch(logId, batch, key.sign);
    },
    current: () => read((state.keys.at(-1) as RingKey).privatePem),
    rotate: () => {
      turn = turn.then(rotate);
      return turn;
    },
  };
}

/** Reading a key costs as much as signing with it, and the same few sign every batch. */
function createKeyReader(): (privatePem: string) => SigningKey {
  const known = new Map<string, SigningKey>();
  return (privatePem) => {
    const key = known.get(privatePem) ?? readSigningKey(privatePem);
    known.set(privatePem, key);
    return key;
  };
}

/** The newest key that was announced before the batch begins. */
function keyFor(keys: readonly RingKey[], batch: { log: string; from: number }): RingKey {
  const found = keys.findLast(
    ({ announced }) => announced === null || announced.log !== batch.log || announced.seq < batch.from,
  );
  return found ?? (keys[0] as RingKey);
}

/**
 * The announcements of this ring in the numbers of the log of now: a log that was given up goes on
 * in a new one under other numbers. A key that was made and found announced is in force.
 */
async function inThisLog({ journal, log }: KeyRingOptions, state: Ring): Promise<Ring> {
  const newest = state.keys.at(-1);
  const moved = newest !== undefined && newest.announced !== null && newest.announced.log !== journal.logId;
  if (state.made === null && !moved) return state;
  const announcements = new Map<string, number>();
  for await (const event of journal.replay()) noteAnnouncement(announcements, event);
  const keys = state.keys.map((key): RingKey => {
    const seq = announcements.get(readSigningKey(key.privatePem).publicPem.trim());
    return seq === undefined ? key : { ...key, announced: { log: journal.logId, seq } };
  });
  if (state.made === null) return { ...state, keys };
  const seq = announcements.get(readSigningKey(state.made).publicPem.trim());
  if (seq === undefined) return { ...state, keys, made: null };
  log.info({ seq }, 'uplink.key.found_announced');
  return { v: 1, keys: [...keys, { privatePem: state.made, announced: { log: journal.logId, seq } }], made: null };
}

function noteAnnouncement(announcements: Map<string, number>, event: TraceEvent): void {
  if (event.kind === 'key.rotated') announcements.set(event.data.publicKey, event.seq);
}

async function load({ disk, seal, signingKey, log }: KeyRingOptions): Promise<Ring> {
  const fresh: Ring = { v: 1, keys: [{ privatePem: signingKey, announced: null }], made: null };
  let bytes: Uint8Array;
  try {
    const file = await disk.open(keyRingName);
    bytes = await file.read(0, await file.size());
    await file.close();
  } catch (error) {
    if (isAppError(error, 'disk.missing')) return fresh;
    throw error;
  }
  const plain = seal.open(bytes);
  const parsed = plain === undefined ? undefined : ring.safeParse(parseJson(utf8Text(plain)));
  if (parsed?.success === true) return parsed.data;
  // Sealed with the secret of an earlier enrolment: the keys of that time open nothing any more.
  log.warn({}, 'uplink.keys.of_earlier_enrolment');
  return fresh;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** After a power cut there is either the old ring or the new one. */
async function save({ disk, seal }: KeyRingOptions, state: Ring): Promise<void> {
  const temporary = `${keyRingName}.new`;
  await disk.remove(temporary).catch(() => {});
  const file = await disk.create(temporary, 0);
  try {
    await file.write(0, seal.close(utf8Bytes(JSON.stringify(state))));
    await file.sync();
  } finally {
    await file.close();
  }
  await disk.rename(temporary, keyRingName);
  await disk.syncDirectory();
}
