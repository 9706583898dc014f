import type { Sighting } from './dedupe.js';

/**
 * What each tag is like while it is inside: how many of the rounds read it, and how strongly. A
 * tag that lies against metal is read rarely and weakly, and its silence means less than that of a
 * tag always read; a tag that is suddenly much weaker than ever may be outside the closed door.
 */
export interface TagHistory {
  /** Chance, 0.05 to 0.99, that one round reads this tag while it is inside. */
  rateOf(epc: string): number;
  /** Its usual best RSSI of an inventory; null before the first. */
  usualRssiDbmOf(epc: string): number | null;
  /** A settled inventory of `rounds` rounds found it inside. */
  observe(sighting: Sighting, rounds: number): void;
}

interface Known {
  readonly seen: number;
  readonly rounds: number;
  readonly rssiDbm: number;
}

/** Before anything is known: 3 of 5 rounds (60-70 % per tag and round is common). */
const prior = { seen: 3, rounds: 5 } as const;
/** Older rounds fade once this many are known, so that a tag that was moved is learned anew. */
const memoryRounds = 100;
/** Share of the newest inventory in the usual RSSI. */
const newestShare = 0.2;

export function createTagHistory(): TagHistory {
  const known = new Map<string, Known>();
  return {
    rateOf: (epc) => {
      const rate = known.get(epc) ?? { seen: 0, rounds: 0 };
      return Math.min(0.99, Math.max(0.05, (rate.seen + prior.seen) / (rate.rounds + prior.rounds)));
    },
    usualRssiDbmOf: (epc) => known.get(epc)?.rssiDbm ?? null,
    observe: (sighting, rounds) => {
      const { epc, bestRssiDbm } = sighting;
      const before = known.get(epc) ?? { seen: 0, rounds: 0, rssiDbm: bestRssiDbm };
      const fade = before.rounds > memoryRounds ? 0.5 : 1;
      known.set(epc, {
        seen: before.seen * fade + Math.min(sighting.rounds, rounds),
        rounds: before.rounds * fade + rounds,
        rssiDbm: before.rssiDbm + newestShare * (bestRssiDbm - before.rssiDbm),
      });
    },
  };
}
