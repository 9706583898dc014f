import type { PortPair } from '@tagtrail/shared/protocol/mercury/mercury-antenna-commands.js';
import { readerParam } from '@tagtrail/shared/protocol/mercury/mercury-constants.js';
import type { Gen2Select } from '@tagtrail/shared/protocol/mercury/mercury-select.js';
import { status } from '@tagtrail/shared/protocol/mercury/mercury-status.js';
import { below, pick, type Random } from '@tagtrail/shared/random/random.js';
import type { Clock, Timer } from '@tagtrail/shared/time/clock.js';
import type { Air, AirRead } from '../../field/air.js';
import type { TagFlags } from '../../field/tag-flags.js';
import { queryOf } from './air-query.js';
import type { AirTimes } from './reader-model.js';
import { isOn, type ReaderState } from './reader-state.js';

/** One tag as the module heard it in one round. */
export interface HeardTag {
  readonly epc: string;
  readonly rssiDbm: number;
  readonly count: number;
  readonly pair: PortPair;
  readonly frequencyKHz: number;
  /** Since the search began. */
  readonly timestampMs: number;
  readonly phase: number;
}

export interface AirSearchOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly air: Air;
  readonly flags: TagFlags;
  readonly times: AirTimes;
  readonly state: ReaderState;
  readonly searchMs: number;
  /** Sent in front of every inventory round. */
  readonly selects: readonly Gen2Select[];
  /** How long until the line to the host has room for another message. */
  readonly fullForMs: () => number;
  /** Behaviours over what one round heard. */
  readonly alter: (reads: readonly AirRead[], antenna: number) => readonly AirRead[];
  readonly onTag: (tag: HeardTag) => void;
  /** At most once in a search for each status. */
  readonly onProblem: (code: number) => void;
  readonly onEnd: () => void;
}

export interface AirSearch {
  /** Lets the present round end, then ends the search. */
  stop(): void;
  /** Ends at once, without `onEnd`. */
  cancel(): void;
}

/** A port is left after this time even when the search could stay longer; ports then take turns. */
const longestStayMs = 125;

interface Stay {
  /** Null: the transmitter pauses. */
  readonly pair: PortPair | null;
  readonly ms: number;
}

function staysOf(state: ReaderState, searchMs: number): readonly Stay[] {
  const pairs = state.searchList.length > 0 ? state.searchList : [state.pair];
  const shareMs = Math.max(1, Math.min(longestStayMs, Math.floor(searchMs / pairs.length)));
  const stays: Stay[] = pairs.map((pair) => ({
    pair,
    ms: state.dwells.find(({ port }) => port === pair.tx)?.dwellMs ?? shareMs,
  }));
  const pause = state.dwells.find(({ port }) => port === 0);
  return pause === undefined ? stays : [...stays, { pair: null, ms: pause.dwellMs }];
}

/**
 * One search of `searchMs` over the configured ports: on each port one inventory round, whose tags
 * come one after another in the time that the air takes, then the rest of the stay. Ports take
 * turns until the time is over. Every port is heard at least once, however many tags answer; but with
 * configured stays that are longer than the search the last ports are never reached.
 */
export function startAirSearch(options: AirSearchOptions): AirSearch {
  const { clock, random, air, times, state, searchMs } = options;
  const stays = staysOf(state, searchMs);
  const query = queryOf(state, options.selects);
  const selectsMs = options.selects.reduce((ms, { maskBits }) => ms + times.selectMs + times.selectBitMs * maskBits, 0);
  const startedAtMs = clock.monotonicMs();
  const told = new Set<number>();
  let timer: Timer | undefined;
  let stopping = false;

  const elapsedMs = (): number => clock.monotonicMs() - startedAtMs;
  const wait = (ms: number, then: () => void): void => {
    timer = clock.startTimer('uhf air', ms, then);
  };
  const tell = (code: number): void => {
    if (told.has(code)) return;
    told.add(code);
    options.onProblem(code);
  };

  const goTo = (index: number): void => {
    const stay = stays[index % stays.length] as Stay;
    const mayEnd = index >= stays.length || state.dwells.length > 0;
    if (stopping || (mayEnd && elapsedMs() >= searchMs)) {
      timer = undefined;
      options.onEnd();
      return;
    }
    const until = Math.min(clock.monotonicMs() + stay.ms, startedAtMs + searchMs);
    const leave = (): void => wait(Math.max(1, stopping ? 1 : until - clock.monotonicMs()), () => goTo(index + 1));
    if (stay.pair === null) {
      leave();
      return;
    }
    if (state.missingPorts.has(stay.pair.tx)) {
      if (isOn(state, readerParam.antennaCheck)) tell(status.antennaMissing);
      leave();
      return;
    }
    const now = clock.monotonicMs();
    const reached = options.alter(air.round(stay.pair.tx, now), stay.pair.tx);
    const reads = options.flags.answers(reached, query, now);
    const frequencyKHz = state.hopTable.length === 0 ? 0 : pick(random, state.hopTable);
    const round = { reads, pair: stay.pair, frequencyKHz, leave };
    wait(times.roundMs + selectsMs, () => hear(round, 0));
  };

  interface Round {
    readonly reads: readonly AirRead[];
    readonly pair: PortPair;
    readonly frequencyKHz: number;
    readonly leave: () => void;
  }
  const hear = (round: Round, at: number): void => {
    const read = round.reads[at];
    if (read === undefined) {
      round.leave();
      return;
    }
    wait(Math.max(times.tagMs, options.fullForMs()), () => {
      const { epc, rssiDbm, count } = read;
      const { pair, frequencyKHz } = round;
      const phase = below(random, 181);
      options.onTag({ epc, rssiDbm, count, pair, frequencyKHz, timestampMs: elapsedMs(), phase });
      if (timer !== undefined) hear(round, at + 1);
    });
  };

  // The first round begins after the answer to the command that asked for it.
  wait(0, () => goTo(0));
  return {
    stop: () => {
      stopping = true;
    },
    cancel: () => {
      timer?.cancel();
      timer = undefined;
      stopping = true;
    },
  };
}
