import { z } from 'zod';
import { shortText } from '../events/fields.js';
import { dataCategory } from '../events/trace-event.js';
import { page } from './common.js';

const keepDays = z.int().min(1).max(36_500).nullable();
const action = z.enum(['delete', 'pseudonymise']);
const day = z.iso.date();

/** Where a rule comes from. `default` holds until the customer has said something. */
export const ruleSource = z.enum(['default', 'contract', 'instruction', 'law']);
/** Why something is kept for longer than usual. */
export const keepReason = z.enum(['accounting', 'statute', 'dispute', 'claim', 'contract']);
/** What a careful reader should think about before this rule holds. */
export const ruleWarning = z.enum(['security_short', 'security_long', 'review_over']);

/**
 * How long one category of data is kept, and what happens then; `keep_days: null` keeps for ever,
 * which needs a reason and a date to look again. A rule with a `site` is for the lines of that site
 * and outweighs the one without.
 */
export const retentionRule = z.strictObject({
  category: dataCategory,
  site: z.string().nullable(),
  keep_days: keepDays,
  action,
  source: ruleSource,
  reason: keepReason.nullable(),
  review_on: day.nullable(),
  /** Counts the changes of this rule; 0 for a default. */
  version: z.int(),
  warnings: z.array(ruleWarning),
  updated_at: z.string().nullable(),
});
export type RetentionRule = z.infer<typeof retentionRule>;
export const retentionRules = z.strictObject({ data: z.array(retentionRule) });

export const setRetentionRule = z.strictObject({
  keep_days: keepDays,
  action,
  site: z.string().max(80).nullable().default(null),
  source: z.enum(['contract', 'instruction', 'law']).default('instruction'),
  reason: keepReason.nullable().default(null),
  review_on: day.nullable().default(null),
});
export type SetRetentionRule = z.infer<typeof setRetentionRule>;

export const rehearsalRequest = z.strictObject({
  category: dataCategory,
  site: z.string().max(80).nullable().default(null),
  keep_days: keepDays,
  action,
});

/** What a rule would do if it ran now. */
export const rehearsal = z.strictObject({
  category: dataCategory,
  site: z.string().nullable(),
  action,
  before: z.string().nullable(),
  entries: z.int(),
  /** People whose names would go out of these lines. */
  people: z.int(),
  /** Lines that are over and that a legal hold keeps. */
  held: z.int(),
  /** Tools whose present place rests on a line that would go; it is carried on. */
  carried: z.int(),
  oldest: z.string().nullable(),
  newest: z.string().nullable(),
});
export type Rehearsal = z.infer<typeof rehearsal>;
export const rehearsals = z.strictObject({ data: z.array(rehearsal) });

/** A change that shortens a rule by more than half waits for a second administrator. */
export const retentionChange = z.strictObject({
  id: z.string(),
  category: dataCategory,
  site: z.string().nullable(),
  keep_days: keepDays,
  action,
  source: ruleSource,
  reason: keepReason.nullable(),
  review_on: day.nullable(),
  rehearsal,
  asked_by: z.strictObject({ id: z.string(), name: shortText.nullable() }),
  asked_at: z.string(),
  expires_at: z.string(),
  status: z.enum(['waiting', 'approved', 'rejected', 'withdrawn', 'expired']),
  decided_by: z.strictObject({ id: z.string(), name: shortText.nullable() }).nullable(),
  decided_at: z.string().nullable(),
});
export type RetentionChange = z.infer<typeof retentionChange>;
export const retentionChangePage = page(retentionChange);

/** Either the rule holds now, or it waits for a second person. */
export const ruleAnswer = z.strictObject({
  status: z.enum(['set', 'waiting']),
  rule: retentionRule,
  change: retentionChange.nullable(),
});
export type RuleAnswer = z.infer<typeof ruleAnswer>;

export const retentionRun = z.strictObject({
  id: z.string(),
  category: dataCategory,
  site: z.string().nullable(),
  action,
  before: z.string(),
  entries: z.int(),
  held: z.int(),
  carried: z.int(),
  version: z.int(),
  source: ruleSource,
  reason: keepReason.nullable(),
  ran_at: z.string(),
  /** The trail entry that records this run. */
  index: z.int(),
});
export type RetentionRun = z.infer<typeof retentionRun>;
export const retentionRunPage = page(retentionRun);

/** What asking for a run did: the receipts, or why nothing may be deleted. */
export const runAnswer = z.strictObject({
  data: z.array(retentionRun),
  stopped: z.array(
    z.strictObject({ category: dataCategory, site: z.string().nullable(), why: z.enum(['hold_unreadable', 'failed']) }),
  ),
});

export const retentionReceipt = z.strictObject({
  run: z.string(),
  /** C2SP signed note: the receipt as canonical JSON, signed by the key of the log. */
  note: z.string(),
  signed_at: z.string(),
});

export const holdKind = z.enum(['person', 'asset', 'order', 'site', 'period']);

/** Keeps lines whatever the rules say, until somebody releases it. */
export const legalHold = z.strictObject({
  id: z.string(),
  kind: holdKind,
  subject: z.strictObject({ id: z.string(), name: shortText.nullable() }).nullable(),
  from: z.string().nullable(),
  to: z.string().nullable(),
  reason: shortText,
  review_on: day,
  placed_by: z.strictObject({ id: z.string(), name: shortText.nullable() }),
  placed_at: z.string(),
  released_by: z.strictObject({ id: z.string(), name: shortText.nullable() }).nullable(),
  released_at: z.string().nullable(),
  release_reason: shortText.nullable(),
  /** Its date to look again is over. */
  review_over: z.boolean(),
});
export type LegalHold = z.infer<typeof legalHold>;
export const legalHoldPage = page(legalHold);

export const placeHold = z.union([
  z.strictObject({
    kind: z.enum(['person', 'asset', 'order', 'site']),
    subject: z.string().max(80),
    reason: z.string().trim().min(1).max(200),
    review_on: day,
  }),
  z.strictObject({
    kind: z.literal('period'),
    from: z.iso.datetime(),
    to: z.iso.datetime(),
    reason: z.string().trim().min(1).max(200),
    review_on: day,
  }),
]);
export type PlaceHold = z.infer<typeof placeHold>;
export const releaseHold = z.strictObject({ reason: z.string().trim().min(1).max(200) });
