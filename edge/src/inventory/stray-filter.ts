import type { Sighting } from './dedupe.js';

/**
 * Tells a tag inside from one that is merely heard: on a bench, in a hand before the closed door,
 * in the cabinet next door. A cabinet's walls weaken what is outside, and what is outside is read
 * now and then.
 */
export interface StrayLimits {
  /** A read at least this strong counts as inside by itself. */
  readonly strongRssiDbm: number;
  /** Reads that a weaker tag needs. */
  readonly minReads: number;
  /** Antennas that have to hear a weaker tag: one on the other side of a wall is heard by the nearest alone. */
  readonly minAntennas: number;
  /** At least this sure: present. */
  readonly presentFromPct: number;
  /** Rounds that a weaker tag has to stand; those not made count as not read. */
  readonly trialRounds: number;
  /** Weaker than this it is in doubt at best; null for no such limit. */
  readonly usualFloorDbm: number | null;
}

/** A tag weaker than the strong limit by this much says nothing by its strength. */
const fadeDb = 6;
/** A tag weaker than the strong limit by this much is outside: walls and distance have it. */
const faintDb = 15;
/** Weaker than halfway to the strong limit a tag that one antenna alone hears is probably behind a wall. */
const lonelyStrength = 0.5;
/** Less sure than this: a stray, of which nothing is said but its number. */
const doubtfulFromPct = 50;

export type Standing = 'present' | 'doubtful' | 'stray';

export interface Judged {
  readonly sighting: Sighting;
  readonly standing: Standing;
  /** 0 to 100: how sure it is that the tag is inside. */
  readonly confidencePct: number;
}

/**
 * How sure it is that a tag is inside after `rounds` full rounds. With `seen` = share of the rounds
 * that read it and `strength` = 0 at 6 dB under the strong limit, 1 at the limit:
 *
 *     confidence = 1 - (1 - seen) * (1 - strength^2)
 *
 * so a tag is believed when it is read strongly once, or weakly but nearly always. Under
 * `minReads` or `minAntennas` a tag that is not strong keeps half of it; 15 dB under the limit it keeps nothing.
 */
export function judgeSighting(sighting: Sighting, rounds: number, limits: StrayLimits): Judged {
  const underDb = limits.strongRssiDbm - sighting.bestRssiDbm;
  const strength = clamp01(1 - underDb / fadeDb);
  const seen = clamp01(sighting.rounds / Math.max(1, rounds, limits.trialRounds));
  const belief = 1 - (1 - seen) * (1 - strength * strength);
  const glimpsed = strength < 1 && sighting.reads < limits.minReads;
  const lonely = strength < lonelyStrength && sighting.antennas.length < limits.minAntennas;
  const weighed = underDb > faintDb ? 0 : glimpsed || lonely ? belief / 2 : belief;
  const fallen = limits.usualFloorDbm !== null && sighting.bestRssiDbm < limits.usualFloorDbm;
  const most = fallen ? limits.presentFromPct - 1 : 100;
  const confidencePct = Math.max(0, Math.min(most, Math.floor(100 * weighed + 1e-9)));
  return { sighting, standing: standingOf(confidencePct, limits), confidencePct };
}

/** True for a weak tag of which more rounds could still say either. */
export function isUndecided(judged: Judged, rounds: number, limits: StrayLimits): boolean {
  const { bestRssiDbm } = judged.sighting;
  const weak = bestRssiDbm < limits.strongRssiDbm && bestRssiDbm >= limits.strongRssiDbm - faintDb;
  return weak && rounds < limits.trialRounds && judged.sighting.rounds * 2 >= rounds;
}

function standingOf(confidencePct: number, limits: StrayLimits): Standing {
  if (confidencePct >= limits.presentFromPct) return 'present';
  return confidencePct >= doubtfulFromPct ? 'doubtful' : 'stray';
}

function clamp01(value: number): number {
  return Math.max(0, Math.min(1, value));
}
