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
  const digits = text.includes(' ') ? text.replaceAll(' ', '') : text;
  const bytes = new Uint8Array(digits.length >> 1);
  let isWrong = digits.length % 2 !== 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = (digitOf(digits.charCodeAt(2 * i)) << 4) | digitOf(digits.charCodeAt(2 * i + 1));
    isWrong ||= byte < 0;
    bytes[i] = byte;
  }
  if (isWrong) throw new AppError('hex.malformed', 'not an even number of hexadecimal digits', { kind: 'peer' });
  return bytes;
}

/** Of one digit by its character code; -1 for anything else, which stays negative when shifted and joined. */
function digitOf(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  const letter = code & ~32;
  return letter >= 65 && letter <= 70 ? letter - 55 : -1;
}
