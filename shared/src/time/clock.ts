/** A started timer. Cancelling twice, or after it fired, does nothing. */
export interface Timer {
  cancel(): void;
}

/**
 * The only source of time. Durations come from `monotonicMs`, which never goes back; people's
 * times come from `wallMs`, which can be stepped by an operator or NTP at any moment.
 */
export interface Clock {
  /** Milliseconds since an arbitrary start of this process or machine; never decreases. */
  monotonicMs(): number;
  /** Milliseconds since 1970-01-01T00:00:00Z as this machine believes. */
  wallMs(): number;
  /** Calls `fire` once after `delayMs`. `name` tells what is waited for when a process hangs. */
  startTimer(name: string, delayMs: number, fire: () => void): Timer;
}

/** Resolves after `delayMs` of the given clock. */
export function sleep(clock: Clock, name: string, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    clock.startTimer(name, delayMs, resolve);
  });
}

/** The clock's wall time as an ISO 8601 text in UTC. */
export function wallIso(clock: Clock): string {
  return new Date(clock.wallMs()).toISOString();
}

/** Calls `fire` every `periodMs` until the returned timer is cancelled; a slow `fire` never overlaps itself. */
export function repeat(clock: Clock, name: string, periodMs: number, fire: () => void | Promise<void>): Timer {
  let cancelled = false;
  let timer: Timer | undefined;
  const next = (): void => {
    if (cancelled) return;
    timer = clock.startTimer(name, periodMs, () => {
      void Promise.resolve(fire()).finally(next);
    });
  };
  next();
  return {
    cancel: () => {
      cancelled = true;
      timer?.cancel();
    },
  };
}
