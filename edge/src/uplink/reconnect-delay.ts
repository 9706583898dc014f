import { below, type Random } from '@tagtrail/shared/random/random.js';

const times = { leastMs: 1_000, firstMostMs: 10_000, mostMs: 60_000 } as const;

/**
 * How long to wait after the connection attempt number `failures` in a row came to nothing (1 for
 * a connection that was just lost): by chance between 1 s and a bound that doubles from 10 s to
 * 60 s, so that a thousand cabinets do not return in the same second.
 */
export function reconnectDelayMs(failures: number, random: Random): number {
  const most = Math.min(times.mostMs, times.firstMostMs * 2 ** Math.min(10, Math.max(0, failures - 1)));
  return times.leastMs + below(random, most - times.leastMs + 1);
}
