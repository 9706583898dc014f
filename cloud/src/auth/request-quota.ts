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
  const used = new Map<string, { count: number; atMs: number }>();
  return {
    take: (who, atMs) => {
      const before = used.get(who);
      const elapsedMs = before === undefined ? 0 : Math.max(0, atMs - before.atMs);
      const count = Math.max(0, (before?.count ?? 0) - (elapsedMs * perMinute) / minuteMs);
      const isWithin = count + 1 <= perMinute;
      used.delete(who);
      used.set(who, { count: isWithin ? count + 1 : count, atMs });
      // The map keeps the order of insertion.
      const quietest = used.size > capacity ? used.keys().next().value : undefined;
      if (quietest !== undefined) used.delete(quietest);
      const lasting = (requests: number): number => Math.ceil((requests * minuteMs) / perMinute);
      if (isWithin) {
        return {
          limit: perMinute,
          left: Math.floor(perMinute - count - 1),
          fullAfterMs: lasting(count + 1),
          waitMs: 0,
        };
      }
      return { limit: perMinute, left: 0, fullAfterMs: lasting(count), waitMs: lasting(count + 1 - perMinute) };
    },
  };
}
