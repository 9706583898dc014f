import { AppError } from '@tagtrail/shared/error.js';
import { encodeKerong, type KerongModel, kerongCodes } from '@tagtrail/shared/protocol/kerong/kerong-frame.js';
import { createKerongParser } from '@tagtrail/shared/protocol/kerong/kerong-parser.js';
import { decodeKerongStatus, type KerongStatus } from '@tagtrail/shared/protocol/kerong/kerong-status.js';
import type { SerialLink } from '@tagtrail/shared/serial/link.js';
import { type Clock, sleep } from '@tagtrail/shared/time/clock.js';
import type { Line } from '../device-link.js';
import { createRequestQueue } from '../request-queue.js';
import { createStaleWatch } from '../stale-watch.js';

/** One board's bus, one request in flight. It dies with its link. */
export interface KerongBus {
  /** Rejects with `reader.unanswered` or `serial.link_lost`. */
  status(order?: 'first' | 'last'): Promise<KerongStatus>;
  /**
   * Drives a lock, ahead of everything that waits. `isDue` is asked in the moment before the bytes
   * are written; when it says no, nothing is written and the result is false. Boards may leave the
   * command without an answer, so only a status that comes afterwards shows that the board is there.
   */
  unlock(lock: number, isDue: () => boolean): Promise<boolean>;
  end(): void;
}

export interface KerongBusOptions {
  readonly model: KerongModel;
  readonly board: number;
  readonly link: SerialLink;
  readonly clock: Clock;
  readonly line: Line;
}

const responseTimeoutMs = 250;
const staleAfterMs = 50;
/** The board needs the line for an answer that only some of them give. */
const afterUnlockMs = 30;

export function createKerongBus({ model, board, link, clock, line }: KerongBusOptions): KerongBus {
  const codes = kerongCodes[model];
  const nothing = new Uint8Array(0);
  let onStatus: ((status: KerongStatus) => void) | undefined;
  let ended = false;

  const queue = createRequestQueue({
    clock,
    timeoutMs: responseTimeoutMs,
    timeoutError: unanswered,
    onSettled: () => {
      onStatus = undefined;
    },
  });
  const parser = createKerongParser({
    model,
    onFrame: (frame, bytes) => {
      line.valid(bytes);
      if (frame.board !== board || frame.command !== codes.statusReply) return;
      const status = decodeKerongStatus(model, frame);
      if (status !== null) onStatus?.(status);
    },
    onDiscard: (reason, bytes) => line.discarded(bytes, reason),
  });
  const stale = createStaleWatch({ clock, afterMs: staleAfterMs, parser });
  link.onData((chunk) => {
    if (ended) return;
    parser.push(chunk);
    stale.heard();
  });

  return {
    status: (order = 'last') =>
      queue.request(
        () =>
          new Promise<KerongStatus>((resolve, reject) => {
            onStatus = resolve;
            link.write(encodeKerong(model, { board, lock: 0, command: codes.status, data: nothing })).catch(reject);
          }),
        order,
      ),
    unlock: (lock, isDue) =>
      queue.request(async () => {
        if (!isDue()) return false;
        await link.write(encodeKerong(model, { board, lock, command: codes.unlock, data: nothing }));
        await sleep(clock, 'kerong.after-unlock', afterUnlockMs);
        return true;
      }, 'first'),
    end: () => {
      ended = true;
      stale.stop();
      queue.end(new AppError('serial.link_lost', 'the line to the lock board is closed', { kind: 'device' }));
    },
  };
}

function unanswered(): AppError {
  return new AppError('reader.unanswered', 'The lock board does not answer: check its power and cable.', {
    kind: 'device',
  });
}
