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
  /** Antennas of the cabinet. */
  readonly antennas: number;
}

export interface Expectation {
  /** What the book says is inside. */
  readonly inside: ReadonlySet<string>;
  rateOf(epc: string): number;
  /** Share of the rounds that read a tag of this cabinet; null before the first inventory. */
  usualRate(): number | null;
  /** Chance that the tag, were it inside, is missed by so many rounds in a row. */
  missChance(epc: string, rounds: number, usualRate: number): number;
  /** How strongly the tag is usually read inside; null when that is not known. */
  usualRssiDbmOf(epc: string): number | null;
  /** Every tag of which it is known how it is read inside. */
  known(): Iterable<string>;
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
  /** Not expected, not seen, and so hard to read that it may have come back all the same: a tag behind metal. */
  readonly unheard: ReadonlySet<string>;
  readonly strays: number;
  readonly rounds: number;
  readonly reads: number;
  readonly elapsedMs: number;
  /** False when the reader was away or the ring was full: nothing may be concluded from it. */
  readonly complete: boolean;
  /** The transmit power of a thorough count; left out for the usual one, and where the reader cannot change it. */
  readonly readPowerDbm?: number;
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

/**
 * What may be left when a person's name goes on the line: a cabinet holds some fifty tags and
 * serves some ten thousand sessions a year, so one in ten million for each tag and session.
 */
const namedDelta = 1e-7;
/** What may be left that a tag that came back was never read; only the tags that came back are at stake. */
const returnedDelta = 1e-6;

/** More than this is left of a tag that is out: nobody can say whether it came back. Tags in the open stay far below. */
const unheardDelta = 1e-3;

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
  const silence = silenceOf(view, expectation);
  // The first count is also what every tag's read rate is learned from.
  const learning = expectation.usualRate() === null;
  if (view.rounds < most && (learning || (1 - silence.usualRate) ** silence.rounds > returnedDelta)) return 'rounds';
  const seen = new Set(view.sightings.map((sighting) => sighting.epc));
  for (const epc of expectation.inside) {
    if (!seen.has(epc) && !isLongEnough(epc, silence, expectation)) return 'unseen';
  }
  const doubt = judged.some((one) => isInDoubt(one, look));
  return doubt && view.rounds < most ? 'doubt' : undefined;
}

/** What the rounds so far are worth as evidence of absence. */
interface Silence {
  /** In rounds of a usual day. */
  readonly rounds: number;
  readonly usualRate: number;
}

/** Before anything is known: 60 to 70 % of the rounds read a tag. */
const commonRate = 0.6;
/** Fewer tags than this say nothing about how well the reader reads today. */
const fewTags = 5;

/**
 * When the tags that are inside are read worse than usual (a cable, a noisy neighbour), a round
 * without a tag says less than on other days: as much as the logarithms of the two miss rates.
 */
function silenceOf(view: InventoryView, expectation: Expectation): Silence {
  const usual = expectation.usualRate();
  const heard = view.sightings.filter((sighting) => expectation.inside.has(sighting.epc));
  const seen = heard.reduce((sum, sighting) => sum + sighting.rounds, 0);
  // Two tags' worth of the common rate, so that few rounds promise little.
  const now = (seen + 3) / (heard.length * view.rounds + 5);
  if (usual === null) return { rounds: view.rounds, usualRate: heard.length === 0 ? commonRate : now };
  if (heard.length < fewTags) return { rounds: view.rounds, usualRate: usual };
  // Only what two standard errors do not explain is worse than usual.
  const atBest = Math.min(usual, now + 2 * Math.sqrt((usual * (1 - usual)) / (heard.length * view.rounds)));
  const worth = Math.log(1 - atBest) / Math.log(1 - usual);
  return { rounds: Math.floor(view.rounds * worth), usualRate: usual };
}

/** Whether the tag's silence has lasted so long that it is no miss. */
function isLongEnough(epc: string, silence: Silence, expectation: Expectation): boolean {
  return expectation.missChance(epc, silence.rounds, silence.usualRate) <= namedDelta;
}

function isInDoubt(one: Judged, look: Omit<Look, 'judged'>): boolean {
  const { view, expectation } = look;
  if (one.standing === 'doubtful') return true;
  if (one.standing === 'stray' && expectation.inside.has(one.sighting.epc)) return true;
  return isUndecided(one, view.rounds, limitsFor(one.sighting.epc, look));
}

function judgeAll(view: InventoryView, expectation: Expectation, config: PresenceConfig): readonly Judged[] {
  return view.sightings.map((sighting) =>
    judgeSighting(sighting, view.rounds, limitsFor(sighting.epc, { view, expectation, config })),
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
function limitsFor(epc: string, { view, expectation, config }: Omit<Look, 'judged'>): StrayLimits {
  const { strongRssiDbm, minReads, disputeBelowPct } = config;
  const common = { minReads, presentFromPct: disputeBelowPct, minAntennas: 1 };
  if (!expectation.inside.has(epc)) {
    const minAntennas = Math.min(2, view.antennas);
    const trialRounds = config.minRounds + config.extraRounds;
    return { ...common, minAntennas, strongRssiDbm, trialRounds, usualFloorDbm: null };
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
  const silence = silenceOf(view, expectation);
  for (const epc of expectation.inside) {
    if (present.has(epc) || doubtful.has(epc)) continue;
    // Time was up before the silence was long enough for this tag's read rate: not sure, whatever the figure.
    const most = isLongEnough(epc, silence, expectation) ? 100 : config.disputeBelowPct - 1;
    const confidencePct = Math.max(0, Math.min(most, absenceConfidencePct(expectation.rateOf(epc), view.rounds)));
    const evidence: Evidence = { reads: 0, rounds: view.rounds, antennas: [], bestRssiDbm: null };
    absent.set(epc, { epc, confidencePct, evidence });
  }
  const unheard = [...expectation.known()].filter((epc) => {
    if (expectation.inside.has(epc) || present.has(epc) || doubtful.has(epc)) return false;
    return expectation.missChance(epc, silence.rounds, silence.usualRate) > unheardDelta;
  });
  const complete = view.rounds >= config.minRounds && view.overflow === 0;
  const { rounds, elapsedMs } = view;
  return { present, doubtful, absent, unheard: new Set(unheard), strays, rounds, reads, elapsedMs, complete };
}

function findingOf(judged: Judged, rounds: number): Finding {
  const { epc, reads, antennas, bestRssiDbm } = judged.sighting;
  return {
    epc,
    confidencePct: judged.confidencePct,
    evidence: { reads, rounds, antennas: [...antennas], bestRssiDbm },
  };
}
