import type { TagRead } from '@tagtrail/shared/inventory/tag-read.js';
import type { Clock, Timer } from '@tagtrail/shared/time/clock.js';
import type { PresenceConfig } from '../config.js';
import type { DeviceStatus } from '../reader/reader.js';
import { type ReadCounts, ReadDedupe } from './dedupe.js';
import { type InventorySnapshot, judgeInventory } from './presence.js';

import { nextRound, noRounds, type RoundState } from './round.js';
import { createTagHistory } from './tag-history.js';

/** Tags that one inventory can hold; far above what a cabinet and its surroundings show. */
const tagCapacity = 4096;

export interface InventoryListener {
  onProgress(progress: { readonly rounds: number; readonly seen: number }): void;
  onSnapshot(snapshot: InventorySnapshot): void;
}

export interface Inventory {
  /**
   * Starts to collect; what was read before, with the door open, counts for nothing. `patience`
   * multiplies the rounds and the time, for a count that somebody doubts.
   */
  begin(inside: ReadonlySet<string>, patience?: number): void;
  /** Gives up without a snapshot. */
  cancel(): void;
  onRead(read: TagRead): void;
  onRoundEnd(): void;
  onStatus(status: DeviceStatus): void;
  /** Every read ever offered, by what became of it; `idle` reads came while nothing was counted. */
  counts(): ReadCounts & { readonly idle: number };
}

/** Collects reads into rounds until they settle, or until time is up. One snapshot for each `begin`. */
export function createInventory(options: {
  readonly config: PresenceConfig;
  readonly antennas: readonly number[];
  readonly clock: Clock;
  readonly listener: InventoryListener;
}): Inventory {
  const { config, clock, listener } = options;
  const dedupe = new ReadDedupe({ capacity: tagCapacity, antennas: options.antennas });
  const history = createTagHistory();
  let rounds: RoundState = noRounds;
  let idle = 0;
  let collecting:
    | {
        inside: ReadonlySet<string>;
        limits: PresenceConfig;
        startedAtMs: number;
        overflowAtStart: number;
        timer: Timer;
      }
    | undefined;

  const look = (timeIsUp: boolean): void => {
    if (collecting === undefined) return;
    const { inside, limits, startedAtMs, overflowAtStart } = collecting;
    const sightings = dedupe.sightings();
    const overflow = dedupe.counts.overflow - overflowAtStart;
    // A system timer may fire a fraction of a millisecond early; time is up all the same.
    const elapsedMs = Math.max(Math.round(clock.monotonicMs() - startedAtMs), timeIsUp ? limits.maxMs : 0);
    const view = { rounds: rounds.counted, sightings, overflow, elapsedMs, antennas: options.antennas.length };
    const verdict = judgeInventory(view, { inside, ...history }, limits);
    if (verdict.kind === 'more') {
      listener.onProgress({ rounds: view.rounds, seen: sightings.length });
      return;
    }
    stop();
    const { present, doubtful, complete } = verdict.snapshot;
    for (const sighting of complete ? sightings : []) {
      // Doubt is learned from too, or a tool in a darker place would stay in doubt for ever.
      const isInside = present.has(sighting.epc) || (doubtful.has(sighting.epc) && inside.has(sighting.epc));
      if (isInside) history.observe(sighting, view.rounds);
    }
    listener.onSnapshot(verdict.snapshot);
  };

  const stop = (): void => {
    collecting?.timer.cancel();
    collecting = undefined;
  };

  return {
    begin: (inside, patience = 1) => {
      stop();
      dedupe.clear();
      rounds = nextRound(rounds, { kind: 'collection_started' });
      const limits = longer(config, patience);
      const timer = clock.startTimer('inventory.time_up', limits.maxMs, () => look(true));
      const overflowAtStart = dedupe.counts.overflow;
      collecting = { inside, limits, startedAtMs: clock.monotonicMs(), overflowAtStart, timer };
    },
    cancel: stop,
    onRead: (read) => {
      if (collecting === undefined) idle += 1;
      else dedupe.offer(read);
    },
    onRoundEnd: () => {
      const counted = rounds.counted;
      rounds = nextRound(rounds, { kind: 'round_ended' });
      if (collecting === undefined) return;
      dedupe.endRound(rounds.counted > counted);
      look(false);
    },
    onStatus: (status) => {
      rounds = nextRound(rounds, { kind: 'reader_reported', status });
    },
    counts: () => ({ ...dedupe.counts, idle }),
  };
}

function longer(config: PresenceConfig, patience: number): PresenceConfig {
  if (patience === 1) return config;
  const { minRounds, extraRounds, maxMs } = config;
  return { ...config, minRounds: minRounds * patience, extraRounds: extraRounds * patience, maxMs: maxMs * patience };
}
