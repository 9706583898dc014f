import { AppError } from '../error.js';

const byteToHex = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0').toUpperCase());

/** Upper-case hexadecimal text of `bytes[from .. to)`. */
export function toHex(bytes: Uint8Array, from = 0, to = bytes.length): string {
  let text = '';
  for (let i = from; i < to; i++) text += byteToHex[bytes[i] as number] as string;
  return text;
}

/**
 * Bytes of a hexadecimal text; spaces are skipped.
 * @throws AppError `hex.malformed` on an odd number of digits or any other character.
 */
export function fromHex(text: string): Uint8Array {
  const digits = text.replaceAll(' ', '');
  if (digits.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(digits)) {
    throw new AppError('hex.malformed', 'not an even number of hexadecimal digits', { kind: 'peer' });
  }
  const bytes = new Uint8Array(digits.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}
