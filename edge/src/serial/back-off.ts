import { below, type Random } from '@tagtrail/shared/random/random.js';

export const backOffLimits = { firstMs: 250, lastMs: 5000 } as const;

/**
 * How long to wait before attempt `attempt + 1` (the first failure is attempt 0): doubling from
 * 250 ms to 5 s, the upper half of it by chance so that ports of one cabinet do not march in step.
 */
export function backOffMs(attempt: number, random: Random): number {
  const full = Math.min(backOffLimits.lastMs, backOffLimits.firstMs * 2 ** Math.min(attempt, 10));
  const half = Math.ceil(full / 2);
  return half + below(random, full - half + 1);
}
