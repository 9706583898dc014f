import { chainGenesis } from '@tagtrail/shared/chain/record-chain.js';
import type { HelloMessage } from '@tagtrail/shared/mqtt/messages.js';
import { describe, expect, it } from 'vitest';
import { answerHello } from './hello.js';

const ours = 'a'.repeat(64);
const head = { nextSeq: 3, chain: ours };

function hello(told: Pick<HelloMessage, 'firstUnacked' | 'last'> & { chain?: string }): HelloMessage {
  const at = '2026-01-05T06:00:00.000Z';
  const rest = { log: 'b'.repeat(32), boot: '00000000000000b0', mono: 1, wall: at, agent: '0.1.0', rulebook: 0 };
  return { v: 1, ...rest, chain: 'f'.repeat(64), ...told };
}

describe('the answer to a hello', () => {
  it('greets a new log', () => {
    expect(answerHello(hello({ firstUnacked: 1, last: 4 }), undefined)).toEqual({ upTo: 0, chain: chainGenesis });
  });

  it('asks for all of a log that the cabinet believes acknowledged and the cloud does not know', () => {
    expect(answerHello(hello({ firstUnacked: 5, last: 9 }), undefined)).toEqual({ expect: 1, reason: 'unknown_log' });
  });

  it('says how far the cloud has it', () => {
    expect(answerHello(hello({ firstUnacked: 1, last: 2, chain: ours }), head)).toEqual({ upTo: 2, chain: ours });
    expect(answerHello(hello({ firstUnacked: 3, last: 7 }), head)).toEqual({ upTo: 2, chain: ours });
  });

  it('asks again for what a cloud lost that was restored from an older copy', () => {
    expect(answerHello(hello({ firstUnacked: 6, last: 7 }), head)).toEqual({ expect: 3, reason: 'restored' });
  });

  it('calls a cabinet that is behind its own past, or tells another one, a fork', () => {
    expect(answerHello(hello({ firstUnacked: 1, last: 1 }), head)).toEqual({ expect: 3, reason: 'fork' });
    expect(answerHello(hello({ firstUnacked: 1, last: 2 }), head)).toEqual({ expect: 3, reason: 'fork' });
  });
});
