/** What of two devices with one identity is let in: whoever is connected stays. */
export interface Takeovers {
  /** An authentic device asks for a client id that is connected; whether it may take the connection over. */
  mayTakeOver(clientId: string, atMs: number): boolean;
}

/** A cabinet whose network is bad takes over its own dead connection now and then; two devices do it without end. */
const takeoversAllowed = 3;
const withinMs = 5 * 60_000;

/**
 * Ends the loop in which two devices throw each other out for ever: after a few takeovers within minutes
 * the one that is connected keeps its connection, and the other one waits with its journal. A connection
 * that is dead is given up by its keepalive, so nobody is locked out for longer than that.
 */
export function createTakeovers(): Takeovers {
  const attempts = new Map<string, readonly number[]>();
  return {
    mayTakeOver: (clientId, atMs) => {
      for (const [id, times] of attempts) if (atMs - (times.at(-1) ?? 0) >= withinMs) attempts.delete(id);
      // An attempt that is refused counts too: the loop goes on as long as somebody tries.
      const recent = (attempts.get(clientId) ?? []).filter((time) => atMs - time < withinMs);
      attempts.set(clientId, [...recent, atMs].slice(-takeoversAllowed - 1));
      return recent.length < takeoversAllowed;
    },
  };
}
