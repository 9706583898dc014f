import type { Clock, Timer } from '../time/clock.js';

interface Waiting {
  readonly at: number;
  readonly order: number;
  readonly name: string;
  readonly fire: () => void;
}

/** A clock that stands still until a test moves it. Timers fire in due order, then in start order. */
export class VirtualClock implements Clock {
  #monotonic = 0;
  #wall: number;
  #order = 0;
  #waiting: Waiting[] = [];

  constructor(wallMs: number = Date.UTC(2026, 0, 5, 6, 0, 0)) {
    this.#wall = wallMs;
  }

  monotonicMs(): number {
    return this.#monotonic;
  }

  wallMs(): number {
    return this.#wall;
  }

  startTimer(name: string, delayMs: number, fire: () => void): Timer {
    const waiting: Waiting = { at: this.#monotonic + Math.max(0, delayMs), order: this.#order++, name, fire };
    this.#waiting.push(waiting);
    return {
      cancel: () => {
        this.#waiting = this.#waiting.filter((other) => other !== waiting);
      },
    };
  }

  /** Names of the timers that have not fired, soonest first. */
  pending(): readonly string[] {
    return [...this.#waiting].sort(bySoonest).map((waiting) => waiting.name);
  }

  /** Steps the wall clock as an operator or NTP would; monotonic time is untouched. */
  stepWall(byMs: number): void {
    this.#wall += byMs;
  }

  /** Moves both clocks on, firing what falls due; lets promises settle between timers. */
  async advance(byMs: number): Promise<void> {
    const until = this.#monotonic + byMs;
    await settle();
    for (;;) {
      const next = [...this.#waiting].sort(bySoonest)[0];
      if (next === undefined || next.at > until) break;
      this.#waiting = this.#waiting.filter((other) => other !== next);
      this.#move(next.at - this.#monotonic);
      next.fire();
      await settle();
    }
    this.#move(until - this.#monotonic);
    await settle();
  }

  #move(byMs: number): void {
    this.#monotonic += byMs;
    this.#wall += byMs;
  }
}

function bySoonest(a: Waiting, b: Waiting): number {
  return a.at - b.at || a.order - b.order;
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}
