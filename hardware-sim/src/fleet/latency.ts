/** Latencies in milliseconds, and what share of them was how quick. */
export interface Latencies {
  add(ms: number): void;
  /** Milliseconds under which that share of all stayed, such as 99; 0 for none. */
  percentile(percent: number): number;
  count(): number;
}

/** Buckets of a millisecond up to a minute, so that memory does not grow with the fleet. */
const mostMs = 60_000;

export function createLatencies(): Latencies {
  const buckets = new Uint32Array(mostMs + 1);
  let count = 0;
  return {
    add: (ms) => {
      const bucket = Math.min(mostMs, Math.max(0, Math.round(ms)));
      buckets[bucket] = (buckets[bucket] ?? 0) + 1;
      count++;
    },
    percentile: (percent) => {
      const wanted = Math.ceil((count * percent) / 100);
      let seen = 0;
      for (let ms = 0; ms <= mostMs && wanted > 0; ms++) {
        seen += buckets[ms] ?? 0;
        if (seen >= wanted) return ms;
      }
      return 0;
    },
    count: () => count,
  };
}
