/** The 96-bit schemes of the GS1 EPC Tag Data Standard 1.13 that tools and their containers carry. */
export type EpcScheme = 'sgtin' | 'sscc' | 'grai' | 'giai';

export interface EpcLayout {
  readonly scheme: EpcScheme;
  /** Name in tag URIs. */
  readonly tagName: string;
  /** First byte of the tag's memory. */
  readonly header: number;
  /** Bits of company prefix and reference together. */
  readonly identityBits: number;
  /** Digits of company prefix and reference together; null when the reference has no fixed length (GIAI). */
  readonly identityDigits: number | null;
  /** Bits of the serial number, null when the scheme has none. */
  readonly serialBits: number | null;
}

const layouts: readonly EpcLayout[] = [
  { scheme: 'sgtin', tagName: 'sgtin-96', header: 0x30, identityBits: 44, identityDigits: 13, serialBits: 38 },
  { scheme: 'sscc', tagName: 'sscc-96', header: 0x31, identityBits: 58, identityDigits: 17, serialBits: null },
  { scheme: 'grai', tagName: 'grai-96', header: 0x33, identityBits: 44, identityDigits: 12, serialBits: 38 },
  { scheme: 'giai', tagName: 'giai-96', header: 0x34, identityBits: 82, identityDigits: null, serialBits: null },
];

export const epcBits = 96;

/** Bits for header, filter and partition. */
export const headBits = 14;

/** Bits of the company prefix by partition; partition 0 has 12 digits, partition 6 has 6. */
const prefixBitsByPartition: readonly number[] = [40, 37, 34, 30, 27, 24, 20];

export interface EpcPartition {
  readonly prefixDigits: number;
  readonly prefixBits: number;
}

export function layoutOfHeader(header: number): EpcLayout | null {
  return layouts.find((layout) => layout.header === header) ?? null;
}

export function layoutOfScheme(name: string): EpcLayout | null {
  return layouts.find((layout) => layout.scheme === name) ?? null;
}

export function layoutOfTagName(name: string): EpcLayout | null {
  return layouts.find((layout) => layout.tagName === name) ?? null;
}

/** Null for partition 7, which the standard does not use. */
export function partitionFields(partition: number): EpcPartition | null {
  const prefixBits = prefixBitsByPartition[partition];
  return prefixBits === undefined ? null : { prefixDigits: 12 - partition, prefixBits };
}
