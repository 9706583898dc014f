const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
/** By character code; 255 for what is no digit. */
const valueOfCode = new Uint8Array(128).fill(255);
for (let value = 0; value < 64; value++) valueOfCode[alphabet.charCodeAt(value)] = value;

/** The two digits of each twelve bits. */
const pairs: readonly string[] = Array.from(
  { length: 4096 },
  (_, bits) => alphabet.charAt(bits >> 6) + alphabet.charAt(bits & 63),
);

/** Standard base64 with padding (RFC 4648 section 4). */
export function base64OfBytes(bytes: Uint8Array): string {
  const whole = bytes.length - (bytes.length % 3);
  let text = '';
  for (let i = 0; i < whole; i += 3) {
    const word = ((bytes[i] as number) << 16) | ((bytes[i + 1] as number) << 8) | (bytes[i + 2] as number);
    text += (pairs[word >> 12] as string) + (pairs[word & 4095] as string);
  }
  const left = bytes.length - whole;
  if (left === 0) return text;
  const word = ((bytes[whole] as number) << 16) | ((bytes[whole + 1] ?? 0) << 8);
  return `${text}${pairs[word >> 12]}${left === 2 ? `${alphabet.charAt((word >> 6) & 63)}=` : '=='}`;
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
