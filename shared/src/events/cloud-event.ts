import { z } from 'zod';
import { exportFilter } from '../proof/export-format.js';
import { clearedBesideTrail } from '../retention/beside-trail.js';
import { orderId, shortText } from './fields.js';
import { categoryOfRule, ruleEventData } from './rule-event.js';
import type { DataCategory } from './trace-event.js';

/**
 * What the cloud itself adds to the trail: changes made by people and by its own jobs. The actor,
 * asset, cabinet and site stand in the entry's columns; `data` holds what the kind needs besides.
 */
const change = z.record(z.string(), z.strictObject({ from: z.unknown(), to: z.unknown() }));

export const cloudEventData = {
  'tenant.created': z.strictObject({ name: shortText }),
  'site.created': z.strictObject({ name: shortText }),
  'cabinet.created': z.strictObject({ name: shortText }),
  /** `code` is the part of the code that is no secret. */
  'cabinet.enrolment_code_issued': z.strictObject({ code: shortText, expiresAt: z.string() }),
  /** `fingerprint`: SHA-256 of the public key (SPKI DER), hexadecimal. */
  'cabinet.enrolled': z.strictObject({ code: shortText, fingerprint: z.string() }),
  'cabinet.enrolment_refused': z.strictObject({ code: shortText, reason: shortText }),
  'cabinet.revoked': z.strictObject({ reason: shortText }),
  'cabinet.command_sent': z.strictObject({ command: shortText }),
  'cabinet.connected': z.strictObject({ agentVersion: shortText }),
  'cabinet.disconnected': z.strictObject({ reason: shortText }),
  /** The cabinet is connected and has not sent for a minute what it was asked for again: `log` from `fromSeq` on. */
  'cabinet.gap_opened': z.strictObject({ log: z.string(), fromSeq: z.int() }),
  /** `arrived`: the missing lines came. `declared`: the cabinet says, signed, that they are lost. */
  'cabinet.gap_closed': z.strictObject({ log: z.string(), fromSeq: z.int(), how: z.enum(['arrived', 'declared']) }),
  /**
   * Two devices may use the identity of the cabinet. `two_boots`: two starts of its agent were heard in
   * turn. `two_histories`: `log` went on differently than before, as a copied or restored disk does.
   */
  'cabinet.clone_suspected': z.strictObject({
    reason: z.enum(['two_boots', 'two_histories']),
    log: z.string().nullable(),
    detail: shortText,
  }),
  'asset.created': z.strictObject({ name: shortText, model: shortText.nullable() }),
  'asset.updated': z.strictObject({ change, reason: shortText.nullable() }),
  'tag.bound': z.strictObject({ epc: z.string(), replaces: z.string().nullable() }),
  'person.created': z.strictObject({}),
  'person.updated': z.strictObject({ fields: z.array(z.string()) }),
  /** For good: `ended` ways in (badges) ended with it, `holding` items are still out. */
  'person.left': z.strictObject({ ended: z.int(), holding: z.int(), note: shortText.nullable() }),
  'badge.issued': z.strictObject({ badge: z.string() }),
  'badge.revoked': z.strictObject({ badge: z.string(), reason: shortText }),
  'order.created': z.strictObject({ order: orderId, number: shortText }),
  'order.closed': z.strictObject({ order: orderId, number: shortText }),
  'rulebook.issued': z.strictObject({ version: z.int() }),
  /**
   * Where an asset is, when retention takes the line away that says so, or when its tag had no asset
   * as that line came. The columns stand for that
   * line: the holder as counterpart, the cabinet, the session, the effective time, the log and its sequence.
   */
  'custody.carried': z.strictObject({
    state: z.enum(['in', 'out', 'unknown']),
    disputed: z.boolean(),
    /** False where it was only seen by an inventory. */
    moved: z.boolean(),
  }),
  'retention.rule_set': z.strictObject({
    category: z.string(),
    fromDays: z.int().nullable(),
    toDays: z.int().nullable(),
    action: z.enum(['delete', 'pseudonymise']),
    source: z.string(),
    reason: z.string().nullable(),
    reviewOn: z.string().nullable(),
    version: z.int(),
  }),
  /** A change that takes a second person; `entries` lines would go if it held now. */
  'retention.change_asked': z.strictObject({
    category: z.string(),
    fromDays: z.int().nullable(),
    toDays: z.int().nullable(),
    action: z.enum(['delete', 'pseudonymise']),
    entries: z.int(),
  }),
  'retention.change_decided': z.strictObject({
    category: z.string(),
    outcome: z.enum(['approved', 'rejected', 'withdrawn']),
    toDays: z.int().nullable(),
    action: z.enum(['delete', 'pseudonymise']),
  }),
  'retention.rule_dropped': z.strictObject({
    category: z.string(),
    fromDays: z.int().nullable(),
    toDays: z.int().nullable(),
  }),
  'hold.placed': z.strictObject({ hold: z.string(), about: z.string(), reviewOn: z.string() }),
  'hold.released': z.strictObject({ hold: z.string(), about: z.string() }),
  'retention.run': z.strictObject({
    category: z.string(),
    action: z.enum(['delete', 'pseudonymise']),
    before: z.string(),
    entries: z.int(),
    held: z.int(),
    carried: z.int(),
    firstIndex: z.int().nullable(),
    lastIndex: z.int().nullable(),
    version: z.int(),
    source: z.string(),
    reason: z.string().nullable(),
  }),
  /** Records beside the trail that were over; `what` says which. */
  'retention.cleared': z.strictObject({ what: z.enum(clearedBesideTrail), rows: z.int(), before: z.string() }),
  /** A key signs the checkpoints from now on; `key` is a C2SP note key. */
  'log.key_added': z.strictObject({ key: z.string() }),
  /**
   * Lines left the house: what was asked for (a person is the counterpart), and how many lines it
   * were. `custodyDigest` covers the custody that left with them.
   */
  'trail.exported': z.strictObject({
    filter: exportFilter,
    expiredBefore: z.string().nullable(),
    entries: z.int(),
    custodyDigest: z.string(),
  }),
  'user.signed_in': z.strictObject({}),
  'user.sign_in_refused': z.strictObject({ reason: shortText }),
  'user.signed_out': z.strictObject({}),
  /** A tag was bound to the asset, or a person stands by what a bad event says: `note`. It was set aside at `since`. */
  'quarantine.adopted': z.strictObject({
    quarantine: z.string(),
    reason: shortText,
    epc: z.string().nullable(),
    since: z.string(),
    note: shortText.nullable(),
  }),
  'quarantine.rejected': z.strictObject({
    quarantine: z.string(),
    reason: shortText,
    epc: z.string().nullable(),
    because: shortText,
  }),
  'event.quarantined': z.strictObject({ stream: z.string(), seq: z.int(), reason: shortText }),
  ...ruleEventData,
} as const;

export type CloudEventKind = keyof typeof cloudEventData;
export type CloudEventData<K extends CloudEventKind> = z.infer<(typeof cloudEventData)[K]>;

export const categoryOfCloud: Readonly<Record<CloudEventKind, DataCategory>> = {
  'tenant.created': 'administration',
  'site.created': 'administration',
  'cabinet.created': 'administration',
  'cabinet.enrolment_code_issued': 'security',
  'cabinet.enrolled': 'security',
  'cabinet.enrolment_refused': 'security',
  'cabinet.revoked': 'security',
  'cabinet.command_sent': 'administration',
  'cabinet.connected': 'device',
  'cabinet.disconnected': 'device',
  'cabinet.gap_opened': 'security',
  'cabinet.gap_closed': 'security',
  'cabinet.clone_suspected': 'security',
  'asset.created': 'administration',
  'asset.updated': 'administration',
  'tag.bound': 'administration',
  'person.created': 'administration',
  'person.updated': 'administration',
  'person.left': 'administration',
  'badge.issued': 'administration',
  'badge.revoked': 'administration',
  'order.created': 'administration',
  'order.closed': 'administration',
  'rulebook.issued': 'administration',
  'custody.carried': 'custody',
  'retention.rule_set': 'administration',
  'retention.change_asked': 'administration',
  'retention.change_decided': 'administration',
  'retention.rule_dropped': 'administration',
  'hold.placed': 'administration',
  'hold.released': 'administration',
  'retention.run': 'administration',
  'retention.cleared': 'administration',
  'log.key_added': 'security',
  'trail.exported': 'administration',
  'user.signed_in': 'security',
  'user.sign_in_refused': 'security',
  'user.signed_out': 'security',
  'quarantine.adopted': 'administration',
  'quarantine.rejected': 'administration',
  'event.quarantined': 'security',
  ...categoryOfRule,
};
