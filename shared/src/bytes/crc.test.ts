import { describe, expect, it } from 'vitest';
import { crc16Modbus, crc32c } from './crc.js';
import { fromHex, toHex } from './hex.js';
import { utf8Bytes } from './utf8.js';

const digits = utf8Bytes('123456789');

describe('crc32c', () => {
  // RFC 3720 appendix B.4 test vectors.
  it.each([
    ['32 zero bytes', new Uint8Array(32), 0x8a9136aa],
    ['32 bytes of FF', new Uint8Array(32).fill(0xff), 0x62a8ab43],
    ['00 to 1F', Uint8Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
    ['the digits 1 to 9', digits, 0xe3069283],
  ])('of %s', (_what, bytes, expected) => {
    expect(crc32c(bytes)).toBe(expected);
  });
});

describe('crc16Modbus', () => {
  it('has the published check value', () => expect(crc16Modbus(digits)).toBe(0x4b37));
  it('covers only the range asked for', () =>
    expect(crc16Modbus(fromHex('FF313233343536373839FF'), 1, 10)).toBe(0x4b37));
});

describe('hex', () => {
  it('goes both ways', () => expect(toHex(fromHex('00 a0 Ff'))).toBe('00A0FF'));
  it.each(['0', 'zz', '0x'])('refuses "%s"', (text) => {
    expect(() => fromHex(text)).toThrow(expect.objectContaining({ code: 'hex.malformed' }));
  });
});
