import { AppError } from './error.js';

/** Stops on a broken assumption of our own. Expected failures are handled, never asserted. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new AppError('bug.assertion', message, { kind: 'bug' });
}

/** Closes a `switch` over a union: the compiler refuses a missing case, the run time stops on one. */
export function unreachable(value: never): never {
  throw new AppError('bug.unreachable', `unexpected value ${JSON.stringify(value)}`, { kind: 'bug' });
}
