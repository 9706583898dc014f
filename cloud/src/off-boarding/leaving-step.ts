/** Where a customer that leaves stands; times are wall times. */
export interface Leaving {
  readonly status: string;
  readonly removeAtMs: number | null;
  readonly closingAtMs: number | null;
  /** Legal holds that stand. */
  readonly holds: number;
  /** Cabinets that are not cut off, and those of them that have said that they know nobody any more. */
  readonly letIn: number;
  readonly reached: number;
}

/**
 *   close     nobody signs in any more, and the cabinets are told to forget everybody
 *   cut_off   no cabinet is listened to any more
 *   remove    everything goes
 */
export type LeavingStep = 'wait' | 'close' | 'cut_off' | 'remove';

/** How long a cabinet that is away may take to forget people, and to hand over what it still has, before it is cut off. */
export const cabinetsWaitMs = 7 * 86_400_000;

/** What is due for a customer that leaves. A hold stops everything, whenever it came. */
export function leavingStep(leaving: Leaving, atMs: number): LeavingStep {
  const { status, removeAtMs, closingAtMs, holds, letIn, reached } = leaving;
  if (holds > 0 || removeAtMs === null || atMs < removeAtMs) return 'wait';
  if (status === 'agreed') return 'close';
  if (status !== 'closing' || closingAtMs === null) return 'wait';
  if (letIn === 0) return 'remove';
  return reached >= letIn || atMs >= closingAtMs + cabinetsWaitMs ? 'cut_off' : 'wait';
}
