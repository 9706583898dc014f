/** A cabinet that was away for longer than this brings news that nobody can act on any more. */
export const historyAfterMs = 30 * 60_000;

/** What of a line tells whether it was over before it came. */
export interface Arrival {
  readonly occurred_at: Date;
  readonly recorded_at: Date;
  /** What is known against the cabinet's clock; null for nothing. */
  readonly time_quality: string | null;
}

/**
 * Whether a line came so late that it is history: an alarm of two days ago is on record and rings nowhere.
 * With a clock in doubt nobody knows how late it is, and it counts as news.
 */
export function isHistory({ occurred_at, recorded_at, time_quality }: Arrival): boolean {
  return time_quality === null && recorded_at.getTime() - occurred_at.getTime() > historyAfterMs;
}
