import type { Checker } from './run-record.js';

export const oneTenant: Checker = {
  id: 'I9',
  sentence: "every committed event carries the customer of its cabinet and nobody else's",
  check: (run) =>
    run.committed
      .filter(({ tenant }) => tenant !== run.tenant)
      .map(({ index, tenant }) => `entry ${index} belongs to ${tenant}`),
};
