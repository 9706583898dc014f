import { z } from 'zod';
import { count, hex64, instant, logId, sequence, sessionId, shortText } from '../events/fields.js';
import { deviceRole } from '../events/trace-event.js';

/** What travels over MQTT. The cabinet forgets an event only on `committed`; a PUBACK proves nothing. */

export const helloMessage = z.strictObject({
  v: z.literal(1),
  log: logId,
  /** The first sequence that has not been acknowledged; `last + 1` when all are. */
  firstUnacked: sequence,
  /** The last sequence written; 0 for an empty log. */
  last: z.int().min(0),
  /** The chain value after `last`. */
  chain: hex64,
  boot: z.string().regex(/^[0-9a-f]{16}$/),
  mono: z.int().min(0),
  wall: instant,
  agent: shortText,
  /** The version of the rulebook in force; 0 for none. */
  rulebook: count,
  /** The counter of the last command that was carried out; `sig` (Ed25519, base64url) covers `commandCounterText`. */
  commands: z.strictObject({ counter: count.min(1), sig: z.string().max(100) }).optional(),
});
export type HelloMessage = z.infer<typeof helloMessage>;

/**
 * The text with which a cabinet vouches for the last command counter that it has seen. It only ever
 * grows, so that an old one said again by somebody else changes nothing.
 */
export function commandCounterText(told: { tenant: string; cabinet: string; counter: number }): string {
  return `tagtrail command counter v1\n${told.tenant}\n${told.cabinet}\n${told.counter}\n`;
}

/** At most this many events and bytes travel in one batch. */
export const batchLimits = { events: 500, bytes: 120 * 1024 } as const;

/**
 * A batch of consecutive events. Events stay unparsed here: one that has the wrong shape is
 * quarantined alone and the stream goes on.
 */
export const eventsMessage = z.strictObject({
  v: z.literal(1),
  log: logId,
  from: sequence,
  to: sequence,
  /** The chain value before `from`. */
  prev: hex64,
  events: z.array(z.record(z.string(), z.unknown())).min(1).max(batchLimits.events),
  /** Ed25519 signature (base64url) over `signedText`, by the cabinet's key. */
  sig: z.string().max(100),
});
export type EventsMessage = z.infer<typeof eventsMessage>;

/** The text that a batch's signature covers: the range and the chain value after its last event. */
export function signedText(batch: { log: string; from: number; to: number; prev: string; chain: string }): string {
  return `tagtrail batch v1\n${batch.log}\n${batch.from}\n${batch.to}\n${batch.prev}\n${batch.chain}\n`;
}

export const deviceHealth = z.strictObject({
  status: z.enum(['ok', 'starting', 'unplugged', 'silent', 'garbled', 'faulty']),
  since: instant,
  detail: shortText.nullable(),
});
export type DeviceHealth = z.infer<typeof deviceHealth>;

export const doorState = z.enum(['closed', 'open', 'unknown']);
export type DoorState = z.infer<typeof doorState>;

/** Retained; the last will is `{ v: 1, online: false }`. Sent at every change and at least every 10 s. */
export const stateMessage = z.union([
  z.strictObject({ v: z.literal(1), online: z.literal(false) }),
  z.strictObject({
    v: z.literal(1),
    online: z.literal(true),
    at: instant,
    pending: count,
    oldestPendingAt: instant.nullable(),
    rulebook: count,
    devices: z.record(deviceRole, deviceHealth),
    doors: z.array(z.strictObject({ door: z.int().min(1), state: doorState })).max(64),
    /** The cabinet session in progress, if any. */
    session: sessionId.nullable(),
    phase: shortText,
    present: count,
    /** What is wrong with the agent itself: a full disk, a stream that the cloud refuses, no rulebook to read. */
    faults: z
      .array(
        z.strictObject({
          part: z.enum(['journal', 'uplink', 'rulebook', 'clock', 'disk']),
          fault: shortText,
          since: instant,
        }),
      )
      .max(8)
      .optional(),
    /** What the cabinet found when it compared its clock with the cloud's: the cloud's time minus its own. */
    clock: z
      .strictObject({ offsetMs: z.int(), errorMs: z.int().min(0), measuredAt: instant })
      .nullable()
      .optional(),
    /** How full the disk is; custody lines are never dropped to make room. */
    disk: z
      .strictObject({ usedPct: z.int().min(0).max(100), level: z.enum(['ok', 'alarm', 'trimming', 'full']) })
      .optional(),
    /** Events that are in memory only, because the disk takes nothing and the customer's policy is to go on. */
    volatile: count.optional(),
  }),
]);
export type StateMessage = z.infer<typeof stateMessage>;
/** How often a cabinet repeats its state, and after how long a silent one counts as stale. */
export const stateTimes = { everyMs: 10_000, staleAfterMs: 25_000 } as const;

export const committedMessage = z.union([
  z.strictObject({
    v: z.literal(1),
    log: logId,
    /** Every event up to and with this sequence is durable in the cloud. */
    upTo: z.int().min(0),
    /** The cloud's chain value after `upTo`. */
    chain: hex64,
    now: instant,
  }),
  z.strictObject({
    v: z.literal(1),
    log: logId,
    /** The cloud wants the stream from this sequence on. */
    expect: sequence,
    reason: z.enum(['gap', 'restored', 'fork', 'bad_chain', 'bad_signature', 'unknown_log']),
    now: instant,
  }),
]);
export type CommittedMessage = z.infer<typeof committedMessage>;

/** What a new key signs to prove that the cabinet holds it. */
export function keyProofText(key: { tenant: string; cabinet: string; publicKey: string }): string {
  return `tagtrail key v1\n${key.tenant}\n${key.cabinet}\n${key.publicKey.trim()}\n`;
}

/** `unlock` opens the doors for a session that nobody signed. */
export const commandKind = z.enum(['count_now', 'rotate_key', 'unlock']);
export type CommandKind = z.infer<typeof commandKind>;

export const commandMessage = z.strictObject({
  v: z.literal(1),
  id: shortText,
  /** Grows by one for each command; a cabinet never carries out one twice. */
  counter: z.int().min(1),
  expiresAt: instant,
  kind: commandKind,
});
export type CommandMessage = z.infer<typeof commandMessage>;

const hash64 = z.string().max(44);

/** The newest checkpoint of the customer's trail, for the cabinet to witness. */
export const checkpointMessage = z.strictObject({
  v: z.literal(1),
  /** The key of the log as C2SP writes it. */
  key: z.string().max(300),
  /** Signed note (C2SP tlog-checkpoint). */
  note: z.string().max(4000),
  /** The size that the consistency proof (RFC 9162 section 2.1.4) starts from; 0 without a proof. */
  from: z.int().min(0),
  path: z.array(hash64).max(130),
});
export type CheckpointMessage = z.infer<typeof checkpointMessage>;

/** The reasons for which a cabinet refuses a checkpoint, each an alarm. */
export const checkpointRefusal = z.enum([
  /** No key that this cabinet knows has signed it. */
  'unsigned',
  /** It has another root than the cabinet knows for this size. */
  'two_roots',
  /** It covers less than the cabinet has seen. */
  'shorter',
  /** It does not begin with what the cabinet has seen. */
  'not_grown',
]);
export type CheckpointRefusal = z.infer<typeof checkpointRefusal>;

/** What a cabinet says to a checkpoint. */
export const witnessMessage = z.union([
  /** Its cosignature (C2SP cosignature/v1): one line of a signed note. */
  z.strictObject({ v: z.literal(1), size: z.int().min(1), line: z.string().max(400) }),
  /** It has seen this size, and wants the proof from there on. */
  z.strictObject({ v: z.literal(1), seen: z.int().min(1) }),
]);
export type WitnessMessage = z.infer<typeof witnessMessage>;
