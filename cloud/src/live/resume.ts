import { resumeLimit } from '@tagtrail/shared/live/protocol.js';

/** How many of the newest entries a snapshot shows. */
export const snapshotEntries = 100;

/** True when `after` is too far behind `head`, or not of this trail, to be answered with patches. */
export function needsSnapshot(after: number | null, head: number): boolean {
  return after === null || after > head || head - after > resumeLimit;
}

/** How many entries a snapshot that begins with `first` leaves out behind `after`. */
export function skippedBefore(
  first: { readonly index: number } | undefined,
  after: number | null,
  head: number,
): number {
  if (after === null || after > head) return 0;
  return Math.max(0, (first?.index ?? head + 1) - after - 1);
}
