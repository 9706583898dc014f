import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitDownSignature, withDownSignature } from './signed-down.js';

const sig = 'A'.repeat(86);

describe('the signature of what comes down', () => {
  it('is taken off again, byte for byte', () => {
    const object = fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 });
    fc.assert(
      fc.property(object, (message) => {
        const body = JSON.stringify(message);
        const signed = withDownSignature(body, sig);
        expect(JSON.parse(signed)).toMatchObject({ sig });
        expect(splitDownSignature(signed)).toEqual({ body, sig });
      }),
    );
  });

  it.each(['', '{}', 'null', '{"a":1}', `{"a":1,"sig":"short"}`, `{"a":1,"sig":"${sig}"} `, `,"sig":"${sig}"`])(
    'is none in %s',
    (text) => expect(splitDownSignature(text)).toEqual({ body: text, sig: null }),
  );
});
