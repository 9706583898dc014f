import { opcode, readerParam, searchFlag } from '@tagtrail/shared/protocol/mercury/mercury-constants.js';
import {
  stoppedReply,
  streamStatisticsReply,
  streamStatusReply,
  streamTagReply,
} from '@tagtrail/shared/protocol/mercury/mercury-continuous-commands.js';
import type { SearchRequest } from '@tagtrail/shared/protocol/mercury/mercury-search-commands.js';
import { decodeSelects } from '@tagtrail/shared/protocol/mercury/mercury-select.js';
import { status } from '@tagtrail/shared/protocol/mercury/mercury-status.js';
import type { Clock, Timer } from '@tagtrail/shared/time/clock.js';
import type { AirSearch, AirSearchOptions, HeardTag } from './air-search.js';
import { nothing, type ReaderContext } from './answer.js';
import { statisticsOf, statusReportOf } from './module-commands.js';
import { isOn, type ReaderState } from './reader-state.js';
import { recordOf, tagKey } from './tag-buffer.js';

export interface TagStreamOptions {
  readonly clock: Clock;
  readonly context: ReaderContext;
  readonly search: SearchRequest;
  /** 0 = until stopped */
  readonly timeoutMs: number;
  readonly startSearch: (
    search: Pick<AirSearchOptions, 'searchMs' | 'selects'>,
    listen: Pick<AirSearchOptions, 'onTag' | 'onProblem' | 'onEnd'>,
  ) => AirSearch;
  readonly reply: (op: number, code: number, data: Uint8Array) => void;
  /** The stop was acknowledged. */
  readonly onEnd: () => void;
}

export interface TagStream {
  /** Tags go on arriving until the present round is over, then the stop is acknowledged. */
  stop(): void;
  /** Ends at once and says nothing. */
  cancel(): void;
}

/** A filter that remembers more tags than this starts anew. */
const filterCapacity = 4096;

/** Suppresses repeats while the read filter is on; without a time-out for as long as the stream lasts. */
function createReadFilter(clock: Clock, state: ReaderState): (tag: HeardTag) => boolean {
  const passedAtMs = new Map<string, number>();
  return (tag) => {
    if (!isOn(state, readerParam.readFilter)) return true;
    const value = state.readerParams.get(readerParam.readFilterTimeoutMs) ?? nothing;
    const timeoutMs = value.reduce((sum, byte) => (sum << 8) | byte, 0);
    const key = tagKey(tag, state);
    const last = passedAtMs.get(key);
    if (last !== undefined && (timeoutMs <= 0 || clock.monotonicMs() - last < timeoutMs)) return false;
    if (passedAtMs.size >= filterCapacity) passedAtMs.clear();
    passedAtMs.set(key, clock.monotonicMs());
    return true;
  };
}

/** Reads continuously: search after search, each closed by a frame that says whether tags were seen. */
export function startTagStream(options: TagStreamOptions): TagStream {
  const { clock, context, search, reply } = options;
  const passes = createReadFilter(clock, context.state);
  const endsAtMs = options.timeoutMs === 0 ? Number.POSITIVE_INFINITY : clock.monotonicMs() + options.timeoutMs;
  const sent = { searchMs: Math.max(1, search.timeoutMs), selects: decodeSelects(search) ?? [] };
  let running: AirSearch | undefined;
  let pause: Timer | undefined;
  let stopping = false;

  const begin = (): void => {
    pause = undefined;
    let tags = 0;
    running = options.startSearch(sent, {
      onTag: (tag) => {
        tags++;
        if (passes(tag)) reply(opcode.search, status.ok, streamTagReply(search, recordOf(tag)));
      },
      onProblem: (code) => reply(opcode.search, code, nothing),
      onEnd: () => {
        running = undefined;
        // A search that was cut short is no round.
        if (!stopping) closeRound(tags);
        if (stopping || clock.monotonicMs() >= endsAtMs) acknowledge();
        else if (search.offTimeMs === null || search.offTimeMs === 0) begin();
        else pause = clock.startTimer('uhf pause', search.offTimeMs, begin);
      },
    });
  };
  const closeRound = (tags: number): void => {
    if ((search.flags & searchFlag.statisticsStream) !== 0) {
      const statistics = statisticsOf(context, search.statisticsFlags ?? 0);
      reply(opcode.search, status.ok, streamStatisticsReply(search, statistics));
    }
    if ((search.flags & searchFlag.statusStream) !== 0) {
      const report = statusReportOf(context, search.statisticsFlags ?? 0);
      reply(opcode.search, status.ok, streamStatusReply(search, report));
    }
    reply(opcode.search, tags === 0 ? status.noTags : status.ok, nothing);
  };
  const acknowledge = (): void => {
    reply(opcode.continuous, status.ok, stoppedReply());
    options.onEnd();
  };

  begin();
  return {
    stop: () => {
      if (stopping) return;
      stopping = true;
      running?.stop();
      if (pause === undefined) return;
      pause.cancel();
      pause = undefined;
      acknowledge();
    },
    cancel: () => {
      stopping = true;
      running?.cancel();
      pause?.cancel();
    },
  };
}
