import type { Clock } from './clock.js';

declare const performance: { now(): number };
declare function setTimeout(fire: () => void, delayMs: number): unknown;
declare function clearTimeout(handle: unknown): void;

/** The clock of the machine; the one place that touches the platform's time. */
export const systemClock: Clock = {
  monotonicMs: () => performance.now(),
  wallMs: () => Date.now(),
  startTimer: (_name, delayMs, fire) => {
    const handle = setTimeout(fire, delayMs);
    return { cancel: () => clearTimeout(handle) };
  },
};
