import type { Checker } from './run-record.js';

export const nothingLost: Checker = {
  id: 'I1',
  sentence: 'no recorded event is lost: all of the journal is committed once all is quiet',
  check: (run) => {
    const committed = new Set(run.committed.map(({ logId, seq }) => `${logId}/${seq}`));
    return run.journal.events
      .filter(({ seq }) => !committed.has(`${run.journal.logId}/${seq}`))
      .map(({ seq, kind }) => `event ${seq} (${kind}) is in the journal and not in the trail`);
  },
};
