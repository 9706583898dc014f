import { type EpcScheme, epcBits, headBits, layoutOfHeader, partitionFields } from './epc-scheme.js';

export interface DecodedEpc {
  readonly scheme: EpcScheme;
  /** 0..7, what kind of thing is tagged; not part of the identity. */
  readonly filter: number;
  /** Pure identity, e.g. `urn:epc:id:giai:0614141.5678`. */
  readonly uri: string;
  /** The same with scheme width and filter, e.g. `urn:epc:tag:giai-96:3.0614141.5678`. */
  readonly tagUri: string;
}

/**
 * Reads the contents of a tag's EPC memory.
 * Source: GS1 EPC Tag Data Standard 1.13, section 14.
 * @param hex 24 hexadecimal digits
 * @returns null for everything that is not a well-formed SGTIN-96, SSCC-96, GRAI-96 or GIAI-96;
 * most cheap tags carry a maker's number, so this is usual and no error.
 */
export function decodeEpc(hex: string): DecodedEpc | null {
  if (!/^[0-9A-Fa-f]{24}$/.test(hex)) return null;
  const bits = BigInt(`0x${hex}`);
  const layout = layoutOfHeader(Number(bits >> 88n));
  const partition = partitionFields(Number((bits >> 82n) & 7n));
  if (layout === null || partition === null) return null;

  let left = epcBits - headBits;
  const take = (width: number): bigint => {
    left -= width;
    return (bits >> BigInt(left)) & ((1n << BigInt(width)) - 1n);
  };
  const prefix = digits(take(partition.prefixBits), partition.prefixDigits);
  const reference = take(layout.identityBits - partition.prefixBits);
  const referenceText =
    layout.identityDigits === null
      ? String(reference)
      : digits(reference, layout.identityDigits - partition.prefixDigits);
  if (prefix === null || referenceText === null) return null;
  const serial = layout.serialBits === null ? null : take(layout.serialBits);
  if (take(left) !== 0n) return null;

  const filter = Number((bits >> 85n) & 7n);
  const identity = serial === null ? `${prefix}.${referenceText}` : `${prefix}.${referenceText}.${serial}`;
  return {
    scheme: layout.scheme,
    filter,
    uri: `urn:epc:id:${layout.scheme}:${identity}`,
    tagUri: `urn:epc:tag:${layout.tagName}:${filter}.${identity}`,
  };
}

/** `value` in exactly `width` digits, or null when it needs more. No digits are the empty text. */
function digits(value: bigint, width: number): string | null {
  if (value >= 10n ** BigInt(width)) return null;
  return width === 0 ? '' : String(value).padStart(width, '0');
}
