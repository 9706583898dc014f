import { AppError } from '@tagtrail/shared/error.js';
import type { Clock, Timer } from '@tagtrail/shared/time/clock.js';

interface Waiting {
  readonly name: string;
  readonly atMs: number;
  readonly order: number;
  readonly fire: () => void;
  cancelled: boolean;
}

/** The time of the simulated world: it stands still between events and jumps from one to the next. */
export interface WorldClock extends Clock {
  /**
   * Plays the world for so long; every promise settles before the next timer fires. Rejects with
   * AppError `world.stands_still` when timers start each other without any time passing.
   */
  advance(byMs: number): Promise<void>;
  /** Plays until `done` or for so long at most; tells whether it is done. */
  advanceUntil(done: () => boolean, atMostMs: number): Promise<boolean>;
}

/** A machine's own view of time: it begins at 0 at power-on, and its wall clock can be wrong. */
export interface MachineClock extends Clock {
  stepWall(byMs: number): void;
  wallOffsetMs(): number;
  /** The power is gone: no timer of this machine fires any more. */
  stop(): void;
}

/** Timers between two turns of the event loop. */
const breatheEvery = 2000;
/** More timers than this at one instant start each other for ever. */
const mostAtOnce = 100_000;

export const worldBeginsAtMs = Date.UTC(2026, 0, 5, 6, 0, 0);

export function createWorldClock(): WorldClock {
  const queue = createTimerQueue();
  let nowMs = 0;
  let order = 0;
  let fired = 0;
  let firedAtOnce = 0;

  /** One timer after the other; one `await` for each, because a run of minutes has tens of thousands. */
  const playUntil = async (untilMs: number, done: () => boolean): Promise<boolean> => {
    await settle();
    while (!done()) {
      const next = queue.peek();
      if (next === undefined || next.atMs > untilMs) {
        nowMs = untilMs;
        return done();
      }
      queue.pop();
      firedAtOnce = next.atMs > nowMs ? 0 : firedAtOnce + 1;
      if (firedAtOnce > mostAtOnce) throw standsStill(next);
      nowMs = Math.max(nowMs, next.atMs);
      next.fire();
      await settle();
      if (++fired % breatheEvery === 0) await breathe();
    }
    return true;
  };

  return {
    monotonicMs: () => nowMs,
    wallMs: () => worldBeginsAtMs + nowMs,
    startTimer: (name, delayMs, fire) => {
      const waiting: Waiting = { name, atMs: nowMs + Math.max(0, delayMs), order: order++, fire, cancelled: false };
      queue.push(waiting);
      return {
        cancel: () => {
          waiting.cancelled = true;
        },
      };
    },
    advance: async (byMs) => {
      await playUntil(nowMs + byMs, () => false);
    },
    advanceUntil: (done, atMostMs) => playUntil(nowMs + atMostMs, done),
  };
}

/** The clock of one machine from one power-on to the next. */
export function createMachineClock(world: WorldClock, wallOffsetMs: number): MachineClock {
  const bootMs = world.monotonicMs();
  let offsetMs = wallOffsetMs;
  let stopped = false;
  return {
    monotonicMs: () => world.monotonicMs() - bootMs,
    wallMs: () => world.wallMs() + offsetMs,
    startTimer: (name, delayMs, fire): Timer =>
      world.startTimer(name, delayMs, () => {
        if (!stopped) fire();
      }),
    stepWall: (byMs) => {
      offsetMs += byMs;
    },
    wallOffsetMs: () => offsetMs,
    stop: () => {
      stopped = true;
    },
  };
}

function standsStill({ name, atMs }: Waiting): AppError {
  const sentence = `time stands still at ${atMs} ms: the timer "${name}" is started again and again without a delay`;
  return new AppError('world.stands_still', sentence, { kind: 'bug' });
}

/** A tick runs only when no promise is left that can settle; it costs no turn of the event loop. */
function settle(): Promise<void> {
  return new Promise((resolve) => {
    process.nextTick(resolve);
  });
}

/** Lets signals and messages of other threads through. */
function breathe(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** A binary heap by due time, then by the order in which the timers were started. */
function createTimerQueue() {
  const heap: Waiting[] = [];
  const before = (a: Waiting, b: Waiting): boolean => a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
  const at = (index: number): Waiting => heap[index] as Waiting;
  const swap = (a: number, b: number): void => {
    const kept = at(a);
    heap[a] = at(b);
    heap[b] = kept;
  };
  const down = (from: number): void => {
    for (let index = from; ; ) {
      const left = 2 * index + 1;
      const right = left + 1;
      let least = index;
      if (left < heap.length && before(at(left), at(least))) least = left;
      if (right < heap.length && before(at(right), at(least))) least = right;
      if (least === index) return;
      swap(index, least);
      index = least;
    }
  };
  const pop = (): Waiting | undefined => {
    const top = heap[0];
    const last = heap.pop();
    if (top === undefined || last === undefined || heap.length === 0) return top;
    heap[0] = last;
    down(0);
    return top;
  };
  return {
    pop,
    push: (waiting: Waiting): void => {
      heap.push(waiting);
      for (let index = heap.length - 1; index > 0; ) {
        const parent = (index - 1) >> 1;
        if (!before(at(index), at(parent))) return;
        swap(index, parent);
        index = parent;
      }
    },
    peek: (): Waiting | undefined => {
      while (heap[0]?.cancelled === true) pop();
      return heap[0];
    },
  };
}
