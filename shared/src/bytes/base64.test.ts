import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { base64OfBytes, bytesOfBase64 } from './base64.js';

describe('base64', () => {
  it.each([
    ['', ''],
    ['f', 'Zg=='],
    ['fo', 'Zm8='],
    ['foo', 'Zm9v'],
    ['foob', 'Zm9vYg=='],
    ['fooba', 'Zm9vYmE='],
    ['foobar', 'Zm9vYmFy'],
  ])('writes and reads the test vectors of RFC 4648 section 10: %j', (plain, text) => {
    expect(base64OfBytes(Buffer.from(plain))).toBe(text);
    expect(bytesOfBase64(text)).toEqual(new Uint8Array(Buffer.from(plain)));
  });

  it('says what the platform says, of any bytes', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.uint8Array({ maxLength: 70 }), fc.uint8Array({ minLength: 3070, maxLength: 9300, size: 'max' })),
        (bytes) => {
          const text = Buffer.from(bytes).toString('base64');
          expect(base64OfBytes(bytes)).toBe(text);
          expect(bytesOfBase64(text)).toEqual(bytes);
        },
      ),
    );
  });

  it.each(['Zg', 'Zg=', 'Zh==', 'Zm9=', 'Zm9v!A==', 'Zm 9', '=Zm9', 'Zg==Zg=='])(
    'reads no second spelling: %j',
    (text) => {
      expect(bytesOfBase64(text)).toBeUndefined();
    },
  );
});
