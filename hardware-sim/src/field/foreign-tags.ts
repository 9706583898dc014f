import { toHex } from '@tagtrail/shared/bytes/hex.js';
import { below, chance, pick, type Random, randomBytes } from '@tagtrail/shared/random/random.js';
import type { AirRead } from './air.js';
import { noisy } from './read-chance.js';

/** Tags that belong to nobody here: 96-bit EPCs as cheap tags leave the factory (E280...). */
export function foreignEpcs(random: Random, count: number): readonly string[] {
  return Array.from({ length: count }, () => `E280${toHex(randomBytes(random, 10))}`);
}

/**
 * Tags that pass by: over one sweep of all antennas `perSweep` of them are heard on average, each
 * once and weakly.
 */
export function strayReads(epcs: readonly string[], random: Random, { perSweep, antennas }: Strays): AirRead[] {
  const reads: AirRead[] = [];
  for (let i = 0; i < perSweep; i++) {
    const heard = chance(random, 1, antennas);
    const epc = pick(random, epcs);
    const rssiDbm = noisy(random, -77, 4);
    if (heard) reads.push({ epc, rssiDbm, count: 1 });
  }
  return reads;
}

export interface Strays {
  readonly perSweep: number;
  readonly antennas: number;
}

/** A cabinet on the other side of the wall: its tags are heard now and then, weakly, by one antenna. */
export function neighbourReads(epcs: readonly string[], random: Random, readPercent: number): AirRead[] {
  const reads: AirRead[] = [];
  for (const epc of epcs) {
    const heard = chance(random, readPercent, 100);
    const rssiDbm = noisy(random, -73, 4);
    const count = 1 + below(random, 2);
    if (heard) reads.push({ epc, rssiDbm, count });
  }
  return reads;
}
