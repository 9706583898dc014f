import type { Clock, Timer } from '@tagtrail/shared/time/clock.js';

interface Due {
  readonly at: number;
  readonly order: number;
  readonly fire: () => void;
  cancelled: boolean;
}

/** A session starts no longer chain of promises than this between two timers. */
const promiseTurns = 24;

/** Virtual time for very many sessions: timers are kept in order, so that none is ever searched for. */
export class ConsensusClock implements Clock {
  #nowMs = 0;
  #order = 0;
  readonly #startWallMs: number;
  readonly #due: Due[] = [];

  constructor(startWallMs: number) {
    this.#startWallMs = startWallMs;
  }

  monotonicMs(): number {
    return this.#nowMs;
  }

  wallMs(): number {
    return this.#startWallMs + this.#nowMs;
  }

  startTimer(_name: string, delayMs: number, fire: () => void): Timer {
    const due: Due = { at: this.#nowMs + Math.max(0, delayMs), order: this.#order++, fire, cancelled: false };
    let at = this.#due.length;
    while (at > 0 && (this.#due[at - 1] as Due).at > due.at) at--;
    this.#due.splice(at, 0, due);
    return {
      cancel: () => {
        due.cancelled = true;
      },
    };
  }

  /** Fires the next timer, lets promises settle; false when no timer waits. */
  async step(): Promise<boolean> {
    await settle();
    for (let next = this.#due.shift(); next !== undefined; next = this.#due.shift()) {
      if (next.cancelled) continue;
      this.#nowMs = next.at;
      next.fire();
      await settle();
      return true;
    }
    return false;
  }

  /** Moves on until `reached`, or for `atMostMs`; true when it was reached. */
  async until(reached: () => boolean, atMostMs: number): Promise<boolean> {
    let late = false;
    const limit = this.startTimer('limit', atMostMs, () => {
      late = true;
    });
    await settle();
    while (!reached() && !late && (await this.step()));
    limit.cancel();
    return reached();
  }

  async pass(ms: number): Promise<void> {
    await this.until(() => false, ms);
  }
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < promiseTurns; turn++) await Promise.resolve();
}
