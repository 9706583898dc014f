/**
 * Slows down guessing at one account without locking it: after a few refusals each further try
 * has to wait, twice as long every time up to a minute, and a quarter of an hour of peace
 * forgets all. Accounts are counted whether they exist or not, so the answer tells nothing.
 */
export interface SignInThrottle {
  /** Milliseconds that this account still has to wait at the wall time `atMs`; 0 when it may try. */
  waitMs(account: string, atMs: number): number;
  refused(account: string, atMs: number): void;
  accepted(account: string): void;
}

const freeTries = 5;
const longestWaitMs = 60_000;
const forgetAfterMs = 15 * 60_000;

/** How long to wait after `refusals` refusals in a row. */
export function waitAfter(refusals: number): number {
  return refusals < freeTries ? 0 : Math.min(longestWaitMs, 1000 * 2 ** (refusals - freeTries));
}

export function createSignInThrottle(capacity = 10_000): SignInThrottle {
  const refusals = new Map<string, { count: number; lastMs: number }>();
  const current = (account: string, atMs: number): { count: number; lastMs: number } | undefined => {
    const found = refusals.get(account);
    if (found !== undefined && atMs - found.lastMs >= forgetAfterMs) {
      refusals.delete(account);
      return undefined;
    }
    return found;
  };
  return {
    waitMs: (account, atMs) => {
      const found = current(account, atMs);
      return found === undefined ? 0 : Math.max(0, found.lastMs + waitAfter(found.count) - atMs);
    },
    refused: (account, atMs) => {
      const count = (current(account, atMs)?.count ?? 0) + 1;
      refusals.delete(account);
      refusals.set(account, { count, lastMs: atMs });
      // The map keeps the order of insertion: the first key is the account that was quiet longest.
      const oldest = refusals.size > capacity ? refusals.keys().next().value : undefined;
      if (oldest !== undefined) refusals.delete(oldest);
    },
    accepted: (account) => {
      refusals.delete(account);
    },
  };
}
