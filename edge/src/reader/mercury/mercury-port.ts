import { AppError } from '@tagtrail/shared/error.js';
import { opcode, replyOverheadBytes, staleAfterMs } from '@tagtrail/shared/protocol/mercury/mercury-constants.js';
import {
  encodeRequest,
  type MercuryReply,
  type MercuryRequest,
} from '@tagtrail/shared/protocol/mercury/mercury-frame.js';
import { createMercuryParser } from '@tagtrail/shared/protocol/mercury/mercury-parser.js';
import { status, statusSentence } from '@tagtrail/shared/protocol/mercury/mercury-status.js';
import type { SerialLink } from '@tagtrail/shared/serial/link.js';
import type { Clock, Timer } from '@tagtrail/shared/time/clock.js';
import type { Line } from '../device-link.js';
import { type CommandState, nextCommand, noCommand } from './command-machine.js';
import type { MutableCounters } from './mercury-counters.js';

/** Commands and reports over one open link; it dies with the link. */
export interface MercuryPort {
  /**
   * Sends one command and waits for its reply, which has status 0. One at a time.
   * @throws AppError `reader.unanswered`, `reader.refused` (detail.status), `reader.restarted` or `serial.link_lost`.
   */
  command(request: MercuryRequest, timeoutMs?: number): Promise<MercuryReply>;
  /** True once any frame with a right check value came: the speed of the line is right. */
  readonly hasSpoken: boolean;
  /** True when the reader was sending reports although it was not told to. */
  readonly isStreaming: boolean;
  /** Stops listening and ends the command in flight. */
  end(): void;
}

export interface MercuryPortOptions {
  readonly link: SerialLink;
  readonly clock: Clock;
  readonly line: Line;
  readonly counters: MutableCounters;
  /** A frame with opcode 22 that nobody asked for; false when it made no sense. */
  onReport(frame: MercuryReply): boolean;
}

/** How long the reader takes at most for a usual command. */
export const commandTimeoutMs = 500;

interface InFlight {
  readonly timer: Timer;
  resolve(reply: MercuryReply): void;
  reject(error: AppError): void;
}

export function createMercuryPort({ link, clock, line, counters, onReport }: MercuryPortOptions): MercuryPort {
  let commands: CommandState = noCommand;
  let inFlight: InFlight | undefined;
  let staleTimer: Timer | undefined;
  let hasSpoken = false;
  let isStreaming = false;
  let ended = false;

  const parser = createMercuryParser({
    direction: 'reply',
    onFrame: takeFrame,
    onDiscard: (reason, bytes) => {
      counters.discardedBytes += bytes;
      line.discarded(bytes, reason);
    },
  });

  function takeFrame(frame: MercuryReply): void {
    if (ended) return;
    hasSpoken = true;
    counters.frames++;
    const step = nextCommand(commands, { kind: 'frame', op: frame.op });
    commands = step.state;
    if (step.outcome === 'restarted') {
      counters.rejected++;
      restart(frame);
      return;
    }
    // The line is proved good before anybody acts on what came over it.
    line.valid(frame.data.length + replyOverheadBytes);
    if (step.outcome === 'response') {
      counters.responses++;
      settle((waiting) => answer(waiting, frame));
    } else if (step.outcome === 'report') {
      isStreaming = true;
      if (onReport(frame)) counters.reports++;
      else counters.rejected++;
    } else {
      counters.rejected++;
    }
  }

  function restart(frame: MercuryReply): void {
    const text =
      frame.op === opcode.continuous
        ? 'The UHF reader stopped reading by itself; it is being set up again.'
        : 'The UHF reader restarted; it is being set up again.';
    // A command in flight ends with the restart, and its caller reports it.
    if (inFlight === undefined) line.restarted(text);
    else
      settle((waiting) =>
        waiting.reject(new AppError('reader.restarted', text, { kind: 'device', detail: { op: frame.op } })),
      );
  }

  function settle(how: (waiting: InFlight) => void): void {
    const waiting = inFlight;
    inFlight = undefined;
    if (waiting === undefined) return;
    waiting.timer.cancel();
    how(waiting);
  }

  function watchForStale(): void {
    staleTimer?.cancel();
    staleTimer = undefined;
    if (ended || parser.pendingBytes === 0) return;
    staleTimer = clock.startTimer('mercury.stale', staleAfterMs, () => {
      parser.flushStale();
      watchForStale();
    });
  }

  link.onData((chunk) => {
    if (ended) return;
    parser.push(chunk);
    watchForStale();
  });

  return {
    command: (request, timeoutMs = commandTimeoutMs) =>
      new Promise((resolve, reject) => {
        const step = nextCommand(commands, { kind: 'send', op: request.op });
        if (ended || step.outcome === 'busy') {
          reject(
            ended
              ? linkLost()
              : new AppError('bug.command_in_flight', 'a reader command is in flight', { kind: 'bug' }),
          );
          return;
        }
        commands = step.state;
        const timer = clock.startTimer('mercury.response', timeoutMs, () => {
          commands = nextCommand(commands, { kind: 'timeout' }).state;
          settle((waiting) => waiting.reject(unanswered(request.op)));
        });
        inFlight = { timer, resolve, reject };
        link
          .write(encodeRequest(request.op, request.data))
          .catch(() => settle((waiting) => waiting.reject(linkLost())));
      }),
    get hasSpoken() {
      return hasSpoken;
    },
    get isStreaming() {
      return isStreaming;
    },
    end: () => {
      ended = true;
      staleTimer?.cancel();
      settle((waiting) => waiting.reject(linkLost()));
    },
  };
}

function answer(waiting: InFlight, frame: MercuryReply): void {
  if (frame.status === status.ok) waiting.resolve(frame);
  else {
    waiting.reject(
      new AppError('reader.refused', statusSentence(frame.status), {
        kind: 'device',
        detail: { op: frame.op, status: frame.status },
      }),
    );
  }
}

function unanswered(op: number): AppError {
  return new AppError('reader.unanswered', 'The UHF reader does not answer: check its power and cable.', {
    kind: 'device',
    detail: { op },
  });
}

function linkLost(): AppError {
  return new AppError('serial.link_lost', 'the line to the UHF reader is closed', { kind: 'device' });
}
