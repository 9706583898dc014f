import { AppError } from '@tagtrail/shared/error.js';
import { opcode, replyOverheadBytes, staleAfterMs } from '@tagtrail/shared/protocol/mercury/mercury-constants.js';
import {
  encodeRequest,
  type MercuryReply,
  type MercuryRequest,
} from '@tagtrail/shared/protocol/mercury/mercury-frame.js';
import { createMercuryParser } from '@tagtrail/shared/protocol/mercury/mercury-parser.js';
import type { SerialLink } from '@tagtrail/shared/serial/link.js';
import type { Clock } from '@tagtrail/shared/time/clock.js';
import type { Line } from '../device-link.js';
import { createStaleWatch } from '../stale-watch.js';
import { createCommandSlot, linkLost } from './command-slot.js';
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

export function createMercuryPort({ link, clock, line, counters, onReport }: MercuryPortOptions): MercuryPort {
  const slot = createCommandSlot(clock);
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
  const stale = createStaleWatch({ clock, afterMs: staleAfterMs, parser });

  function takeFrame(frame: MercuryReply): void {
    if (ended) return;
    hasSpoken = true;
    counters.frames++;
    const outcome = slot.take(frame);
    if (outcome === 'restarted') {
      counters.rejected++;
      restart(frame);
      return;
    }
    // The line is proved good before anybody acts on what came over it.
    line.valid(frame.data.length + replyOverheadBytes);
    if (outcome === 'report') isStreaming = true;
    if (outcome === 'response') counters.responses++;
    else if (outcome === 'report' && onReport(frame)) counters.reports++;
    else counters.rejected++;
  }

  /** A command in flight ends with the restart, and its caller reports it. */
  function restart(frame: MercuryReply): void {
    const what = frame.op === opcode.continuous ? 'stopped reading by itself' : 'restarted';
    const text = `The UHF reader ${what}; it is being set up again.`;
    const error = new AppError('reader.restarted', text, { kind: 'device', detail: { op: frame.op } });
    if (!slot.interrupt(error)) line.restarted(text);
  }

  link.onData((chunk) => {
    if (ended) return;
    parser.push(chunk);
    stale.heard();
  });

  return {
    command: async (request, timeoutMs = commandTimeoutMs) => {
      if (ended) throw linkLost();
      return slot.send(request, timeoutMs, () => link.write(encodeRequest(request.op, request.data)));
    },
    get hasSpoken() {
      return hasSpoken;
    },
    get isStreaming() {
      return isStreaming;
    },
    end: () => {
      ended = true;
      stale.stop();
      slot.interrupt(linkLost());
    },
  };
}
