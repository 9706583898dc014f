/** The forms in which a badge number is printed on cards. The ten hex digits stay the identity. */
export interface BadgePrintForms {
  /** The four tag bytes as an unsigned decimal of ten digits. */
  readonly decimal: string;
  /** Second tag byte, and the last two, e.g. `100.19382`. */
  readonly facilityAndNumber: string;
}

/** Null when `number` is not ten hexadecimal digits. */
export function badgePrintForms(number: string): BadgePrintForms | null {
  if (!/^[0-9A-Fa-f]{10}$/.test(number)) return null;
  const facility = Number.parseInt(number.slice(4, 6), 16);
  const card = Number.parseInt(number.slice(6), 16);
  return {
    decimal: String(Number.parseInt(number.slice(2), 16)).padStart(10, '0'),
    facilityAndNumber: `${facility}.${card}`,
  };
}
