import { type Clock, repeat, type Timer } from '@tagtrail/shared/time/clock.js';
import { useSyncExternalStore } from 'react';

/** A time that stands still between ticks, so that all relative times of a page change together. */
export interface Ticker {
  get(): number;
  subscribe(changed: () => void): () => void;
}

/** Ticks only while somebody looks. */
export function createTicker(clock: Clock, nowMs: () => number, periodMs: number): Ticker {
  const listeners = new Set<() => void>();
  let current = nowMs();
  let timer: Timer | undefined;
  const tick = (): void => {
    current = nowMs();
    for (const changed of listeners) changed();
  };
  return {
    get: () => current,
    subscribe: (changed) => {
      listeners.add(changed);
      if (timer === undefined) {
        timer = repeat(clock, 'screen tick', periodMs, tick);
        current = nowMs();
      }
      return () => {
        listeners.delete(changed);
        if (listeners.size > 0) return;
        timer?.cancel();
        timer = undefined;
      };
    },
  };
}

export function useTick(ticker: Ticker): number {
  return useSyncExternalStore(ticker.subscribe, ticker.get);
}
