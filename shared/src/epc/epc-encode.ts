import { AppError } from '../error.js';
import {
  type EpcLayout,
  type EpcPartition,
  epcBits,
  headBits,
  layoutOfScheme,
  layoutOfTagName,
  partitionFields,
} from './epc-scheme.js';

/**
 * The memory contents that carry an identity, as 24 upper-case hex digits (or as many as a raw URI names).
 * @param uri pure identity (`urn:epc:id:...`), tag URI (`urn:epc:tag:giai-96:3...`) or raw URI
 * @param filter 0..7 for a pure identity; a tag URI brings its own
 * @throws AppError `epc.not_encodable`. The 96-bit forms are numbers: letters, leading zeros and
 * serials that are too large are refused, never changed.
 */
export function encodeEpc(uri: string, filter = 0): string {
  const raw = /^urn:epc:raw:(\d+)\.x([0-9A-Fa-f]+)$/.exec(uri);
  if (raw !== null) {
    const [, bits, hex = ''] = raw;
    if (Number(bits) !== hex.length * 4) refuse(uri, 'its length does not fit its digits');
    return hex.toUpperCase();
  }
  const pure = /^urn:epc:id:([a-z]+):(.+)$/.exec(uri);
  if (pure !== null) return pack(uri, layoutOfScheme(pure[1] ?? ''), { filter, identity: pure[2] ?? '' });
  const tag = /^urn:epc:tag:([a-z]+-\d+):([0-7])\.(.+)$/.exec(uri);
  if (tag !== null) {
    return pack(uri, layoutOfTagName(tag[1] ?? ''), { filter: Number(tag[2]), identity: tag[3] ?? '' });
  }
  return refuse(uri, 'it is not an EPC identity');
}

interface Parts {
  readonly filter: number;
  readonly identity: string;
}

function pack(uri: string, layout: EpcLayout | null, parts: Parts): string {
  if (layout === null) return refuse(uri, 'only SGTIN, SSCC, GRAI and GIAI in 96 bits are supported');
  if (!Number.isInteger(parts.filter) || parts.filter < 0 || parts.filter > 7) refuse(uri, 'the filter is not 0 to 7');
  const fields = parts.identity.split('.');
  if (fields.length !== (layout.serialBits === null ? 2 : 3)) refuse(uri, 'it has the wrong number of parts');
  const [prefix = '', reference = '', serial] = fields;
  const partition = partitionOf(uri, prefix);
  const head = (BigInt(layout.header) << 6n) | (BigInt(parts.filter) << 3n) | BigInt(12 - partition.prefixDigits);

  const referenceBits = layout.identityBits - partition.prefixBits;
  let bits = (head << BigInt(partition.prefixBits)) | BigInt(prefix);
  bits = (bits << BigInt(referenceBits)) | referenceNumber(uri, reference, { layout, partition, referenceBits });
  let used = headBits + layout.identityBits;
  if (layout.serialBits !== null) {
    bits = (bits << BigInt(layout.serialBits)) | plainNumber(uri, serial ?? '', layout.serialBits);
    used += layout.serialBits;
  }
  const memory = bits << BigInt(epcBits - used);
  return memory
    .toString(16)
    .padStart(epcBits / 4, '0')
    .toUpperCase();
}

function partitionOf(uri: string, prefix: string): EpcPartition {
  const partition = /^\d{6,12}$/.test(prefix) ? partitionFields(12 - prefix.length) : null;
  return partition ?? refuse(uri, 'a company prefix has 6 to 12 digits');
}

interface ReferencePlace {
  readonly layout: EpcLayout;
  readonly partition: EpcPartition;
  readonly referenceBits: number;
}

function referenceNumber(uri: string, text: string, place: ReferencePlace): bigint {
  if (place.layout.identityDigits === null) return plainNumber(uri, text, place.referenceBits);
  const width = place.layout.identityDigits - place.partition.prefixDigits;
  if (text.length !== width || !/^\d*$/.test(text)) refuse(uri, `its reference does not have ${width} digits`);
  return text === '' ? 0n : BigInt(text);
}

/** A number whose text form is exactly what decoding will give back. */
function plainNumber(uri: string, text: string, bits: number): bigint {
  if (!/^\d+$/.test(text)) refuse(uri, 'its serial has other characters than digits');
  if (text.length > 1 && text.startsWith('0')) refuse(uri, 'its serial has a leading zero');
  const value = BigInt(text);
  if (value >= 1n << BigInt(bits)) refuse(uri, 'its serial is too large');
  return value;
}

function refuse(uri: string, why: string): never {
  throw new AppError('epc.not_encodable', `This identity cannot be written to a 96-bit tag: ${why}.`, {
    kind: 'operator',
    detail: { uri },
  });
}
