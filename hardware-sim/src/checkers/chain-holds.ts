import { hash } from 'node:crypto';
import type { Json } from '@tagtrail/shared/chain/canonical.js';
import { chainGenesis, nextChain } from '@tagtrail/shared/chain/record-chain.js';
import type { Checker } from './run-record.js';

const sha256 = (data: Uint8Array): Uint8Array => hash('sha256', data, 'buffer');

export const chainHolds: Checker = {
  id: 'I5',
  sentence: 'the chain holds: computed anew over the trail it is the stored one, and the journal has the same',
  check: (run) => {
    const chains = new Map<string, string>();
    const problems: string[] = [];
    for (const { logId, seq, chain, event } of run.committed) {
      if (logId === null) continue;
      const next = nextChain(sha256, chains.get(logId) ?? chainGenesis, event as Json);
      if (next !== chain) problems.push(`the chain value of event ${seq} is not the one over what is stored`);
      chains.set(logId, next);
    }
    for (const { logId, chain } of run.streams) {
      if (chains.get(logId) !== chain) problems.push(`the head of stream ${logId} is not the end of its chain`);
    }
    const { logId, last, chain } = run.journal;
    const head = run.streams.find((stream) => stream.logId === logId);
    if (head !== undefined && head.nextSeq === last + 1 && head.chain !== chain) {
      problems.push('the journal ends on another chain value than the trail');
    }
    return problems;
  },
};
