import type { Evidence } from '@tagtrail/shared/events/trace-event.js';
import type { PresenceConfig } from '../config.js';
import type { Sighting } from './dedupe.js';
import type { Expectation, InventoryView } from './inventory-view.js';
import {
  type Heard,
  isLongEnough,
  isReturnHeard,
  mayBeUnheard,
  roundsOnItsName,
  type SilenceLook,
  silenceOf,
} from './silence.js';
import { isUndecided, type Judged, judgeSighting, type StrayLimits } from './stray-filter.js';

/**
 * When the rounds of an inventory have settled, and what they say. A miss is not an absence: a tag
 * that ought to be inside and is not read gets further rounds, as many as its own read rate asks.
 */
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
  /** Not expected, hardly read or not at all, and so hard to read that it may have come back: a tag behind metal. */
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
  | {
      readonly kind: 'more';
      readonly why: 'rounds' | 'quiet' | 'unseen' | 'doubt';
      /** The tags of which it depends, by EPC, those that nobody has heard first; null as long as any tag may come. */
      readonly open: readonly string[] | null;
      /** Every tag that this count has heard. */
      readonly heard: ReadonlySet<string>;
      /** The tag that is surest inside. */
      readonly surest: string | null;
    }
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

/** How sure it is that a tag with this read rate is absent after `rounds` rounds without it, in percent. */
export function absenceConfidencePct(readRate: number, rounds: number): number {
  return Math.floor(100 * (1 - (1 - readRate) ** rounds) + 1e-9);
}

/** Looks at the rounds so far: go on, or this is what is inside. */
export function judgeInventory(view: InventoryView, expectation: Expectation, config: PresenceConfig): PresenceVerdict {
  const judged = judgeAll(view, expectation, config);
  const more = view.elapsedMs >= config.maxMs ? undefined : whyMore({ view, judged, expectation, config });
  if (more !== undefined) {
    const heard = new Set(view.sightings.map(({ epc }) => epc));
    return { kind: 'more', ...more, heard, surest: surestOf(judged, expectation) };
  }
  return { kind: 'settled', snapshot: snapshotOf(view, judged, { expectation, config }) };
}

interface Look {
  readonly view: InventoryView;
  readonly judged: readonly Judged[];
  readonly expectation: Expectation;
  readonly config: PresenceConfig;
}

type More = Pick<Extract<PresenceVerdict, { kind: 'more' }>, 'why' | 'open'>;

function whyMore(look: Look): More | undefined {
  const { view, judged, expectation, config } = look;
  if (view.rounds < config.minRounds) return { why: 'rounds', open: null };
  const believed = judged.filter((one) => one.standing !== 'stray');
  const lastNew = believed.reduce((latest, one) => Math.max(latest, one.sighting.afterRounds), 0);
  if (view.rounds - lastNew < config.quietRounds) return { why: 'quiet', open: null };
  const most = config.minRounds + config.extraRounds;
  const silence = silenceOf(view, expectation);
  // The first count is also what every tag's read rate is learned from.
  const learning = expectation.usualRate() === null;
  if (view.generalRounds < most && (learning || !isReturnHeard({ view, silence, expectation })))
    return { why: 'rounds', open: null };
  const seen = new Set(view.sightings.map((sighting) => sighting.epc));
  const unseen = [...expectation.inside].filter(
    (epc) => !seen.has(epc) && !isLongEnough(epc, { view, silence, expectation }),
  );
  const doubtful = judged
    .filter((one) => isInDoubt(one, look) && roundsOnItsName(one.sighting.epc, view) < most)
    .map(({ sighting }) => sighting.epc);
  const heard = heardTags(look);
  const found = new Set(believed.map(({ sighting }) => sighting.epc));
  const known = new Set(expectation.known());
  const undecided = [...expectation.perhapsBack].filter(
    (epc) => known.has(epc) && !found.has(epc) && mayBeUnheard(epc, heard.get(epc), { view, silence, expectation }),
  );
  const open = [...unseen, ...doubtful, ...undecided];
  if (open.length === 0) return undefined;
  return { why: unseen.length > 0 ? 'unseen' : 'doubt', open };
}

/** The strongest of the tags that belong inside and are. */
function surestOf(judged: readonly Judged[], { inside }: Expectation): string | null {
  const sure = judged.filter((one) => one.standing === 'present' && inside.has(one.sighting.epc));
  const strength = (one: Judged): number => one.sighting.bestRssiDbm;
  return (
    sure.reduce<Judged | null>((best, one) => (best === null || strength(one) > strength(best) ? one : best), null)
      ?.sighting.epc ?? null
  );
}

/** A weak tag that somebody may have brought back is asked so often on every antenna before it is called a stray. */
const asksOfStray = 4;

function isInDoubt(one: Judged, look: Omit<Look, 'judged'>): boolean {
  const { view, expectation } = look;
  const { epc } = one.sighting;
  if (one.standing === 'doubtful') return true;
  if (one.standing === 'stray' && expectation.inside.has(epc)) return true;
  const isBarelyAsked = roundsOnItsName(epc, view) < asksOfStray;
  if (one.standing === 'stray' && isBarelyAsked && expectation.isItem(epc)) return true;
  return isUndecided(one, askedOf(one.sighting, view), limitsFor(epc, look));
}

/** Rounds in which the tag could have been read. */
function askedOf({ epc, asked }: Sighting, { focusAsked }: InventoryView): number {
  return asked + (focusAsked.get(epc) ?? 0);
}

/**
 * In how many of the rounds that asked it each tag was read as from inside. What is heard so much weaker than it
 * is inside lies next door or passes by, or its nearest antenna has missed it: as if those rounds had not read it.
 */
function heardTags({ view, judged, expectation }: Omit<Look, 'config'>): ReadonlyMap<string, Heard> {
  return new Map(
    judged.map(({ sighting }) => {
      const { epc, bestRssiDbm } = sighting;
      const usual = expectation.usualRssiDbmOf(epc);
      const isFromInside = usual === null || bestRssiDbm >= usual - usualFallDb;
      return [epc, { rounds: isFromInside ? sighting.rounds : 0, asked: askedOf(sighting, view) }];
    }),
  );
}

function judgeAll(view: InventoryView, expectation: Expectation, config: PresenceConfig): readonly Judged[] {
  return view.sightings.map((sighting) =>
    judgeSighting(sighting, askedOf(sighting, view), limitsFor(sighting.epc, { view, expectation, config })),
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
  const { strongRssiDbm, minReads, disputeBelowPct: presentFromPct, minRounds, extraRounds } = config;
  if (!expectation.inside.has(epc)) {
    const minAntennas = Math.min(2, view.antennas);
    const trialRounds = minRounds + extraRounds;
    return { strongRssiDbm, minReads, minAntennas, presentFromPct, trialRounds, usualFloorDbm: null };
  }
  const usual = expectation.usualRssiDbmOf(epc);
  return {
    strongRssiDbm: usual === null ? strongRssiDbm : Math.min(strongRssiDbm, usual - usualSpreadDb),
    minReads,
    minAntennas: 1,
    presentFromPct,
    trialRounds: minRounds,
    usualFloorDbm: usual === null ? null : Math.min(strongRssiDbm, usual - usualFallDb),
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
    if (one.standing === 'present') present.set(epc, findingOf(one, view));
    else if (one.standing === 'doubtful' || expectation.inside.has(epc)) doubtful.set(epc, findingOf(one, view));
    else strays += 1;
  }
  const look: SilenceLook = { view, silence: silenceOf(view, expectation), expectation };
  for (const epc of expectation.inside) {
    if (present.has(epc) || doubtful.has(epc)) continue;
    const rounds = roundsOnItsName(epc, view);
    // Time was up before the silence was long enough for this tag's read rate: not sure, whatever the figure.
    const most = isLongEnough(epc, look) ? 100 : config.disputeBelowPct - 1;
    const confidencePct = Math.max(0, Math.min(most, absenceConfidencePct(expectation.rateOf(epc), rounds)));
    const evidence: Evidence = { reads: 0, rounds, antennas: [], bestRssiDbm: null };
    absent.set(epc, { epc, confidencePct, evidence });
  }
  const heard = heardTags({ view, judged, expectation });
  const known = new Set(expectation.known());
  const unheard = [...new Set([...known, ...expectation.perhapsBack])].filter((epc) => {
    if (expectation.inside.has(epc) || present.has(epc) || doubtful.has(epc)) return false;
    // What is known of tags ends with a restart; no silence says anything of one whose past is gone.
    return !known.has(epc) || mayBeUnheard(epc, heard.get(epc), look);
  });
  const complete = view.isReading && view.rounds >= config.minRounds && view.overflow === 0;
  const { rounds, elapsedMs } = view;
  return { present, doubtful, absent, unheard: new Set(unheard), strays, rounds, reads, elapsedMs, complete };
}

function findingOf(judged: Judged, view: InventoryView): Finding {
  const { epc, reads, antennas, bestRssiDbm } = judged.sighting;
  const rounds = askedOf(judged.sighting, view);
  return {
    epc,
    confidencePct: judged.confidencePct,
    evidence: { reads, rounds, antennas: [...antennas], bestRssiDbm },
  };
}
