import { z } from 'zod';
import { page, pageQuery, reference } from './common.js';
import { entryView } from './entry.js';

/** What may need somebody now. Those that are a state end with it; those that are an event, with somebody's word. */
export const attentionKind = z.enum([
  'missing',
  'disputed',
  'forbidden_take',
  'unsigned_opening',
  'door_left_open',
  'reported_broken',
  'reported_incomplete',
  'reported_lost',
  'kit_incomplete',
  'trail_refused',
  'quarantined',
  'cabinet_silent',
]);
export type AttentionKind = z.infer<typeof attentionKind>;

export const attentionItem = z.strictObject({
  /** The kind and what it is about; the same as long as it is the same thing. */
  id: z.string(),
  kind: attentionKind,
  /** What happened last, for the acknowledgement: it changes when it happens again. */
  mark: z.string(),
  /** When it happened last, or since when it lasts. */
  since: z.string(),
  /** How often it has happened since somebody last acknowledged it. */
  times: z.int(),
  site: reference.nullable(),
  cabinet: reference.nullable(),
  asset: reference.nullable(),
  /** The line that says so; null for what is seen by its absence, or when its time is over. */
  entry: entryView.nullable(),
  /** Why it was set aside (`quarantined`). */
  reason: z.string().nullable(),
  /** Who looks after what happened last; null while nobody does. */
  acknowledged: z.strictObject({ by: reference, at: z.string(), note: z.string().nullable() }).nullable(),
});
export type AttentionItem = z.infer<typeof attentionItem>;
export const attentionPage = page(attentionItem);

export const attentionQuery = z.strictObject({
  ...pageQuery,
  /** `open`: nobody has acknowledged it. `acknowledged`: somebody has, and it lasts. */
  state: z.enum(['open', 'acknowledged']).optional(),
  kind: attentionKind.optional(),
});

/** `POST /v1/attention/acknowledgements`: "I look after it", by name. */
export const acknowledgeAttention = z.strictObject({
  id: z.string().max(120),
  /** As shown: what has happened since is not acknowledged with it. */
  mark: z.string().max(80),
  note: z.string().trim().min(1).max(200).nullable().default(null),
});

/** Part of the overview: how much nobody looks after yet, and how much somebody does. */
export const attentionFigures = z.strictObject({
  open: z.int(),
  acknowledged: z.int(),
  /** The open ones by kind; kinds without any are left out. */
  by_kind: z.partialRecord(attentionKind, z.int()),
});
export type AttentionFigures = z.infer<typeof attentionFigures>;
