import type { Sighting } from './dedupe.js';

/**
 * Tells a tag inside from one that is merely heard: on a bench, in a pocket, in the cabinet next
 * door. A cabinet's walls weaken what is outside, and what is outside is read now and then.
 */
export interface StrayLimits {
  /** A read at least this strong counts as inside by itself. */
  readonly strongRssiDbm: number;
  /** Reads that a weaker tag needs. */
  readonly minReads: number;
  /** At least this sure: present. */
  readonly presentFromPct: number;
}

/** A tag weaker than the strong limit by this much says nothing by its strength. */
const fadeDb = 6;
/** A tag weaker than the strong limit by this much is outside: walls and distance have it. */
const faintDb = 15;
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
 * `minReads` a tag that is not strong keeps half of it; 15 dB under the limit it keeps nothing.
 */
export function judgeSighting(sighting: Sighting, rounds: number, limits: StrayLimits): Judged {
  const seen = rounds === 0 ? 0 : Math.min(1, sighting.rounds / rounds);
  const underDb = limits.strongRssiDbm - sighting.bestRssiDbm;
  const strength = clamp01(1 - underDb / fadeDb);
  const belief = 1 - (1 - seen) * (1 - strength * strength);
  const glimpsed = strength < 1 && sighting.reads < limits.minReads;
  const weighed = underDb > faintDb ? 0 : glimpsed ? belief / 2 : belief;
  const confidencePct = Math.floor(100 * weighed + 1e-9);
  return { sighting, standing: standingOf(confidencePct, limits), confidencePct };
}

function standingOf(confidencePct: number, limits: StrayLimits): Standing {
  if (confidencePct >= limits.presentFromPct) return 'present';
  return confidencePct >= doubtfulFromPct ? 'doubtful' : 'stray';
}

function clamp01(value: number): number {
  return Math.max(0, Math.min(1, value));
}
