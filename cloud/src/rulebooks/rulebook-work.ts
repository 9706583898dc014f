import type { Clock, Timer } from '@tagtrail/shared/time/clock.js';

/** What is due for one customer, and when it is looked at next. */
export interface Work {
  rulesDue: boolean;
  custodyDue: boolean;
  /** Cabinets (UUIDs) that want their rulebook even when it has not changed; `all` for every one. */
  wanted: Set<string> | 'all';
  /** The version that a cabinet (UUID) said it works by, where this cloud has issued none so high. */
  ahead: Map<string, number>;
  /** Every cabinet as of the last look. */
  cabinets: readonly string[];
  /** Cabinets that have not been told the newest custody; the longest waiting first. */
  untold: Set<string>;
  /** The newest custody: what is compared, and the message. */
  custody: { readonly out: string; readonly text: string } | undefined;
  /** New rules are looked at no earlier than this monotonic time. */
  rulesFromMs: number;
  readonly turns: Turns;
}

/** Turns of work, one at a time, each at its hour or earlier for another reason. */
export interface Turns {
  /** A turn begins after `delayMs` or earlier. */
  soon(delayMs: number): void;
  /** A turn after those before it; resolves when it has ended. */
  now(): Promise<void>;
  /** Another turn waits for this one to end. */
  isAwaited(): boolean;
  /** Resolves when no turn is running; answers whether one is still to come. */
  rest(): Promise<boolean>;
  cancel(): void;
}

export function createTurns(clock: Clock, turn: () => Promise<void>): Turns {
  let timer: Timer | undefined;
  let dueMs = Number.POSITIVE_INFINITY;
  let running: Promise<void> = Promise.resolve();
  let waiting = 0;

  function cancel(): void {
    timer?.cancel();
    timer = undefined;
    dueMs = Number.POSITIVE_INFINITY;
  }

  function now(): Promise<void> {
    waiting++;
    const next = running.then(() => {
      waiting--;
      return turn();
    });
    running = next;
    return next;
  }

  return {
    soon: (delayMs) => {
      const atMs = clock.monotonicMs() + delayMs;
      if (atMs >= dueMs) return;
      cancel();
      dueMs = atMs;
      timer = clock.startTimer('rulebooks', delayMs, () => {
        cancel();
        void now();
      });
    },
    now,
    isAwaited: () => waiting > 0,
    rest: async () => {
      await running;
      return timer !== undefined || waiting > 0;
    },
    cancel,
  };
}

export function want(work: Work, more: ReadonlySet<string> | 'all'): void {
  if (more === 'all' || work.wanted === 'all') work.wanted = 'all';
  else for (const id of more) work.wanted.add(id);
}
