import type { Evidence } from '@tagtrail/shared/events/trace-event.js';
import type { PresenceConfig } from '../config.js';
import type { Sighting } from './dedupe.js';
import { isUndecided, type Judged, judgeSighting, type StrayLimits } from './stray-filter.js';

/**
 * When the rounds of an inventory have settled, and what they say. A miss is not an absence: a tag
 * that ought to be inside and is not read gets further rounds, as many as its own read rate asks.
 */
export interface InventoryView {
  readonly rounds: number;
  readonly sightings: readonly Sighting[];
  /** Reads that found no place; the picture has a hole then. */
  readonly overflow: number;
  readonly elapsedMs: number;
}

export interface Expectation {
  /** What the book says is inside. */
  readonly inside: ReadonlySet<string>;
  rateOf(epc: string): number;
  /** How strongly the tag is usually read inside; null when that is not known. */
  usualRssiDbmOf(epc: string): number | null;
}

/** What an inventory says about one tag. */
export interface Finding {
  readonly epc: string;
  /** How sure it is that the tag is inside; for an absent tag, that it is not. */
  readonly confidencePct: number;
  readonly evidence: Evidence;
}

export interface InventorySnapshot {
  readonly present: ReadonlyMap<string, Finding>;
  readonly doubtful: ReadonlyMap<string, Finding>;
  /** Expected inside and never read. */
  readonly absent: ReadonlyMap<string, Finding>;
  readonly strays: number;
  readonly rounds: number;
  readonly reads: number;
  readonly elapsedMs: number;
  /** False when the reader was away or the ring was full: nothing may be concluded from it. */
  readonly complete: boolean;
}

export type PresenceVerdict =
  | { readonly kind: 'more'; readonly why: 'rounds' | 'quiet' | 'unseen' | 'doubt' }
  | { readonly kind: 'settled'; readonly snapshot: InventorySnapshot };

/** The chance that is left that a tag is inside although no round read it. */
const delta = 0.01;

/**
 * Rounds after which a tag with this read rate is believed to be absent: ceil(ln(1/delta)/p)
 * (SMURF, Jeffery et al., VLDB 2006).
 */
export function roundsForRate(readRate: number, chanceLeft = delta): number {
  return Math.ceil(Math.log(1 / chanceLeft) / readRate);
}

/** What may be left when a person's name goes on the line: one in a hundred thousand, were the misses independent. */
const namedDelta = 0.00001;

/** Rounds without a tag before it may count as taken: by the window above, and by (1-p)^n where that asks for more. */
export function roundsToBelieveAbsent(readRate: number): number {
  return Math.max(roundsForRate(readRate), Math.ceil(Math.log(namedDelta) / Math.log(1 - readRate)));
}

/** How sure it is that a tag with this read rate is absent after `rounds` rounds without it, in percent. */
export function absenceConfidencePct(readRate: number, rounds: number): number {
  return Math.floor(100 * (1 - (1 - readRate) ** rounds) + 1e-9);
}

/** Looks at the rounds so far: go on, or this is what is inside. */
export function judgeInventory(view: InventoryView, expectation: Expectation, config: PresenceConfig): PresenceVerdict {
  const judged = judgeAll(view, expectation, config);
  const why = view.elapsedMs >= config.maxMs ? undefined : whyMore({ view, judged, expectation, config });
  if (why !== undefined) return { kind: 'more', why };
  return { kind: 'settled', snapshot: snapshotOf(view, judged, { expectation, config }) };
}

interface Look {
  readonly view: InventoryView;
  readonly judged: readonly Judged[];
  readonly expectation: Expectation;
  readonly config: PresenceConfig;
}

function whyMore(look: Look): 'rounds' | 'quiet' | 'unseen' | 'doubt' | undefined {
  const { view, judged, expectation, config } = look;
  if (view.rounds < config.minRounds) return 'rounds';
  const believed = judged.filter((one) => one.standing !== 'stray');
  const lastNew = believed.reduce((latest, one) => Math.max(latest, one.sighting.afterRounds), 0);
  if (view.rounds - lastNew < config.quietRounds) return 'quiet';
  const most = config.minRounds + config.extraRounds;
  const seen = new Set(view.sightings.map((sighting) => sighting.epc));
  for (const epc of expectation.inside) {
    if (!seen.has(epc) && view.rounds < Math.min(most, roundsToBelieveAbsent(expectation.rateOf(epc)))) return 'unseen';
  }
  const doubt = judged.some((one) => isInDoubt(one, look));
  return doubt && view.rounds < most ? 'doubt' : undefined;
}

function isInDoubt(one: Judged, { view, expectation, config }: Look): boolean {
  if (one.standing === 'doubtful') return true;
  if (one.standing === 'stray' && expectation.inside.has(one.sighting.epc)) return true;
  return isUndecided(one, view.rounds, limitsFor(one.sighting.epc, expectation, config));
}

function judgeAll(view: InventoryView, expectation: Expectation, config: PresenceConfig): readonly Judged[] {
  return view.sightings.map((sighting) =>
    judgeSighting(sighting, view.rounds, limitsFor(sighting.epc, expectation, config)),
  );
}

/** A tag may be this much weaker than usual and still count as strong. */
const usualSpreadDb = 6;
/** Weaker than usual by more than this, and weak at that: perhaps it is in a hand before the door. */
const usualFallDb = 12;

/**
 * A tag that belongs inside is measured by what it usually is; any other has to stand every round,
 * because a tag next door is read often enough to look like one inside for a few of them.
 */
function limitsFor(epc: string, expectation: Expectation, config: PresenceConfig): StrayLimits {
  const { strongRssiDbm, minReads, disputeBelowPct } = config;
  const common = { minReads, presentFromPct: disputeBelowPct };
  if (!expectation.inside.has(epc)) {
    return { ...common, strongRssiDbm, trialRounds: config.minRounds + config.extraRounds, usualFloorDbm: null };
  }
  const usual = expectation.usualRssiDbmOf(epc);
  if (usual === null) return { ...common, strongRssiDbm, trialRounds: 0, usualFloorDbm: null };
  return {
    ...common,
    strongRssiDbm: Math.min(strongRssiDbm, usual - usualSpreadDb),
    trialRounds: 0,
    usualFloorDbm: Math.min(strongRssiDbm, usual - usualFallDb),
  };
}

function snapshotOf(
  view: InventoryView,
  judged: readonly Judged[],
  basis: { readonly expectation: Expectation; readonly config: PresenceConfig },
): InventorySnapshot {
  const { expectation, config } = basis;
  const present = new Map<string, Finding>();
  const doubtful = new Map<string, Finding>();
  const absent = new Map<string, Finding>();
  let strays = 0;
  let reads = 0;
  for (const one of judged) {
    const { epc } = one.sighting;
    reads += one.sighting.reads;
    // A tag that belongs inside and is glimpsed is in doubt, never a stray: its silence may be a miss.
    if (one.standing === 'present') present.set(epc, findingOf(one, view.rounds));
    else if (one.standing === 'doubtful' || expectation.inside.has(epc)) doubtful.set(epc, findingOf(one, view.rounds));
    else strays += 1;
  }
  for (const epc of expectation.inside) {
    if (present.has(epc) || doubtful.has(epc)) continue;
    const confidencePct = absenceConfidencePct(expectation.rateOf(epc), view.rounds);
    const evidence: Evidence = { reads: 0, rounds: view.rounds, antennas: [], bestRssiDbm: null };
    absent.set(epc, { epc, confidencePct, evidence });
  }
  const complete = view.rounds >= config.minRounds && view.overflow === 0;
  return { present, doubtful, absent, strays, rounds: view.rounds, reads, elapsedMs: view.elapsedMs, complete };
}

function findingOf(judged: Judged, rounds: number): Finding {
  const { epc, reads, antennas, bestRssiDbm } = judged.sighting;
  return {
    epc,
    confidencePct: judged.confidencePct,
    evidence: { reads, rounds, antennas: [...antennas], bestRssiDbm },
  };
}
