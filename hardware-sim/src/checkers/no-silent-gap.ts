import type { Checker } from './run-record.js';

export const noSilentGap: Checker = {
  id: 'I3',
  sentence: 'each stream is in order and without a silent gap',
  check: (run) => {
    const next = new Map<string, number>();
    const problems: string[] = [];
    for (const { logId, seq } of run.committed) {
      if (logId === null || seq === null) continue;
      const expected = next.get(logId) ?? 1;
      if (seq !== expected) problems.push(`sequence ${seq} follows where ${expected} is due`);
      next.set(logId, seq + 1);
    }
    return problems;
  },
};
