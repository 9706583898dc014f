import type { Clock } from '@tagtrail/shared/time/clock.js';

/** The server's wall time as this browser can tell it: a tablet with a wrong clock must not call everything stale. */
export interface ServerClock {
  nowMs(): number;
  /** Learns from the `Date` header of an answer, which is exact to one second. */
  learn(date: string): void;
}

/** Differences under this are left alone: the header has whole seconds and the answer took some time. */
const ignoredDifferenceMs = 2_000;

export function createServerClock(clock: Clock): ServerClock {
  let offsetMs = 0;
  return {
    nowMs: () => clock.wallMs() + offsetMs,
    learn: (date) => {
      const serverMs = Date.parse(date);
      if (Number.isNaN(serverMs)) return;
      const differenceMs = serverMs + 500 - clock.wallMs();
      offsetMs = Math.abs(differenceMs) < ignoredDifferenceMs ? 0 : differenceMs;
    },
  };
}
