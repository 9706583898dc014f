import type { TagRead } from '@tagtrail/shared/inventory/tag-read.js';
import type { Clock, Timer } from '@tagtrail/shared/time/clock.js';
import type { PresenceConfig } from '../config.js';
import type { DeviceStatus, SweepPlan } from '../reader/reader.js';
import { type ReadCounts, ReadDedupe } from './dedupe.js';
import type { InventoryView } from './inventory-view.js';
import { isSamePlan, nextPlan } from './next-plan.js';
import { type InventorySnapshot, judgeInventory, type PresenceVerdict } from './presence.js';
import { nextRound, noRounds, type RoundState } from './round.js';
import { createSweeps, type PlanReader, type Sweeps } from './sweeps.js';
import { createTagHistory } from './tag-history.js';

/** Tags that one inventory can hold; far above what a cabinet and its surroundings show. */
const tagCapacity = 4096;

/** A count that somebody doubts, or that looks for tags which are hard to read, has so many times the time. */
const longPatience = 3;

export interface InventoryListener {
  onProgress(progress: { readonly rounds: number; readonly seen: number }): void;
  onSnapshot(snapshot: InventorySnapshot): void;
}

/**
 * `hurried`: a person waits, so that a reader which can is asked for no more than the answer needs.
 * `at_ease`: every tag in every sweep, from which most is learned. `thorough`: the same for longer,
 * for a count that somebody doubts.
 */
export type CountManner = 'hurried' | 'at_ease' | 'thorough';

export interface Inventory {
  /**
   * Starts to collect; what was read before, with the door open, counts for nothing. `perhapsBack` are
   * tags that are out and may have come back unheard: the count lasts until it can say so of each.
   */
  begin(inside: ReadonlySet<string>, manner?: CountManner, perhapsBack?: ReadonlySet<string>): void;
  /** Gives up without a snapshot. */
  cancel(): void;
  onRead(read: TagRead): void;
  onRoundEnd(): void;
  onStatus(status: DeviceStatus): void;
  /** Every read ever offered, by what became of it; `idle` reads came while nothing was counted. */
  counts(): ReadCounts & { readonly idle: number };
}

export interface InventoryOptions {
  readonly config: PresenceConfig;
  readonly antennas: readonly number[];
  readonly clock: Clock;
  readonly listener: InventoryListener;
  /** True for a tag of an item that the rulebook names; every tag when left out. */
  isItem?(epc: string): boolean;
  /** A reader that can be told whom to ask; undefined when the present one cannot. */
  reader?(): PlanReader | undefined;
}

interface Collection {
  readonly inside: ReadonlySet<string>;
  readonly perhapsBack: ReadonlySet<string>;
  readonly limits: PresenceConfig;
  readonly startedAtMs: number;
  readonly overflowAtStart: number;
  readonly timer: Timer;
  readonly manner: CountManner;
  /** Undefined with a reader that always asks everybody. */
  readonly sweeps: Sweeps | undefined;
  readonly focusLimit: number;
  readonly focusAsked: Map<string, number>;
  usualRounds: number;
  generalRounds: number;
  focusRounds: number;
}

/** Collects reads into rounds until they settle, or until time is up. One snapshot for each `begin`. */
export function createInventory(options: InventoryOptions): Inventory {
  const { config, clock, listener, isItem = () => true } = options;
  const dedupe = new ReadDedupe({ capacity: tagCapacity, antennas: options.antennas });
  const history = createTagHistory();
  let rounds: RoundState = noRounds;
  let idle = 0;
  let collecting: Collection | undefined;
  let lastRoundAtMs: number | null = null;
  let usualSweepMs: number | null = null;

  const look = (timeIsUp: boolean): void => {
    if (collecting === undefined) return;
    const { inside, perhapsBack, limits } = collecting;
    const view = viewOf(collecting, timeIsUp);
    const verdict = judgeInventory(view, { inside, perhapsBack, isItem, ...history }, limits);
    if (verdict.kind === 'more') {
      changePlan(collecting, verdict);
      listener.onProgress({ rounds: view.rounds, seen: view.sightings.length });
      return;
    }
    stop();
    learn(inside, view, verdict.snapshot);
    listener.onSnapshot(verdict.snapshot);
  };

  const viewOf = (count: Collection, timeIsUp: boolean): InventoryView => {
    const { usualRounds, generalRounds, focusAsked, limits } = count;
    const overflow = dedupe.counts.overflow - count.overflowAtStart;
    // A system timer may fire a fraction of a millisecond early; time is up all the same.
    const elapsedMs = Math.max(Math.round(clock.monotonicMs() - count.startedAtMs), timeIsUp ? limits.maxMs : 0);
    const antennas = options.antennas.length;
    const asked = { usualRounds, generalRounds, focusAsked };
    return {
      rounds: generalRounds + count.focusRounds,
      ...asked,
      sightings: dedupe.sightings(),
      isReading: rounds.readerOk,
      overflow,
      elapsedMs,
      antennas,
    };
  };

  const learn = (inside: ReadonlySet<string>, view: InventoryView, snapshot: InventorySnapshot): void => {
    const { present, doubtful, complete } = snapshot;
    for (const sighting of complete ? view.sightings : []) {
      const { epc } = sighting;
      // Doubt is learned from too, or a tool in a darker place would stay in doubt for ever.
      const isInside = present.has(epc) || (doubtful.has(epc) && inside.has(epc));
      const focusAsked = view.focusAsked.get(epc) ?? 0;
      if (isInside) history.observe(sighting, { focusAsked, onEveryAntenna: view.usualRounds + focusAsked > 0 });
    }
  };

  const changePlan = (count: Collection, verdict: Extract<PresenceVerdict, { kind: 'more' }>): void => {
    const { sweeps, manner, focusAsked } = count;
    if (sweeps === undefined || sweeps.isChanging || sweeps.current === null || manner !== 'hurried') return;
    const canRest = !sweeps.cannot('rest');
    const focusLimit = sweeps.cannot('only') ? 0 : count.focusLimit;
    const next = nextPlan(verdict, { canRest, focusLimit, focusAsked, current: sweeps.current, usualSweepMs });
    if (!isSamePlan(next, sweeps.current)) sweeps.change(next);
  };

  const stop = (): void => {
    collecting?.timer.cancel();
    collecting?.sweeps?.end();
    collecting = undefined;
  };

  /** Ends a round of a plan that is known; false when it proves nothing. */
  const endRound = (count: Collection, plan: SweepPlan, counts: boolean): void => {
    const proved = counts && (plan.kind !== 'only' || plan.epcs.some((epc) => dedupe.isInThisRound(epc)));
    dedupe.endRound(proved, plan.kind, plan.kind === 'only' ? plan.epcs : []);
    if (!proved) return;
    if (plan.kind === 'usual') count.usualRounds += 1;
    if (plan.kind !== 'only') count.generalRounds += 1;
    else {
      count.focusRounds += 1;
      for (const epc of plan.epcs) count.focusAsked.set(epc, (count.focusAsked.get(epc) ?? 0) + 1);
    }
  };

  const timeSweep = (counts: boolean): void => {
    const now = clock.monotonicMs();
    const isUsual = collecting === undefined || planOf(collecting)?.kind === 'usual';
    if (counts && isUsual && lastRoundAtMs !== null) usualSweepMs = now - lastRoundAtMs;
    lastRoundAtMs = now;
  };

  return {
    begin: (inside, manner = 'at_ease', perhapsBack = none) => {
      stop();
      dedupe.clear();
      rounds = nextRound(rounds, { kind: 'collection_started' });
      const limits = limitsOf(config, manner, perhapsBack);
      const timer = clock.startTimer('inventory.time_up', limits.maxMs, () => look(true));
      const reader = options.reader?.();
      const sweeps =
        reader === undefined
          ? undefined
          : createSweeps({
              reader,
              onBegin: (_plan, anew) => {
                dedupe.endRound(false);
                lastRoundAtMs = clock.monotonicMs();
                if (anew) rounds = nextRound(rounds, { kind: 'sweep_started' });
              },
            });
      const asked = { focusAsked: new Map<string, number>(), usualRounds: 0, generalRounds: 0, focusRounds: 0 };
      const overflowAtStart = dedupe.counts.overflow;
      const focusLimit = reader?.focusLimit ?? 0;
      const startedAtMs = clock.monotonicMs();
      collecting = {
        inside,
        perhapsBack,
        limits,
        startedAtMs,
        overflowAtStart,
        timer,
        manner,
        sweeps,
        focusLimit,
        ...asked,
      };
      sweeps?.change({ kind: manner === 'hurried' ? 'rest' : 'usual' });
    },
    cancel: stop,
    onRead: (read) => {
      if (collecting === undefined || planOf(collecting) === null) idle += 1;
      else dedupe.offer(read);
    },
    onRoundEnd: () => {
      const counted = rounds.counted;
      rounds = nextRound(rounds, { kind: 'round_ended' });
      timeSweep(rounds.counted > counted);
      const plan = collecting === undefined ? null : planOf(collecting);
      if (collecting === undefined || plan === null) return;
      endRound(collecting, plan, rounds.counted > counted);
      look(false);
    },
    onStatus: (status) => {
      rounds = nextRound(rounds, { kind: 'reader_reported', status });
      const sweeps = collecting?.sweeps;
      if (sweeps === undefined) return;
      if (status !== 'ok') sweeps.lost();
      else if (sweeps.current === null && !sweeps.isChanging) sweeps.change({ kind: 'usual' });
    },
    counts: () => ({ ...dedupe.counts, idle }),
  };
}

/** Whom the reader asks just now; null while nobody knows. */
function planOf({ sweeps }: Collection): SweepPlan | null {
  return sweeps === undefined ? { kind: 'usual' } : sweeps.current;
}

function limitsOf(config: PresenceConfig, manner: CountManner, perhapsBack: ReadonlySet<string>): PresenceConfig {
  const { minRounds, extraRounds } = config;
  const maxMs = config.maxMs * longPatience;
  if (manner === 'thorough') {
    return { ...config, minRounds: minRounds * longPatience, extraRounds: extraRounds * longPatience, maxMs };
  }
  return perhapsBack.size > 0 ? { ...config, maxMs } : config;
}

const none: ReadonlySet<string> = new Set();
