import { z } from 'zod';
import { type CabinetView, cabinetView } from '../api/cabinet.js';
import { type EntryView, entryView } from '../api/entry.js';
import { type Overview, overview } from '../api/overview.js';

/**
 * The live feed over socket.io. The browser signs in by its cookie; rooms are set by the server
 * only. `watch` names the last index seen: the answer is either a `resumed` stream without a hole
 * or, when too much happened, a `snapshot` with `skipped` saying how many entries were left out.
 */
export const liveVersion = 1;
export const livePath = '/live';
/** A resume answers with at most this many entries; beyond that the client starts from a snapshot. */
export const resumeLimit = 1000;

export const watchRequest = z.strictObject({
  v: z.literal(liveVersion),
  /** The last index the client has; null for a fresh start. */
  after: z.int().min(-1).nullable(),
});
export type WatchRequest = z.infer<typeof watchRequest>;

export const liveSnapshot = z.strictObject({
  /** Everything up to and with this index is contained; -1 for an empty trail. */
  index: z.int().min(-1),
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
