import type { Checker } from './run-record.js';

export const delivers: Checker = {
  id: 'I11',
  sentence: 'once the faults are over everything that waits is delivered in time',
  check: (run) => {
    if (run.delivered) return [];
    const { last, logId } = run.journal;
    const committed = (run.streams.find((stream) => stream.logId === logId)?.nextSeq ?? 1) - 1;
    return [`${last - committed} of ${last} events have not arrived`];
  },
};
