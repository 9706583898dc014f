import { z } from 'zod';
import { dataCategory } from '../events/trace-event.js';
import { page, pageQuery, reference } from './common.js';

/** One line of the trail as every screen, feed and export shows it. `index` is the cursor of everything. */
export const entryView = z.strictObject({
  index: z.int().min(0),
  kind: z.string(),
  category: dataCategory,
  source: z.enum(['cabinet', 'cloud']),
  /** When it happened, as the source believed. */
  time: z.string(),
  /** When the cloud committed it. */
  received_at: z.string(),
  /** Arrived more than a minute after it happened. */
  late: z.boolean(),
  /** It came so late that it is on record only: an alarm that was over long before. Absent for news. */
  history: z.literal(true).optional(),
  status: z.enum(['accepted', 'quarantined']),
  site: reference.nullable(),
  cabinet: reference.nullable(),
  /** A person at a cabinet, or a signed-in user. */
  actor: reference.nullable(),
  asset: reference.nullable(),
  /** The other person a line is about: who had taken what is now returned. */
  counterpart: reference.nullable(),
  session: z.string().nullable(),
  order: z.string().nullable(),
  /** Sequence in the cabinet's own log; null for the cloud's own entries. */
  sequence: z.int().nullable(),
  data: z.record(z.string(), z.unknown()),
});
export type EntryView = z.infer<typeof entryView>;

export const entryPage = page(entryView);

/** What tells a line of the trail from another one that has its index after a restore: 32 hexadecimal digits. */
export const trailMark = z.string().regex(/^[0-9a-f]{32}$/);

/** `GET /v1/events`: the feed, oldest first, from `after` (exclusive; -1 for the beginning). */
export const feedQuery = z.strictObject({
  after: z.coerce.number().int().min(-1).default(-1),
  /** The `next_mark` that came with `after`; with it, a trail that was restored meanwhile is noticed. */
  mark: trailMark.optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  kind: z.string().max(60).optional(),
});
export const feedPage = z.strictObject({
  data: z.array(entryView),
  /** Pass as `after` to go on; moves past entries that this user may not see. */
  next_after: z.int(),
  /** Pass as `mark` with it; null before the first line. */
  next_mark: trailMark.nullable(),
  has_more: z.boolean(),
});

/** Timelines of one asset, person, cabinet or session: newest first. */
export const timelineQuery = z.strictObject({
  ...pageQuery,
  kind: z.string().max(60).optional(),
  from: z.iso.datetime().optional(),
  to: z.iso.datetime().optional(),
});
