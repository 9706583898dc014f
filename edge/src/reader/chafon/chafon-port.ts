import { AppError } from '@tagtrail/shared/error.js';
import {
  broadcastAddress,
  staleAfterMs,
  status,
  statusSentence,
} from '@tagtrail/shared/protocol/chafon/chafon-constants.js';
import { type ChafonReply, type ChafonRequest, encodeRequest } from '@tagtrail/shared/protocol/chafon/chafon-frame.js';
import { createChafonReplyParser } from '@tagtrail/shared/protocol/chafon/chafon-parser.js';
import type { SerialLink } from '@tagtrail/shared/serial/link.js';
import { type Clock, sleep } from '@tagtrail/shared/time/clock.js';
import type { Line } from '../device-link.js';
import { createReplyWait, linkLost, type Taken } from '../reply-wait.js';
import { createStaleWatch } from '../stale-watch.js';

/** What became of every frame: `frames = answers + rejected`. */
export interface ChafonCounters {
  frames: number;
  /** Answers to what was asked. */
  answers: number;
  /** Frames with a right check value that answer another command, came too late, or made no sense. */
  rejected: number;
  /** Bytes that belonged to no frame. */
  discardedBytes: number;
  reads: number;
  /** Sweeps in which every antenna was searched. */
  rounds: number;
}

export const noChafonCounts: ChafonCounters = {
  frames: 0,
  answers: 0,
  rejected: 0,
  discardedBytes: 0,
  reads: 0,
  rounds: 0,
};

/** Requests and answers over one open link; it dies with the link. */
export interface ChafonPort {
  /**
   * One request, answered by one frame with status 0.
   * @throws AppError `reader.unanswered`, `reader.refused` (detail.status) or `serial.link_lost`.
   */
  command(request: ChafonRequest, timeoutMs?: number): Promise<ChafonReply>;
  /**
   * One search, answered by any number of frames. `take` gets each of them and says whether it
   * belongs to this search. Resolves with the status of the last.
   * @throws AppError as `command`, except `reader.refused`.
   */
  search(request: ChafonRequest, timeoutMs: number, take: (reply: ChafonReply) => boolean): Promise<number>;
  end(): void;
}

export interface ChafonPortOptions {
  readonly link: SerialLink;
  readonly clock: Clock;
  readonly line: Line;
  readonly counters: ChafonCounters;
}

export const commandTimeoutMs = 400;

/** After an answer was missed, the line has to be silent for so long before the next request (protocols.md section 2.2). */
const quietMs = 100;

export function createChafonPort({ link, clock, line, counters }: ChafonPortOptions): ChafonPort {
  const wait = createReplyWait<ChafonReply>(clock);
  let quietUntil = 0;
  let ended = false;

  const parser = createChafonReplyParser({
    onFrame: (reply) => {
      if (ended) return;
      counters.frames++;
      line.valid(reply.data.length + 6);
      if (wait.offer(reply)) counters.answers++;
      else counters.rejected++;
    },
    onDiscard: (reason, bytes) => {
      if (ended) return;
      counters.discardedBytes += bytes;
      line.discarded(bytes, reason);
    },
  });
  const stale = createStaleWatch({ clock, afterMs: staleAfterMs, parser });

  link.onData((chunk) => {
    if (ended) return;
    if (clock.monotonicMs() < quietUntil) quietUntil = clock.monotonicMs() + quietMs;
    parser.push(chunk);
    stale.heard();
  });

  async function ask<Result>(
    request: ChafonRequest,
    timeoutMs: number,
    take: (reply: ChafonReply) => Taken<Result>,
  ): Promise<Result> {
    for (let left = quietUntil - clock.monotonicMs(); left > 0 && !ended; left = quietUntil - clock.monotonicMs()) {
      await sleep(clock, 'chafon.quiet', left);
    }
    if (ended) throw linkLost();
    try {
      return await wait.ask<Result>({
        timeoutMs,
        write: () => link.write(encodeRequest({ address: broadcastAddress, ...request })),
        take: (reply) => (reply.command === request.command ? take(reply) : { kind: 'foreign' }),
      });
    } catch (error) {
      quietUntil = clock.monotonicMs() + quietMs;
      throw error;
    }
  }

  return {
    command: (request, timeoutMs = commandTimeoutMs) =>
      ask(request, timeoutMs, (reply) =>
        reply.status === status.ok ? { kind: 'done', result: reply } : { kind: 'failed', error: refusal(reply) },
      ),
    search: (request, timeoutMs, take) =>
      ask(request, timeoutMs, (reply) => {
        if (!take(reply)) return { kind: 'foreign' };
        return reply.status === status.moreFrames ? { kind: 'more' } : { kind: 'done', result: reply.status };
      }),
    end: () => {
      if (ended) return;
      ended = true;
      stale.stop();
      wait.interrupt(linkLost());
    },
  };
}

function refusal(reply: ChafonReply): AppError {
  return new AppError('reader.refused', statusSentence(reply.status), {
    kind: 'device',
    detail: { command: reply.command, status: reply.status },
  });
}
