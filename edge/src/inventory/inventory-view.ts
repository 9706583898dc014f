import type { Sighting } from './dedupe.js';

/** What the rounds of an inventory have heard so far. */
export interface InventoryView {
  /** Full rounds, whomever they asked. */
  readonly rounds: number;
  /** Of these, the ones that asked every tag on every antenna. */
  readonly usualRounds: number;
  /** Of these, the ones that heard every tag which had not answered yet: the usual ones, and those for the rest. */
  readonly generalRounds: number;
  /** How often each EPC was asked for by name. */
  readonly focusAsked: ReadonlyMap<string, number>;
  readonly sightings: readonly Sighting[];
  /** False while the reader is away: what it has not heard since may well be there. */
  readonly isReading: boolean;
  /** Reads that found no place; the picture has a hole then. */
  readonly overflow: number;
  readonly elapsedMs: number;
  /** Antennas of the cabinet. */
  readonly antennas: number;
}

/** What is known beforehand of the tags of a cabinet. */
export interface Expectation {
  /** What the book says is inside. */
  readonly inside: ReadonlySet<string>;
  /** Out, perhaps come back unheard, and to be decided by this count. */
  readonly perhapsBack: ReadonlySet<string>;
  rateOf(epc: string): number;
  /** Share of the rounds that read a tag of this cabinet; null before the first inventory. */
  usualRate(): number | null;
  /** Chance that the tag, were it inside, is read in at most `reads` of so many rounds. */
  chanceOfAtMost(epc: string, reads: number, of: { readonly rounds: number; readonly usualRate: number }): number;
  /** How strongly the tag is usually read inside; null when that is not known. */
  usualRssiDbmOf(epc: string): number | null;
  /** True for a tag of an item that the rulebook names. */
  isItem(epc: string): boolean;
  /** Every tag of which it is known how it is read inside. */
  known(): Iterable<string>;
}
