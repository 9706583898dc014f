import { AppError } from '../../error.js';
import { frameBytes, frameEnd, frameStart } from './rdm6300-constants.js';

/** Value of an ASCII hex digit, or -1. */
export function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte & ~0x20;
  return letter >= 0x41 && letter <= 0x46 ? letter - 0x37 : -1;
}

/** True when the xor of the five identity bytes equals the sixth; `at` is the start byte of a whole frame. */
export function checksumHolds(bytes: Uint8Array, at: number): boolean {
  let xor = 0;
  for (let i = at + 1; i < at + frameBytes - 1; i += 2) {
    xor ^= (hexDigit(bytes[i] as number) << 4) | hexDigit(bytes[i + 1] as number);
  }
  return xor === 0;
}

/**
 * The frame of a badge.
 * @param number ten hexadecimal digits
 * @throws AppError `rdm6300.number_malformed`
 */
export function encodeRdm6300(number: string): Uint8Array {
  if (!/^[0-9A-Fa-f]{10}$/.test(number)) {
    throw new AppError('rdm6300.number_malformed', 'a badge number has ten hexadecimal digits', { kind: 'bug' });
  }
  const digits = number.toUpperCase();
  let xor = 0;
  for (let i = 0; i < digits.length; i += 2) xor ^= Number.parseInt(digits.slice(i, i + 2), 16);
  const text = digits + xor.toString(16).padStart(2, '0').toUpperCase();
  const frame = new Uint8Array(frameBytes);
  frame[0] = frameStart;
  for (let i = 0; i < text.length; i++) frame[i + 1] = text.charCodeAt(i);
  frame[frameBytes - 1] = frameEnd;
  return frame;
}
