import { below, chance, type Random } from '@tagtrail/shared/random/random.js';
import type { AirRead } from './air.js';
import type { Tag } from './tag.js';

/** What decides how well tags are heard. Percentages are of one tag, one antenna, one inventory round. */
export interface Physics {
  /** A tag in its place, heard by the antenna nearest to it. */
  readonly readPercent: number;
  /** A tag held in front of the open door, heard through the gap. */
  readonly leakPercent: number;
  /** Largest deviation of a signal from its mean, either way. */
  readonly noiseDb: number;
}

/** Reads of 60 to 70 % per tag and round are normal in the field; several antennas add up to more. */
export const usualPhysics: Physics = { readPercent: 85, leakPercent: 3, noiseDb: 3 };

/** Chances are drawn in parts of this. */
export const chanceParts = 10_000;

/** How much of the nearest antenna's chance is left one, two, three antennas further on, in percent. */
const farther = [100, 55, 20, 6] as const;
const shadowedPercent = 20;

const nearestDbm = -50;
const dbPerAntenna = 7;
const shadowDb = 14;
const leakDbm = -76;

/** Chance that `antenna` hears `tag` in one round, in parts of `chanceParts`. */
export function readChance(tag: Tag, antenna: number, physics: Physics): number {
  if (!tag.inside) return tag.atDoor && tag.antenna === antenna ? physics.leakPercent * 100 : 0;
  const share = farther[Math.abs(tag.antenna - antenna)] ?? 0;
  const clear = physics.readPercent * share;
  return tag.shadowed ? Math.floor((clear * shadowedPercent) / 100) : clear;
}

/** The mean strength of `tag` at `antenna`. */
export function meanRssiDbm(tag: Tag, antenna: number): number {
  if (!tag.inside) return leakDbm;
  const clear = nearestDbm - dbPerAntenna * Math.abs(tag.antenna - antenna);
  return tag.shadowed ? clear - shadowDb : clear;
}

/** What `antenna` hears of `tag` in one round. Draws from `random` whether it hears it or not. */
export function readTag(tag: Tag, antenna: number, { physics, random }: { physics: Physics; random: Random }) {
  const heard = chance(random, readChance(tag, antenna, physics), chanceParts);
  const rssiDbm = noisy(random, meanRssiDbm(tag, antenna), physics.noiseDb);
  const count = 1 + below(random, tag.inside && !tag.shadowed ? 3 : 1);
  return heard ? ({ epc: tag.epc, rssiDbm, count } satisfies AirRead) : undefined;
}

/** A strength around `meanDbm`: the sum of two draws, so that small deviations are the common ones. */
export function noisy(random: Random, meanDbm: number, noiseDb: number): number {
  return meanDbm + below(random, noiseDb + 1) - below(random, noiseDb + 1);
}
