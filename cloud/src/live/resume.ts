import { resumeLimit } from '@tagtrail/shared/live/protocol.js';

/** How many of the newest entries a snapshot shows. */
export const snapshotEntries = 100;

/** True when `after` is too far behind `head` to be answered with patches. */
export function needsSnapshot(after: number, head: number): boolean {
  return head - after > resumeLimit;
}

/** How many entries a snapshot that begins with `first` leaves out behind `after`. */
export function skippedBefore(
  first: { readonly index: number } | undefined,
  after: number | null,
  head: number,
): number {
  if (after === null) return 0;
  return Math.max(0, (first?.index ?? head + 1) - after - 1);
}
