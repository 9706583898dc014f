import { chainGenesis } from '@tagtrail/shared/chain/record-chain.js';
import type { CommittedMessage, HelloMessage } from '@tagtrail/shared/mqtt/messages.js';
import type { StreamHead } from './plan-batch.js';

type WithoutFrame<M> = M extends unknown ? Omit<M, 'v' | 'log' | 'now'> : never;
export type HelloAnswer = WithoutFrame<CommittedMessage>;

/**
 * What to tell a cabinet that has just connected. `head` is what the cloud has of its log, undefined
 * for a log that it does not know. A cabinet that has forgotten events which the cloud lacks (the
 * cloud was restored from an older copy) is asked for them again, out of its grace copy.
 */
export function answerHello(hello: HelloMessage, head: StreamHead | undefined): HelloAnswer {
  if (head === undefined) {
    return hello.firstUnacked > 1 ? { expect: 1, reason: 'unknown_log' } : { upTo: 0, chain: chainGenesis };
  }
  const last = head.nextSeq - 1;
  const isBehind = hello.last < last;
  const differs = hello.last === last && hello.chain !== head.chain;
  if (isBehind || differs) return { expect: head.nextSeq, reason: 'fork' };
  if (hello.firstUnacked > head.nextSeq) return { expect: head.nextSeq, reason: 'restored' };
  return { upTo: last, chain: head.chain };
}
