import { inject } from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    /** Set by the environment variable TEST_LONG, see vitest.config.ts. */
    longRun: boolean;
  }
}

/** True in `npm run test:long`: tests with a size then run at their full size. */
export const isLongRun: boolean = inject('longRun');

/** The size of a test that has a short form for every day. */
export function longOr<T>(full: T, short: T): T {
  return isLongRun ? full : short;
}
