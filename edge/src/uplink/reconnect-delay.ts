import { below, type Random } from '@tagtrail/shared/random/random.js';

const times = { leastMs: 1_000, firstMostMs: 10_000, mostMs: 60_000 } as const;
const freshTimes = { leastMs: 500, mostMs: 2_000, attempts: 10 } as const;

/**
 * How long to wait after the connection attempt number `failures` in a row came to nothing (1 for
 * a connection that was just lost): by chance between 1 s and a bound that grows from 10 s to
 * 60 s, so that a thousand cabinets do not return in the same second. While the agent is `fresh`,
 * without any connection since its start, the first attempts follow each other quickly.
 */
export function reconnectDelayMs(failures: number, { fresh, random }: { fresh: boolean; random: Random }): number {
  if (fresh && failures <= freshTimes.attempts) {
    return freshTimes.leastMs + below(random, freshTimes.mostMs - freshTimes.leastMs + 1);
  }
  const doublings = Math.min(10, Math.max(0, failures - 2));
  const mostMs = Math.min(times.mostMs, times.firstMostMs * 2 ** doublings);
  return times.leastMs + below(random, mostMs - times.leastMs + 1);
}
