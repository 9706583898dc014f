import { type Clock, sleep } from '@tagtrail/shared/time/clock.js';

/** How much goes down to cabinets in a second, so that ingest and the API keep their share of the machine. */
export interface SendPace {
  /** Resolves when `bytes` more may be sent; the caller sends at once. */
  turn(bytes: number): Promise<void>;
}

export interface SendPaceLimits {
  readonly messagesPerSecond: number;
  readonly bytesPerSecond: number;
}

/** Two buckets that hold a second each: a customer with few cabinets never waits. */
export function createSendPace(clock: Clock, limits: SendPaceLimits): SendPace {
  let atMs = clock.monotonicMs();
  let messages = limits.messagesPerSecond;
  let bytes = limits.bytesPerSecond;

  function fill(): void {
    const nowMs = clock.monotonicMs();
    const seconds = (nowMs - atMs) / 1000;
    atMs = nowMs;
    messages = Math.min(limits.messagesPerSecond, messages + seconds * limits.messagesPerSecond);
    bytes = Math.min(limits.bytesPerSecond, bytes + seconds * limits.bytesPerSecond);
  }

  return {
    turn: async (size) => {
      fill();
      // What is larger than the bucket goes out on a full one and leaves a debt.
      const missingS = Math.max(
        messages < 1 ? (1 - messages) / limits.messagesPerSecond : 0,
        bytes < 0 ? -bytes / limits.bytesPerSecond : 0,
      );
      messages -= 1;
      bytes -= size;
      if (missingS > 0) await sleep(clock, 'rulebooks pace', Math.ceil(missingS * 1000));
    },
  };
}
