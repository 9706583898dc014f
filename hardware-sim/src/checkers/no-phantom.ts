import { canonicalJson, type Json } from '@tagtrail/shared/chain/canonical.js';
import type { Checker } from './run-record.js';

/** Events of the cloud's trail that the cabinet has no memory of would be invented, or prove a loss. */
export const noPhantom: Checker = {
  id: 'I15',
  sentence: 'no phantom: what is committed is in the journal, event by event, or declared lost there',
  check: (run) => {
    const recorded = new Map(run.journal.events.map((event) => [event.seq, event]));
    const lost = run.journal.events.filter(({ kind }) => kind === 'journal.damaged');
    const isDeclared = (seq: number): boolean =>
      lost.some(({ data }) => seq >= Number(data.fromSeq) && seq <= Number(data.toSeq));
    return run.committed.flatMap(({ logId, seq, event }) => {
      if (seq === null || logId !== run.journal.logId)
        return [`entry ${seq} is of a log that the cabinet does not have`];
      const own = recorded.get(seq);
      if (own === undefined)
        return isDeclared(seq) ? [] : [`event ${seq} is committed and the journal has forgotten it`];
      return canonicalJson(own as unknown as Json) === canonicalJson(event as Json)
        ? []
        : [`event ${seq} differs from the one in the journal`];
    });
  },
};
