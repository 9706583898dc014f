import type { Expectation, InventoryView } from './inventory-view.js';

/**
 * What it is worth as evidence of absence that a tag was not read. When the tags that are inside are
 * read worse than usual (a cable, a noisy neighbour), a round without a tag says less than on other
 * days: as much as the logarithms of the two miss rates.
 */
export interface Silence {
  /** Rounds of today, in rounds of a usual day; whole ones. */
  worthOf(rounds: number): number;
  readonly usualRate: number;
}

/**
 * What may be left when a person's name goes on the line: a cabinet holds some fifty tags and
 * serves some ten thousand sessions a year, so one in ten million for each tag and session.
 */
const namedDelta = 1e-7;
/** What may be left that a tag that came back was never read; only the tags that came back are at stake. */
const returnedDelta = 1e-6;
/** More than this is left of a tag that is out: nobody can say whether it came back. Tags in the open stay far below. */
const unheardDelta = 1e-3;

/** Before anything is known: 60 to 70 % of the rounds read a tag. */
const commonRate = 0.6;
/** Fewer tags than this say nothing about how well the reader reads today. */
const fewTags = 5;

export function silenceOf(view: InventoryView, expectation: Expectation): Silence {
  const usual = expectation.usualRate();
  // Rounds that asked a few alone would count those most that are read worst.
  const heard = view.sightings.filter((sighting) => expectation.inside.has(sighting.epc) && sighting.asked > 0);
  const seen = heard.reduce((sum, sighting) => sum + sighting.rounds - sighting.focusRounds, 0);
  const asked = heard.reduce((sum, sighting) => sum + sighting.asked, 0);
  // Two tags' worth of the common rate, so that few rounds promise little.
  const now = (seen + 3) / (asked + 5);
  if (usual === null) return { worthOf: (rounds) => rounds, usualRate: heard.length === 0 ? commonRate : now };
  if (heard.length < fewTags) return { worthOf: (rounds) => rounds, usualRate: usual };
  // Only what two standard errors do not explain is worse than usual.
  const atBest = Math.min(usual, now + 2 * Math.sqrt((usual * (1 - usual)) / asked));
  const worth = Math.log(1 - atBest) / Math.log(1 - usual);
  return { worthOf: (rounds) => Math.floor(rounds * worth), usualRate: usual };
}

/** Rounds that asked the tag whatever it answered before. Only these let a name be put on its absence. */
export function roundsOnItsName(epc: string, { usualRounds, focusAsked }: InventoryView): number {
  return usualRounds + (focusAsked.get(epc) ?? 0);
}

/** Whether the silence of a tag that ought to be inside has lasted so long that it is no miss. */
export function isLongEnough(epc: string, look: SilenceLook): boolean {
  const { view, silence, expectation } = look;
  const rounds = silence.worthOf(roundsOnItsName(epc, view));
  return expectation.chanceOfAtMost(epc, 0, { rounds, usualRate: silence.usualRate }) <= namedDelta;
}

export interface SilenceLook {
  readonly view: InventoryView;
  readonly silence: Silence;
  readonly expectation: Expectation;
}

/** Whether a tag that came back would have been read by now. */
export function isReturnHeard({ view, silence }: SilenceLook): boolean {
  return (1 - silence.usualRate) ** silence.worthOf(view.generalRounds) <= returnedDelta;
}

/** In how many of the rounds that asked it a tag was read. */
export interface Heard {
  readonly rounds: number;
  readonly asked: number;
}

/** Whether a tag that is out and was read so seldom, or not at all, may have come back all the same. */
export function mayBeUnheard(
  epc: string,
  heard: Heard | undefined,
  { view, silence, expectation }: SilenceLook,
): boolean {
  const rounds = silence.worthOf(heard?.asked ?? view.generalRounds);
  const { usualRate } = silence;
  return expectation.chanceOfAtMost(epc, heard?.rounds ?? 0, { rounds, usualRate }) > unheardDelta;
}
