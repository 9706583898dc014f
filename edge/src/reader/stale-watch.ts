import type { Clock, Timer } from '@tagtrail/shared/time/clock.js';

/** Lets a parser give up what stays incomplete after a silence. */
export interface StaleWatch {
  /** Bytes were pushed into the parser. */
  heard(): void;
  stop(): void;
}

export interface StaleWatchOptions {
  readonly clock: Clock;
  readonly afterMs: number;
  readonly parser: { readonly pendingBytes: number; flushStale(): void };
}

export function createStaleWatch({ clock, afterMs, parser }: StaleWatchOptions): StaleWatch {
  let timer: Timer | undefined;
  let stopped = false;

  function heard(): void {
    timer?.cancel();
    timer = undefined;
    if (stopped || parser.pendingBytes === 0) return;
    timer = clock.startTimer('reader.stale', afterMs, () => {
      parser.flushStale();
      heard();
    });
  }

  return {
    heard,
    stop: () => {
      stopped = true;
      timer?.cancel();
    },
  };
}
