import { z } from 'zod';
import { categoryOfDesk, deskEventData } from './desk-event.js';
import { assetId, count, epc, instant, logId, orderId, personId, sequence, sessionId, shortText } from './fields.js';

/**
 * What a cabinet records. Every event is one line of its journal, one line of the trail and one
 * line on the screen. The kind names exactly its `data`; people appear as pseudonyms only.
 */

/** What the reads say about one line: enough to check a dispute later. */
export const evidence = z.strictObject({
  reads: z.int().min(0),
  rounds: z.int().min(0),
  antennas: z.array(z.int().min(1).max(64)).max(64),
  bestRssiDbm: z.int().min(-128).max(20).nullable(),
});
export type Evidence = z.infer<typeof evidence>;

/**
 * `observed`: seen before and after a session in one run of the agent. `window`: the agent restarted
 * or the reader was away in between. `declared`: nothing was read; the person said so at the screen.
 */
export const certainty = z.enum(['observed', 'window', 'declared']);

/** Why a session is for bringing back alone; each is also the reason why a take in it is forbidden. */
export const returnOnly = z.enum([
  'reader_out_of_order',
  'disk_out_of_order',
  'badge_expired',
  'person_suspended',
  'witness_missing',
]);
export type ReturnOnly = z.infer<typeof returnOnly>;

const line = {
  epc,
  name: shortText,
  /** 0 to 100: how sure the cabinet is that the item moved. */
  confidencePct: z.int().min(0).max(100),
  /** True when confidence is under the threshold: shown as disputed, never booked silently. */
  disputed: z.boolean(),
  certainty,
  evidence,
};

export const deviceRole = z.enum(['uhf', 'badge', 'lock']);
export type DeviceRole = z.infer<typeof deviceRole>;

export const refusal = z.enum(['unknown', 'expired', 'lost', 'revoked', 'suspended', 'rulebook_missing']);
export type Refusal = z.infer<typeof refusal>;

export const inventoryTrigger = z.enum(['start', 'session', 'unsigned', 'command', 'watch']);
export type InventoryTrigger = z.infer<typeof inventoryTrigger>;

const envelope = {
  seq: sequence,
  /** Wall time of the cabinet, as it believed at that moment. Never used to order anything. */
  at: instant,
  /** Monotonic milliseconds since `boot`. */
  mono: z.int().min(0),
  boot: z.string().regex(/^[0-9a-f]{16}$/),
  session: sessionId.optional(),
  actor: personId.optional(),
  asset: assetId.optional(),
  order: orderId.optional(),
  /** What is known against `at`: the clock was not compared with the cloud's since `boot`, or was found wrong. */
  timeQuality: z.enum(['unchecked', 'wrong']).optional(),
  /** Recorded while the disk took nothing: it was shown and acted on before it was durable. */
  volatile: z.literal(true).optional(),
};

function kind<K extends string, S extends z.ZodRawShape>(name: K, data: S) {
  return z.strictObject({ ...envelope, kind: z.literal(name), data: z.strictObject(data) });
}

export const traceEvent = z.discriminatedUnion('kind', [
  kind('cabinet.started', { agentVersion: shortText }),
  kind('cabinet.stopped', { reason: shortText }),
  kind('rulebook.applied', { version: count }),
  kind('device.lost', {
    device: deviceRole,
    reason: z.enum(['unplugged', 'silent', 'garbled', 'refused']),
    detail: shortText,
  }),
  kind('device.restored', { device: deviceRole, afterMs: z.int().min(0) }),
  kind('badge.accepted', { badgeHash: z.string().max(64) }),
  kind('badge.refused', { badgeHash: z.string().max(64), refusal }),
  kind('session.opened', {
    door: z.int().min(1),
    signed: z.boolean(),
    /** Set when the person said at the screen that they only bring back. */
    returnOnly: returnOnly.optional(),
    /** The command that opened it; nobody signed then. */
    command: shortText.optional(),
  }),
  kind('door.unlocked', { door: z.int().min(1) }),
  kind('door.opened', { door: z.int().min(1), signed: z.boolean() }),
  kind('door.closed', { door: z.int().min(1), openForMs: z.int().min(0) }),
  kind('door.left_open', { door: z.int().min(1), openForMs: z.int().min(0) }),
  kind('session.closed', {
    outcome: z.enum(['settled', 'unused', 'interrupted', 'unsettled']),
    taken: count,
    returned: count,
    disputed: count,
    elapsedMs: z.int().min(0),
  }),
  kind('asset.checked_out', {
    ...line,
    /** Whether the rulebook allowed this person to take it, and if not, why. */
    authority: z.enum(['allowed', 'forbidden', 'unsigned']),
    reason: shortText.nullable(),
    /** What the reason is about, and since when: the licence that ended, the calibration that is over. */
    reasonName: shortText.nullable().optional(),
    reasonSince: instant.nullable().optional(),
  }),
  kind('asset.returned', {
    ...line,
    /** Who had it as far as this cabinet knows; the returner is the actor. */
    takenBy: personId.nullable(),
  }),
  kind('tag.unknown_seen', { epc, evidence }),
  kind('inventory.settled', {
    trigger: inventoryTrigger,
    present: z.array(epc).max(2000),
    doubtful: z.array(epc).max(2000),
    /** Items that are expected inside, not read and not signed for. */
    missing: z.array(epc).max(2000),
    rounds: z.int().min(0),
    reads: z.int().min(0),
    elapsedMs: z.int().min(0),
  }),
  /** The cloud showed a history that does not continue the one that this cabinet has cosigned. */
  kind('checkpoint.refused', {
    reason: z.enum(['unsigned', 'two_roots', 'shorter', 'not_grown']),
    size: z.int().min(0),
    /** How long the trail was that the cabinet has cosigned. */
    seen: z.int().min(0),
  }),
  kind('journal.damaged', { fromSeq: sequence, toSeq: sequence, detail: shortText }),
  /** The cloud knows another history under the old log's numbers: a copied or restored disk. */
  kind('journal.forked', { previousLog: logId, lastSeq: z.int().min(0), detail: shortText }),
  /** The wall clock was set, in milliseconds since 1970 just before and just after. */
  kind('clock.stepped', { beforeMs: z.int(), afterMs: z.int() }),
  /** A new signing key, announced in a batch that the old one signs; `proof` is the new key's over `keyProofText`. */
  kind('key.rotated', {
    /** Ed25519 public key, SPKI PEM. */
    publicKey: shortText,
    proof: z.string().max(100),
  }),
  /** A command of the cloud; its counter is on the disk, so that it is never done twice. */
  kind('command.carried_out', { command: shortText, what: shortText }),
  /** `more`: so many were refused since the last such line and have none of their own. */
  kind('command.refused', {
    command: shortText,
    what: shortText,
    reason: z.enum(['forged', 'expired', 'repeated', 'unsaved']),
    more: z.int().min(0),
  }),
  kind('pin.accepted', deskEventData['pin.accepted']),
  kind('pin.refused', deskEventData['pin.refused']),
  kind('session.order_chosen', deskEventData['session.order_chosen']),
  kind('witness.confirmed', deskEventData['witness.confirmed']),
  kind('take.forbidden', deskEventData['take.forbidden']),
  kind('asset.disputed', deskEventData['asset.disputed']),
  kind('dispute.settled', deskEventData['dispute.settled']),
  kind('asset.reported', deskEventData['asset.reported']),
  kind('custody.handed_over', deskEventData['custody.handed_over']),
  kind('shift.ended', deskEventData['shift.ended']),
  kind('search.started', deskEventData['search.started']),
  kind('search.closed', deskEventData['search.closed']),
  kind('kit.incomplete', deskEventData['kit.incomplete']),
  kind('notice.acknowledged', deskEventData['notice.acknowledged']),
]);
export type TraceEvent = z.infer<typeof traceEvent>;
export type TraceEventKind = TraceEvent['kind'];
export type TraceEventOf<K extends TraceEventKind> = Extract<TraceEvent, { kind: K }>;

/** What a part of the agent hands to the journal; the journal adds the sequence, the times and the boot. */
export type TraceDraft = TraceEvent extends infer E
  ? E extends TraceEvent
    ? Omit<E, 'seq' | 'at' | 'mono' | 'boot'>
    : never
  : never;

/** The categories that a customer sets a retention time for. */
export const dataCategory = z.enum(['custody', 'session', 'inventory', 'device', 'administration', 'security']);
export type DataCategory = z.infer<typeof dataCategory>;

export const categoryOfTrace: Readonly<Record<TraceEventKind, DataCategory>> = {
  'cabinet.started': 'device',
  'cabinet.stopped': 'device',
  'rulebook.applied': 'device',
  'device.lost': 'device',
  'device.restored': 'device',
  'badge.accepted': 'session',
  'badge.refused': 'security',
  'session.opened': 'session',
  'door.unlocked': 'session',
  'door.opened': 'session',
  'door.closed': 'session',
  'door.left_open': 'session',
  'session.closed': 'session',
  'asset.checked_out': 'custody',
  'asset.returned': 'custody',
  'tag.unknown_seen': 'inventory',
  'inventory.settled': 'inventory',
  'checkpoint.refused': 'security',
  'journal.damaged': 'security',
  'journal.forked': 'security',
  'clock.stepped': 'device',
  'key.rotated': 'security',
  'command.carried_out': 'security',
  'command.refused': 'security',
  ...categoryOfDesk,
};
