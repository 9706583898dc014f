import type { Checker } from './run-record.js';

export const ackSafety: Checker = {
  id: 'I7',
  sentence: 'nothing is acknowledged that is not committed, and the cabinet believes no more than that',
  check: (run) => {
    const problems = run.answers
      .filter(({ upTo, committed }) => upTo > committed)
      .map(({ upTo, committed }) => `up to ${upTo} was acknowledged when ${committed} were committed`);
    const { logId, acknowledged, trimmed } = run.journal;
    const most = Math.max(0, ...run.answers.filter((one) => one.logId === logId).map(({ upTo }) => upTo));
    if (acknowledged > most) problems.push(`the cabinet holds ${acknowledged} for acknowledged; ${most} were`);
    if (trimmed > most) problems.push(`the cabinet let go everything up to ${trimmed}; ${most} were acknowledged`);
    return problems;
  },
};
