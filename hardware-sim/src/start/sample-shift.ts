import { silentLog } from '@tagtrail/shared/log/log.js';
import { seededRandom } from '@tagtrail/shared/random/seeded-random.js';
import { type Clock, wallIso } from '@tagtrail/shared/time/clock.js';
import { playShift, type RunningShift, siteOfCustomer } from '../people/shift.js';
import type { RunningSystem } from './system.js';

/**
 * Sends the sample customer's people to their cabinets. Each start is another day of the same
 * customer, so the dice are forked by the time of the start.
 */
export function startShift(system: RunningSystem, { clock }: { readonly clock: Clock }): RunningShift {
  const controls = new Map(system.cabinets.map(({ key, control }) => [key, control]));
  return playShift({
    clock,
    random: seededRandom(system.customer.seed).fork(wallIso(clock)),
    site: siteOfCustomer(system.customer, controls),
    log: silentLog,
  });
}
