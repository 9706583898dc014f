import { below, type Random } from '@tagtrail/shared/random/random.js';

/** One person at one cabinet, at a time since the beginning of the peak. */
export interface Visit {
  readonly cabinet: number;
  readonly person: number;
  readonly atMs: number;
  readonly openForMs: number;
  readonly countForMs: number;
}

export interface FleetPlanOptions {
  readonly cabinets: number;
  readonly people: number;
  /** How often each cabinet is used. */
  readonly visits: number;
  readonly durationMs: number;
  /** Everybody comes around the middle, as at a change of shift; evenly otherwise. */
  readonly peak: boolean;
  readonly random: Random;
}

/** Longest time that a visit takes after its badge. */
const longestVisitMs = 6_000;

/** Who comes when. At one cabinet people queue: a visit begins after the one before has ended. */
export function planFleet(options: FleetPlanOptions): readonly Visit[] {
  const { cabinets, people, visits, durationMs, peak, random } = options;
  const spanMs = Math.max(1, durationMs - longestVisitMs);
  const all: Visit[] = [];
  for (let cabinet = 0; cabinet < cabinets; cabinet++) {
    const dice = random.fork(`cabinet/${cabinet}`);
    // The mean of two dice gathers around the middle.
    const draw = (): number =>
      peak ? Math.floor((below(dice, spanMs) + below(dice, spanMs)) / 2) : below(dice, spanMs);
    const times = Array.from({ length: visits }, draw).sort((a, b) => a - b);
    let freeMs = 0;
    for (const wishedMs of times) {
      const atMs = Math.max(wishedMs, freeMs);
      const openForMs = 800 + below(dice, 2_200);
      const countForMs = 900 + below(dice, 1_600);
      all.push({ cabinet, person: below(dice, people), atMs, openForMs, countForMs });
      freeMs = atMs + openForMs + countForMs + 200;
    }
  }
  return all.sort((a, b) => a.atMs - b.atMs);
}
