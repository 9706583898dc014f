import { createHmac } from 'node:crypto';
import { fromHex, toHex } from '@tagtrail/shared/bytes/hex.js';
import { utf8Bytes } from '@tagtrail/shared/bytes/utf8.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newSalt, nodeHashing } from './hashing.js';

describe('HMAC-SHA-256', () => {
  // RFC 4231 sections 4.2, 4.3 and 4.7: a short key, a text key, a key longer than a block.
  it.each([
    [fromHex('0b'.repeat(20)), 'Hi There', 'B0344C61D8DB38535CA8AFCEAF0BF12B881DC200C9833DA726E9376C2E32CFF7'],
    [
      utf8Bytes('Jefe'),
      'what do ya want for nothing?',
      '5BDCC146BF60754E6A042426089575C75A003F089D2739839DEC58B964EC3843',
    ],
    [
      fromHex('aa'.repeat(131)),
      'Test Using Larger Than Block-Size Key - Hash Key First',
      '60E431591EE0B67F0D8A26AACBF5B77F8E0BC6213728C5140546040F0EE37F54',
    ],
  ])('answers RFC 4231 (%#)', (key, text, expected) => {
    expect(toHex(nodeHashing.hmacSha256(key, utf8Bytes(text)))).toBe(expected);
    expect(toHex(nodeHashing.hmacSha256(key, text))).toBe(expected);
  });

  it('is what Node computes, for every key and text', () => {
    const bytes = fc.uint8Array({ maxLength: 3000 });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 140 }), bytes, (key, data) => {
        expect(toHex(nodeHashing.hmacSha256(key, data))).toBe(
          createHmac('sha256', key).update(data).digest('hex').toUpperCase(),
        );
      }),
    );
  });
});

describe('a text', () => {
  it('stands for its UTF-8 bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.string({ unit: 'binary' }), (key, text) => {
        expect(nodeHashing.sha256(text)).toEqual(nodeHashing.sha256(utf8Bytes(text)));
        expect(nodeHashing.hmacSha256(key, text)).toEqual(nodeHashing.hmacSha256(key, utf8Bytes(text)));
      }),
    );
  });
});

describe('newSalt', () => {
  it('gives 32 bytes that nobody has had before', () => {
    const salts = Array.from({ length: 600 }, () => toHex(newSalt()));
    expect(new Set(salts).size).toBe(600);
    expect(salts.every((salt) => salt.length === 64)).toBe(true);
  });
});
