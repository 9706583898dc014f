import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, type Json } from './canonical.js';
import { chainGenesis, nextChain } from './record-chain.js';

const sha256 = (data: Uint8Array): Uint8Array => createHash('sha256').update(data).digest();

describe('canonicalJson', () => {
  // RFC 8785 section 3.2.2 and 3.2.3 (sorting by UTF-16 code units).
  it('sorts members by code unit and leaves no white space', () => {
    const value = {
      '\u20ac': 'Euro Sign',
      '\r': 'Carriage Return',
      '1': 'One',
      '\ud83d\ude00': 'Smiley',
      '\u0080': 'Control',
    };
    expect(canonicalJson(value)).toBe(
      '{"\\r":"Carriage Return","1":"One","\u0080":"Control","\u20ac":"Euro Sign","\ud83d\ude00":"Smiley"}',
    );
  });

  it('writes numbers as ECMAScript does', () => {
    expect(canonicalJson([333333333.3333333, 1e30, 4.5, 0.002, 1e-27, -0])).toBe(
      '[333333333.3333333,1e+30,4.5,0.002,1e-27,0]',
    );
  });

  it('reads back as the same value, whatever the order of members', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value as Json);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonicalJson(JSON.parse(text))).toBe(text);
      }),
    );
  });

  it('leaves out what is undefined', () => {
    expect(canonicalJson({ a: undefined, b: 1 })).toBe('{"b":1}');
  });
});

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
