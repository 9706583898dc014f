import { AppError } from '@tagtrail/shared/error.js';
import { decodeErrorReply, decodeReport, type InventoryReport } from '@tagtrail/shared/protocol/m100/m100-commands.js';
import {
  command,
  errorCode,
  errorSentence,
  frameType,
  overheadBytes,
  staleAfterMs,
} from '@tagtrail/shared/protocol/m100/m100-constants.js';
import { encodeRequest, type M100Frame, type M100Request } from '@tagtrail/shared/protocol/m100/m100-frame.js';
import { createM100Parser } from '@tagtrail/shared/protocol/m100/m100-parser.js';
import type { SerialLink } from '@tagtrail/shared/serial/link.js';
import type { Clock } from '@tagtrail/shared/time/clock.js';
import type { Line } from '../device-link.js';
import { createReplyWait, linkLost } from '../reply-wait.js';
import { createStaleWatch } from '../stale-watch.js';

/** What became of every frame: `frames = answers + reports + rejected`. */
export interface M100Counters {
  frames: number;
  /** Answers to commands. */
  answers: number;
  /** Tags, empty rounds and problems that the module sent while reading. */
  reports: number;
  /** Frames with a right sum that made no sense or that nobody waited for. */
  rejected: number;
  /** Bytes that belonged to no frame. */
  discardedBytes: number;
  reads: number;
  /** Spans of reading without a problem. */
  rounds: number;
}

export const noM100Counts: M100Counters = {
  frames: 0,
  answers: 0,
  reports: 0,
  rejected: 0,
  discardedBytes: 0,
  reads: 0,
  rounds: 0,
};

/** Commands and reports over one open link; it dies with the link. */
export interface M100Port {
  /**
   * Sends one command and waits for its answer. One at a time.
   * @throws AppError `reader.unanswered`, `reader.refused` (detail.code) or `serial.link_lost`.
   */
  command(request: M100Request, timeoutMs?: number): Promise<Uint8Array>;
  /** Sends a command that has no answer of its own. @throws AppError `serial.link_lost`. */
  send(request: M100Request): Promise<void>;
  /** True when the module was reading although it was not told to. */
  readonly isReading: boolean;
  end(): void;
}

export interface M100PortOptions {
  readonly link: SerialLink;
  readonly clock: Clock;
  readonly line: Line;
  readonly counters: M100Counters;
  /** False when the report made no sense. */
  onReport(report: InventoryReport): boolean;
}

export const commandTimeoutMs = 400;

export function createM100Port({ link, clock, line, counters, onReport }: M100PortOptions): M100Port {
  const wait = createReplyWait<M100Frame>(clock);
  let isReading = false;
  let ended = false;

  const parser = createM100Parser({
    direction: 'reply',
    onFrame: (frame) => {
      if (ended) return;
      counters.frames++;
      line.valid(frame.params.length + overheadBytes);
      if (wait.offer(frame)) counters.answers++;
      else if (takeReport(frame)) counters.reports++;
      else counters.rejected++;
    },
    onDiscard: (reason, bytes) => {
      if (ended) return;
      counters.discardedBytes += bytes;
      line.discarded(bytes, reason);
    },
  });
  const stale = createStaleWatch({ clock, afterMs: staleAfterMs, parser });

  function takeReport(frame: M100Frame): boolean {
    const report = decodeReport(frame);
    if (report === null) return false;
    isReading = true;
    return onReport(report);
  }

  link.onData((chunk) => {
    if (ended) return;
    parser.push(chunk);
    stale.heard();
  });

  return {
    command: async (request, timeoutMs = commandTimeoutMs) => {
      if (ended) throw linkLost();
      return wait.ask<Uint8Array>({
        timeoutMs,
        write: () => link.write(encodeRequest(request)),
        take: (frame) => {
          if (frame.type !== frameType.reply) return { kind: 'foreign' };
          if (frame.command === request.command) return { kind: 'done', result: frame.params };
          const code = frame.command === command.error ? decodeErrorReply(frame.params)?.code : undefined;
          // These two say how the reading goes that runs beside.
          if (code === undefined || code === errorCode.noTag || code === errorCode.hopping) return { kind: 'foreign' };
          return { kind: 'failed', error: refusal(request.command, code) };
        },
      });
    },
    send: async (request) => {
      if (ended) throw linkLost();
      await link.write(encodeRequest(request));
    },
    get isReading() {
      return isReading;
    },
    end: () => {
      if (ended) return;
      ended = true;
      stale.stop();
      wait.interrupt(linkLost());
    },
  };
}

function refusal(asked: number, code: number): AppError {
  return new AppError('reader.refused', errorSentence(code), { kind: 'device', detail: { command: asked, code } });
}
