import type { Checker } from './run-record.js';

export const nothingDoubled: Checker = {
  id: 'I2',
  sentence: 'no event has its effect twice: each sequence of a stream is committed once',
  check: (run) => {
    const seen = new Map<string, number>();
    return run.committed.flatMap(({ logId, seq, index }) => {
      const key = `${logId}/${seq}`;
      const before = seen.get(key);
      seen.set(key, index);
      return before === undefined ? [] : [`sequence ${seq} is in the trail at ${before} and again at ${index}`];
    });
  },
};
