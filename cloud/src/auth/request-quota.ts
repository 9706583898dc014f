/**
 * How many requests somebody may make: so many a minute, all of them at once if need be. What was
 * used comes back evenly with time.
 */
export interface RequestQuota {
  /** Counts one request at the time `atMs`. */
  take(who: string, atMs: number): QuotaAnswer;
}

export interface QuotaAnswer {
  /** Requests a minute. */
  readonly limit: number;
  /** Requests that are left now. */
  readonly left: number;
  /** How long until all of them are back. */
  readonly fullAfterMs: number;
  /** How long to wait for the next one; 0 when this one was within the quota. */
  readonly waitMs: number;
}

const minuteMs = 60_000;

/** @param capacity of how many it is remembered; the one that was quiet longest is forgotten first. */
export function createRequestQuota(perMinute: number, capacity = 100_000): RequestQuota {
  // In whole parts, of which a request takes 60,000 and each millisecond gives `perMinute` back: with fractions of a
  // request the one that comes exactly after its wait could be refused by the last digit.
  const used = new Map<string, { parts: number; atMs: number }>();
  const most = perMinute * minuteMs;
  return {
    take: (who, at) => {
      const atMs = Math.floor(at);
      const before = used.get(who);
      const elapsedMs = before === undefined ? 0 : Math.max(0, atMs - before.atMs);
      const parts = Math.max(0, (before?.parts ?? 0) - elapsedMs * perMinute);
      const isWithin = parts + minuteMs <= most;
      used.delete(who);
      used.set(who, { parts: isWithin ? parts + minuteMs : parts, atMs });
      // The map keeps the order of insertion.
      const quietest = used.size > capacity ? used.keys().next().value : undefined;
      if (quietest !== undefined) used.delete(quietest);
      const lasting = (some: number): number => Math.ceil(some / perMinute);
      if (isWithin) {
        return {
          limit: perMinute,
          left: Math.floor((most - parts - minuteMs) / minuteMs),
          fullAfterMs: lasting(parts + minuteMs),
          waitMs: 0,
        };
      }
      return { limit: perMinute, left: 0, fullAfterMs: lasting(parts), waitMs: lasting(parts + minuteMs - most) };
    },
  };
}
