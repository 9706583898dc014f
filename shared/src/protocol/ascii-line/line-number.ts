/** How the text of a number becomes the identity of a badge. */
export interface LineNumberForm {
  readonly radix: 10 | 16;
  /** Hexadecimal digits of the identity; shorter numbers get zeros in front. */
  readonly digits: number;
}

/** Null for what is no number, or one with more digits: cutting it could merge two badges. */
export function lineNumber(text: string, { radix, digits }: LineNumberForm): string | null {
  if (!(radix === 10 ? /^\d{1,64}$/ : /^[0-9A-Fa-f]{1,64}$/).test(text)) return null;
  const hex = BigInt(radix === 10 ? text : `0x${text}`)
    .toString(16)
    .toUpperCase();
  return hex.length > digits ? null : hex.padStart(digits, '0');
}
