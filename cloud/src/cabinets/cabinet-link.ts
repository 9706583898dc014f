import { stateTimes } from '@tagtrail/shared/mqtt/messages.js';

export type CabinetLink = 'online' | 'stale' | 'offline' | 'never';

export interface Heard {
  readonly online: boolean;
  readonly lastSeenAtMs: number | null;
}

/** What is known of a cabinet's connection at the wall time `atMs`. */
export function cabinetLink(heard: Heard, atMs: number): CabinetLink {
  if (heard.lastSeenAtMs === null) return 'never';
  if (!heard.online) return 'offline';
  return atMs - heard.lastSeenAtMs > stateTimes.staleAfterMs ? 'stale' : 'online';
}

export interface Reported extends Heard {
  /** Events that waited in the cabinet when it was last heard of; null when it never said. */
  readonly pending: number | null;
  readonly oldestPendingAtMs: number | null;
}

/** True when everything that happened at the cabinet so far has arrived. */
export function hasReported(reported: Reported, atMs: number): boolean {
  return cabinetLink(reported, atMs) === 'online' && (reported.pending ?? 0) === 0;
}

/** Up to when the cabinet's trail is complete; null when it has never been heard of. */
export function completeUntilMs(reported: Reported, atMs: number): number | null {
  if (reported.lastSeenAtMs === null) return null;
  if (hasReported(reported, atMs)) return atMs;
  if ((reported.pending ?? 0) > 0 && reported.oldestPendingAtMs !== null) {
    return Math.min(reported.oldestPendingAtMs, reported.lastSeenAtMs);
  }
  return reported.lastSeenAtMs;
}
