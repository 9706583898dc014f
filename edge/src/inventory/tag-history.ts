import type { Sighting } from './dedupe.js';

/**
 * What each tag is like while it is inside: how many of the rounds read it, and how strongly. A
 * tag that lies against metal is read rarely and weakly, and its silence means less than that of a
 * tag always read; a tag that is suddenly much weaker than ever may be outside the closed door.
 */
export interface TagHistory {
  /** Chance, 0.05 to 0.99, that one round reads this tag while it is inside. */
  rateOf(epc: string): number;
  /** Share of the rounds that read a tag, over all that were found inside; null before the first inventory. */
  usualRate(): number | null;
  /**
   * Chance that the tag, were it inside, is read in at most `reads` of `rounds` rounds, in a cabinet
   * whose tags are read in `usualRate` of the rounds.
   */
  chanceOfAtMost(epc: string, reads: number, of: { readonly rounds: number; readonly usualRate: number }): number;
  /** Its usual best RSSI of an inventory; null before the first. */
  usualRssiDbmOf(epc: string): number | null;
  /** Every tag that was found inside since the start. */
  known(): Iterable<string>;
  /**
   * A settled inventory found it inside, in which it was asked for by name `focusAsked` times.
   * `onEveryAntenna` false: it fell silent after its first answer, which says little of its strength.
   */
  observe(sighting: Sighting, how: { readonly focusAsked: number; readonly onEveryAntenna: boolean }): void;
}

interface Known {
  readonly seen: number;
  readonly rounds: number;
  /** Null until it was heard on every antenna that reaches it. */
  readonly rssiDbm: number | null;
}

/** Before anything is known: 3 of 5 rounds (60-70 % per tag and round is common). */
const prior = { seen: 3, rounds: 5 } as const;
/** Older rounds fade once this many are known, so that a tag that was moved is learned anew. */
const memoryRounds = 100;
/** What is usual in this cabinet counts for each tag as this many rounds of its own do. */
const usualRounds = 12;
/** Share of the newest inventory in the usual RSSI. */
const newestShare = 0.2;

export function createTagHistory(): TagHistory {
  const known = new Map<string, Known>();
  let all: Pick<Known, 'seen' | 'rounds'> = { seen: 0, rounds: 0 };
  return {
    usualRate: () => (all.rounds === 0 ? null : (all.seen + prior.seen) / (all.rounds + prior.rounds)),
    chanceOfAtMost: (epc, reads, of) => chanceOfAtMost(known.get(epc), reads, of),
    rateOf: (epc) => {
      const rate = known.get(epc) ?? { seen: 0, rounds: 0 };
      return Math.min(0.99, Math.max(0.05, (rate.seen + prior.seen) / (rate.rounds + prior.rounds)));
    },
    known: () => known.keys(),
    usualRssiDbmOf: (epc) => known.get(epc)?.rssiDbm ?? null,
    observe: (sighting, { focusAsked, onEveryAntenna }) => {
      const { epc, bestRssiDbm, asked, focusRounds } = sighting;
      const before = known.get(epc) ?? { seen: 0, rounds: 0, rssiDbm: null };
      const fade = before.rounds > memoryRounds ? 0.5 : 1;
      // Rounds that ask a few alone ask those most that are read worst.
      all = { seen: all.seen + sighting.rounds - focusRounds, rounds: all.rounds + asked };
      const usual = before.rssiDbm ?? bestRssiDbm;
      known.set(epc, {
        seen: before.seen * fade + sighting.rounds,
        rounds: before.rounds * fade + asked + focusAsked,
        rssiDbm: onEveryAntenna ? usual + newestShare * (bestRssiDbm - usual) : before.rssiDbm,
      });
    },
  };
}

/**
 * The chance of so few reads when the tag's read rate is known only from `seen` of so many rounds:
 * the beta-binomial prediction, in which a rate that was watched for a few rounds promises less than
 * the same rate watched for long. A tag that was never read is like the others.
 */
function chanceOfAtMost(
  record: Known | undefined,
  reads: number,
  { rounds, usualRate }: { readonly rounds: number; readonly usualRate: number },
): number {
  if (reads >= rounds) return 1;
  // Where nothing is known of the tag itself the rate stands firm, and no round changes it.
  const learned = record === undefined ? 0 : 1;
  const common = record === undefined ? 1 : usualRounds;
  const read = (record?.seen ?? 0) + common * usualRate;
  const total = (record?.rounds ?? 0) + common;
  const missed = total - read;
  let exactly = 1;
  for (let round = 0; round < rounds; round++) exactly *= (missed + learned * round) / (total + learned * round);
  let atMost = exactly;
  for (let k = 1; k <= reads; k++) {
    const more = (read + learned * (k - 1)) / (missed + learned * (rounds - k));
    exactly *= ((rounds - k + 1) / k) * more;
    atMost += exactly;
  }
  return Math.min(1, atMost);
}
