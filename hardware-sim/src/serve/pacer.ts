import type { Clock, Timer } from '@tagtrail/shared/time/clock.js';

/** Lets bytes through no faster than a line of that speed does: ten bits for each byte (8N1). */
export interface Pacer {
  /** Bytes leave when their last one is through, `lateMs` later than the line alone would have it. */
  send(bytes: Uint8Array, lateMs?: number): void;
  /** Forgets what is on the way. */
  clear(): void;
  /** Bytes that were refused because too much was on the way. */
  overrunBytes(): number;
}

export interface PacerOptions {
  readonly clock: Clock;
  readonly baud: () => number;
  readonly deliver: (bytes: Uint8Array) => void;
}

/** Long messages go on in pieces, as they arrive on a real line. */
const pieceBytes = 64;
const largestQueueBytes = 64 * 1024;
const bitsPerByte = 10;

export function createPacer({ clock, baud, deliver }: PacerOptions): Pacer {
  let queue: { readonly bytes: Uint8Array; readonly dueMs: number }[] = [];
  let queuedBytes = 0;
  let freeAtMs = 0;
  let overrun = 0;
  let timer: Timer | undefined;

  const arm = (): void => {
    const next = queue[0];
    if (next === undefined || timer !== undefined) return;
    timer = clock.startTimer('bytes on the line', Math.max(0, next.dueMs - clock.monotonicMs()), () => {
      timer = undefined;
      const now = clock.monotonicMs();
      while (queue[0] !== undefined && queue[0].dueMs <= now) {
        const { bytes } = queue[0];
        queue.shift();
        queuedBytes -= bytes.length;
        deliver(bytes);
      }
      arm();
    });
  };

  return {
    send: (bytes, lateMs = 0) => {
      if (queuedBytes + bytes.length > largestQueueBytes) {
        overrun += bytes.length;
        return;
      }
      for (let at = 0; at < bytes.length; at += pieceBytes) {
        const piece = bytes.slice(at, at + pieceBytes);
        freeAtMs = Math.max(freeAtMs, clock.monotonicMs() + lateMs) + (piece.length * bitsPerByte * 1000) / baud();
        queue.push({ bytes: piece, dueMs: freeAtMs });
        queuedBytes += piece.length;
      }
      arm();
    },
    clear: () => {
      timer?.cancel();
      timer = undefined;
      queue = [];
      queuedBytes = 0;
      freeAtMs = 0;
    },
    overrunBytes: () => overrun,
  };
}
