import type { Checker, RunRecord } from './run-record.js';

export const nothingLost: Checker = {
  id: 'I1',
  sentence: 'no recorded event is lost: the journal keeps it, and all of the journal is committed once all is quiet',
  check: (run) => [...forgotten(run), ...notCommitted(run)],
};

/** Declaring a loss does not excuse it: a medium of this world keeps what it has synced. */
function forgotten({ accepted, journal }: RunRecord): readonly string[] {
  const kept = new Set(journal.events.map(({ seq }) => seq));
  return accepted
    .filter(({ logId, seq }) => logId === journal.logId && !kept.has(seq))
    .map(({ seq, kind }) => `event ${seq} (${kind}) was recorded and is not in the journal any more`);
}

/** Written when the agent ends, after all was quiet: what the network has not taken by then, the next start sends. */
const lastWord = 'cabinet.stopped';

function notCommitted({ committed, journal }: RunRecord): readonly string[] {
  const arrived = new Set(committed.map(({ logId, seq }) => `${logId}/${seq}`));
  return journal.events
    .filter(({ seq, kind }) => seq !== journal.last || kind !== lastWord)
    .filter(({ seq }) => !arrived.has(`${journal.logId}/${seq}`))
    .map(({ seq, kind }) => `event ${seq} (${kind}) is in the journal and not in the trail`);
}
