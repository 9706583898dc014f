import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from './hex.js';

describe('fromHex', () => {
  it('reads what toHex writes, in either case and with spaces', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const text = toHex(bytes);
        for (const one of [text, text.toLowerCase(), text.replace(/../g, '$& ')]) expect(fromHex(one)).toEqual(bytes);
      }),
    );
  });

  it('takes whole bytes of hexadecimal digits and nothing else', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 6 }), (text) => {
        const digits = text.replaceAll(' ', '');
        if (/^(?:[0-9a-fA-F]{2})*$/.test(digits)) expect(fromHex(text)).toHaveLength(digits.length / 2);
        else expect(() => fromHex(text)).toThrow(expect.objectContaining({ code: 'hex.malformed' }));
      }),
      { examples: [['0'], ['0G'], ['@0'], ['`0'], ['0:'], ['/0'], ['ŁA'], ['aF 0']] },
    );
  });
});
