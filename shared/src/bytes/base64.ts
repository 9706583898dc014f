const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
/** By character code; 255 for what is no digit. */
const valueOfCode = new Uint8Array(128).fill(255);
for (let value = 0; value < 64; value++) valueOfCode[alphabet.charCodeAt(value)] = value;

const codeOfValue = Uint8Array.from(alphabet, (digit) => digit.charCodeAt(0));
const padding = '='.charCodeAt(0);
/** Bytes that become one text at a time: as many character codes as a call takes with ease. */
const chunkBytes = 3 * 1024;

/** Standard base64 with padding (RFC 4648 section 4). */
export function base64OfBytes(bytes: Uint8Array): string {
  if (bytes.length <= chunkBytes) return base64OfChunk(bytes, 0, bytes.length);
  let text = '';
  for (let from = 0; from < bytes.length; from += chunkBytes)
    text += base64OfChunk(bytes, from, Math.min(bytes.length, from + chunkBytes));
  return text;
}

/** One text of all character codes: put together digit by digit, each step would leave a text behind. */
function base64OfChunk(bytes: Uint8Array, from: number, to: number): string {
  const codes = new Array<number>(Math.ceil((to - from) / 3) * 4);
  let at = 0;
  for (let i = from; i < to; i += 3) {
    const word = ((bytes[i] as number) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    codes[at++] = codeOfValue[word >> 18] as number;
    codes[at++] = codeOfValue[(word >> 12) & 63] as number;
    codes[at++] = i + 1 < to ? (codeOfValue[(word >> 6) & 63] as number) : padding;
    codes[at++] = i + 2 < to ? (codeOfValue[word & 63] as number) : padding;
  }
  return String.fromCharCode.apply(null, codes);
}

/** The bytes of standard base64; undefined for anything that `base64OfBytes` would not have written. */
export function bytesOfBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0) return undefined;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const digits = text.length - padding;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  let bits = 0;
  let held = 0;
  let at = 0;
  for (let i = 0; i < digits; i++) {
    const value = valueOfCode[text.charCodeAt(i)];
    if (value === undefined || value === 255) return undefined;
    bits = ((bits << 6) | value) & 0xffff;
    held += 6;
    if (held >= 8) {
      held -= 8;
      bytes[at++] = (bits >> held) & 0xff;
    }
  }
  // Bits left over must be zero: one value has one spelling.
  return (bits & ((1 << held) - 1)) === 0 ? bytes : undefined;
}
