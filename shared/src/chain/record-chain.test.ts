import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Json } from './canonical.js';
import { chainGenesis, nextChain } from './record-chain.js';

const sha256 = (data: Uint8Array): Uint8Array => createHash('sha256').update(data).digest();

describe('nextChain', () => {
  it('hashes 0x02, the value before and the canonical record', () => {
    const expected = createHash('sha256')
      .update(Buffer.concat([Buffer.from([2]), Buffer.alloc(32), Buffer.from('{"a":1,"b":[true,null]}')]))
      .digest('hex');
    expect(nextChain(sha256, chainGenesis, { b: [true, null], a: 1 })).toBe(expected);
  });

  it('differs when a record is edited, dropped or swapped', () => {
    const fold = (records: Json[]): string =>
      records.reduce<string>((chain, r) => nextChain(sha256, chain, r), chainGenesis);
    const whole = fold([{ n: 1 }, { n: 2 }, { n: 3 }]);
    expect(
      new Set([
        whole,
        fold([{ n: 1 }, { n: 3 }]),
        fold([{ n: 2 }, { n: 1 }, { n: 3 }]),
        fold([{ n: 1 }, { n: 2 }, { n: 4 }]),
      ]).size,
    ).toBe(4);
  });
});
