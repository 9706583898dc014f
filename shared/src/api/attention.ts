import { z } from 'zod';
import { page, pageQuery, reference } from './common.js';
import { entryView } from './entry.js';

/** What happened and is over: it needs somebody until somebody says that they look after it. */
export const attentionEventKind = z.enum([
  'forbidden_take',
  'unsigned_opening',
  /** A cabinet was shown a history of the trail that does not continue the one that it has cosigned. */
  'trail_refused',
  /** Lines of a cabinet are lost, or its disk was copied or restored. */
  'journal_damaged',
  'forged_command',
]);

/** What lasts: it needs somebody until it ends, whoever looks after it. */
export const attentionStateKind = z.enum([
  'missing',
  'disputed',
  /** Until the office sets the item available again, or retires it. */
  'reported_broken',
  'reported_incomplete',
  'reported_lost',
  /** Somebody says that it is lost for good; until another one has decided. */
  'loss_asked',
  'kit_incomplete',
  'door_left_open',
  'cabinet_silent',
  'device_failed',
  'stream_gap',
  'clone_suspected',
  /** All that was set aside for one reason at one cabinet. */
  'quarantined',
]);

/** What may need somebody now. */
export const attentionKind = z.enum([...attentionEventKind.options, ...attentionStateKind.options]);
export type AttentionKind = z.infer<typeof attentionKind>;

export const attentionItem = z.strictObject({
  /** The kind and what it is about; the same as long as it is the same thing. */
  id: z.string(),
  kind: attentionKind,
  /** What happened last, for the acknowledgement: it changes when it happens again. */
  mark: z.string(),
  /** When it happened last, or since when it lasts. */
  since: z.string(),
  /** How often it has happened since somebody last acknowledged it; how much was set aside (`quarantined`). */
  times: z.int(),
  site: reference.nullable(),
  cabinet: reference.nullable(),
  asset: reference.nullable(),
  /** The line that says so; null for what is seen by its absence, or when its time is over. */
  entry: entryView.nullable(),
  /** Why it was set aside (`quarantined`), which device it is and what it has (`device_failed`). */
  reason: z.string().nullable(),
  /** Who looks after it as it stands; null while nobody does. A name whose time is over is null. */
  acknowledged: z
    .strictObject({ by: reference.nullable(), at: z.string().nullable(), note: z.string().nullable() })
    .nullable(),
});
export type AttentionItem = z.infer<typeof attentionItem>;
export const attentionPage = page(attentionItem);

export const attentionQuery = z.strictObject({
  ...pageQuery,
  /** `open`: nobody has acknowledged it. `acknowledged`: somebody has, and it lasts. */
  state: z.enum(['open', 'acknowledged']).optional(),
  kind: attentionKind.optional(),
});

/** `POST /v1/attention/acknowledgements`: "I look after it", by name. Whoever says so last looks after it. */
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
