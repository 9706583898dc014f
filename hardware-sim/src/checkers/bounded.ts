import type { Checker } from './run-record.js';

/** What a run of minutes may use at its peak. */
const caps = { diskBytes: 8 * 1024 * 1024, pending: 5_000 } as const;

export const bounded: Checker = {
  id: 'I12',
  sentence: 'disk and queue stay under their caps',
  check: ({ peaks }) =>
    (['diskBytes', 'pending'] as const)
      .filter((what) => peaks[what] > caps[what])
      .map((what) => `${what} reached ${peaks[what]}; the cap is ${caps[what]}`),
};
