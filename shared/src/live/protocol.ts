import { z } from 'zod';
import { type CabinetView, cabinetView } from '../api/cabinet.js';
import { type EntryView, entryView, trailMark } from '../api/entry.js';
import { type Overview, overview } from '../api/overview.js';

/**
 * The live feed over socket.io. The browser signs in by its cookie; rooms are set by the server
 * only. `watch` names the last index seen and its mark: the answer is either a stream of `entries` without a
 * hole or a `snapshot`. When too much happened, its `skipped` says how many entries were left out; when the line
 * at that index is no longer the one that the client has seen (the trail was restored), it does not `continue`.
 */
export const liveVersion = 1;
export const livePath = '/live';
/** A resume answers with at most this many entries; beyond that the client starts from a snapshot. */
export const resumeLimit = 1000;

export const watchRequest = z.strictObject({
  v: z.literal(liveVersion),
  /** The last index the client has; null for a fresh start. */
  after: z.int().min(-1).nullable(),
  /** The mark that came with `after`; without one the answer is a snapshot. */
  mark: trailMark.nullable().default(null),
});
export type WatchRequest = z.input<typeof watchRequest>;

export const liveSnapshot = z.strictObject({
  /** Everything up to and with this index is contained; -1 for an empty trail. */
  index: z.int().min(-1),
  /** The mark of the line at `index`; null where there is none. */
  mark: trailMark.nullable(),
  /** False when the client has to forget all lines and cabinets that it knew before. */
  continues: z.boolean(),
  cabinets: z.array(cabinetView),
  overview,
  /** The newest entries, newest last. */
  entries: z.array(entryView),
  /** Entries between the client's `after` and the first of `entries`; 0 on a fresh start. */
  skipped: z.int().min(0),
});
export type LiveSnapshot = z.infer<typeof liveSnapshot>;

/** Entries `from..to` of the trail, both inclusive; those that the user may not see are left out. */
export const livePatch = z.strictObject({
  from: z.int().min(0),
  to: z.int().min(0),
  /** The mark of the line at `to`; null where it is not known. */
  mark: trailMark.nullable(),
  entries: z.array(entryView),
});
export type LivePatch = z.infer<typeof livePatch>;

export interface LiveServerEvents {
  snapshot: (snapshot: LiveSnapshot) => void;
  entries: (patch: LivePatch) => void;
  /** A cabinet's state changed, or aged into stale. */
  cabinet: (cabinet: CabinetView) => void;
  overview: (overview: Overview) => void;
  /** The server is about to cut this connection. */
  ended: (reason: 'signed_out' | 'expired' | 'shutting_down') => void;
}

export interface LiveClientEvents {
  watch: (request: WatchRequest, done: (answer: { ok: true } | { ok: false; problem: string }) => void) => void;
}
export type { CabinetView, EntryView, Overview };
