import type { AppError } from '@tagtrail/shared/error.js';
import type { Clock } from '@tagtrail/shared/time/clock.js';

/** One request on the bus at a time, each with a time-out. */
export interface RequestQueue {
  /** Calls `ask` when the bus is free. `first` goes ahead of everything that waits. */
  request<T>(ask: () => Promise<T>, order: 'first' | 'last'): Promise<T>;
  /** The request in flight could not be sent. */
  failCurrent(error: AppError): void;
  /** Ends all requests with `error`, and every later one. */
  end(error: AppError): void;
}

export interface RequestQueueOptions {
  readonly clock: Clock;
  readonly timeoutMs: number;
  timeoutError(): AppError;
  /** The request in flight is over; bytes that still come belong to none. */
  onSettled(): void;
}

interface Waiting {
  run(): void;
  fail(error: AppError): void;
}

export function createRequestQueue(options: RequestQueueOptions): RequestQueue {
  const queue: Waiting[] = [];
  let current: Waiting | undefined;
  let ended: AppError | undefined;

  function next(): void {
    current = ended === undefined ? queue.shift() : undefined;
    current?.run();
  }

  function prepare<T>(ask: () => Promise<T>, resolve: (value: T) => void, reject: (error: unknown) => void): Waiting {
    let settled = false;
    let cancelTimer = (): void => {};
    const settle = (how: () => void): void => {
      if (settled) return;
      settled = true;
      cancelTimer();
      how();
      if (current !== waiting) return;
      options.onSettled();
      next();
    };
    const waiting: Waiting = {
      fail: (error) => settle(() => reject(error)),
      run: () => {
        const timer = options.clock.startTimer('reader.response', options.timeoutMs, () =>
          settle(() => reject(options.timeoutError())),
        );
        cancelTimer = timer.cancel;
        ask().then(
          (value) => settle(() => resolve(value)),
          (error) => settle(() => reject(error)),
        );
      },
    };
    return waiting;
  }

  return {
    request: (ask, order) =>
      new Promise((resolve, reject) => {
        if (ended !== undefined) {
          reject(ended);
          return;
        }
        const waiting = prepare(ask, resolve, reject);
        if (order === 'first') queue.unshift(waiting);
        else queue.push(waiting);
        if (current === undefined) next();
      }),
    failCurrent: (error) => current?.fail(error),
    end: (error) => {
      ended = error;
      const all = [current, ...queue.splice(0)];
      for (const waiting of all) waiting?.fail(error);
    },
  };
}
