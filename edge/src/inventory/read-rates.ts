/**
 * How often each tag is read when it is known to be inside: its own share of rounds. A tag that
 * lies against metal is read rarely, and its silence means less than that of a tag always read.
 */
export interface ReadRates {
  /** Chance, 0.05 to 0.99, that one round reads this tag while it is inside. */
  rateOf(epc: string): number;
  /** A settled inventory found it inside, read in `seen` of `rounds` rounds. */
  observe(epc: string, seen: number, rounds: number): void;
}

/** Before anything is known: 3 of 5 rounds (60-70 % per tag and round is common). */
const prior = { seen: 3, rounds: 5 } as const;
/** Older rounds fade once this many are known, so that a tag that was moved is learned anew. */
const memoryRounds = 100;

export function createReadRates(): ReadRates {
  const known = new Map<string, { seen: number; rounds: number }>();
  return {
    rateOf: (epc) => {
      const rate = known.get(epc) ?? { seen: 0, rounds: 0 };
      return Math.min(0.99, Math.max(0.05, (rate.seen + prior.seen) / (rate.rounds + prior.rounds)));
    },
    observe: (epc, seen, rounds) => {
      const before = known.get(epc) ?? { seen: 0, rounds: 0 };
      const fade = before.rounds > memoryRounds ? 0.5 : 1;
      known.set(epc, { seen: before.seen * fade + Math.min(seen, rounds), rounds: before.rounds * fade + rounds });
    },
  };
}
