import { crc32c } from '@tagtrail/shared/bytes/crc.js';
import { utf8Bytes, utf8Text } from '@tagtrail/shared/bytes/utf8.js';
import { canonicalJson, type Json } from '@tagtrail/shared/chain/canonical.js';
import { hex64, logId, sequence } from '@tagtrail/shared/events/fields.js';
import type { TraceEvent } from '@tagtrail/shared/events/trace-event.js';
import { z } from 'zod';

/**
 * A segment of the journal on the disk. All integers are little-endian.
 *
 *     "TTJRNL01"  [u32 crc][u32 length][header: canonical JSON]
 *                 [u32 crc][u32 group | length][32 bytes chain before][body: canonical JSON] ...
 *                 zeros up to the size that was taken for the file
 *
 * `crc` is CRC-32C over everything of the frame that follows it. The highest bit of the length,
 * `group`, marks the first record of each synced group: a group is written only when the group
 * before it is on the medium, so a marked record proves that everything before it was confirmed.
 */
export const segmentMagic = utf8Bytes('TTJRNL01');
export const recordLimit = 1024 * 1024;
const groupBit = 0x8000_0000;
const frameBytes = 8;
const chainBytes = 32;

const segmentHeader = z.strictObject({
  v: z.literal(1),
  tenant: z.string(),
  cabinet: z.string(),
  log: logId,
  first: sequence,
  /** The chain value before `first`. */
  prev: hex64,
});
export type SegmentHeader = z.infer<typeof segmentHeader>;

export function encodeHeader(header: SegmentHeader): Uint8Array {
  const body = utf8Bytes(canonicalJson(header));
  const bytes = new Uint8Array(segmentMagic.length + frameBytes + body.length);
  bytes.set(segmentMagic, 0);
  bytes.set(body, segmentMagic.length + frameBytes);
  sealFrame(bytes, segmentMagic.length, body.length);
  return bytes;
}

/** The header and where the first record begins, or undefined when it is not whole. */
export function decodeHeader(bytes: Uint8Array): { header: SegmentHeader; end: number } | undefined {
  if (bytes.length < segmentMagic.length + frameBytes) return undefined;
  if (!segmentMagic.every((byte, i) => bytes[i] === byte)) return undefined;
  const start = segmentMagic.length;
  const length = view(bytes).getUint32(start + 4, true);
  const end = start + frameBytes + length;
  if (length > 4096 || end > bytes.length || !sealHolds(bytes, start, end)) return undefined;
  const parsed = segmentHeader.safeParse(jsonOf(bytes.subarray(start + frameBytes, end)));
  return parsed.success ? { header: parsed.data, end } : undefined;
}

export interface RecordToWrite {
  /** The canonical JSON of the event. */
  readonly body: Uint8Array;
  /** The chain value before the event, 64 hexadecimal digits. */
  readonly prev: string;
  /** True for the first record of a group that is synced as one. */
  readonly startsGroup: boolean;
}

/** The bytes of consecutive records, to be written with one call. */
export function encodeRecords(records: readonly RecordToWrite[]): Uint8Array {
  const total = records.reduce((sum, record) => sum + recordSize(record.body.length), 0);
  const bytes = new Uint8Array(total);
  let at = 0;
  for (const { body, prev, startsGroup } of records) {
    const chainAt = at + frameBytes;
    for (let i = 0; i < chainBytes; i++) bytes[chainAt + i] = Number.parseInt(prev.slice(2 * i, 2 * i + 2), 16);
    bytes.set(body, chainAt + chainBytes);
    const length = chainBytes + body.length;
    sealFrame(bytes, at, startsGroup ? (length | groupBit) >>> 0 : length);
    at += recordSize(body.length);
  }
  return bytes;
}

/** Bytes that a record with a body of `bodyBytes` takes in the file. */
export function recordSize(bodyBytes: number): number {
  return frameBytes + chainBytes + bodyBytes;
}

export type DecodedRecord =
  | {
      readonly kind: 'record';
      readonly event: TraceEvent;
      readonly body: Uint8Array;
      readonly prev: string;
      readonly startsGroup: boolean;
      /** Where the next record begins. */
      readonly end: number;
    }
  /** Nothing was written here: the end of the bytes, or zeros. */
  | { readonly kind: 'end' }
  | { readonly kind: 'bad' };

const bad: DecodedRecord = { kind: 'bad' };

/** The record at `at`. Never throws, whatever the bytes are. */
export function decodeRecord(bytes: Uint8Array, at: number): DecodedRecord {
  if (at >= bytes.length || isZero(bytes, at, Math.min(bytes.length, at + frameBytes))) return { kind: 'end' };
  if (at + frameBytes + chainBytes > bytes.length) return bad;
  const word = view(bytes).getUint32(at + 4, true);
  const length = word & ~groupBit;
  const end = at + frameBytes + length;
  if (length <= chainBytes || length > recordLimit + chainBytes || end > bytes.length) return bad;
  if (!sealHolds(bytes, at, end)) return bad;
  const body = bytes.subarray(at + frameBytes + chainBytes, end);
  const event = jsonOf(body) as TraceEvent | undefined;
  if (!Number.isSafeInteger(event?.seq) || typeof event?.at !== 'string') return bad;
  const prev = hexOf(bytes, at + frameBytes);
  return { kind: 'record', event, body, prev, startsGroup: (word & groupBit) !== 0, end };
}

/** The body of an event as it stands in the journal and as the chain hashes it. */
export function encodeBody(event: TraceEvent): Uint8Array {
  return utf8Bytes(canonicalJson(event as unknown as Json));
}

/** `word` is the length of what follows the frame's two integers, with the mark of the group. */
function sealFrame(bytes: Uint8Array, at: number, word: number): void {
  const words = view(bytes);
  words.setUint32(at + 4, word, true);
  words.setUint32(at, crc32c(bytes, at + 4, at + frameBytes + (word & ~groupBit)), true);
}

function sealHolds(bytes: Uint8Array, at: number, end: number): boolean {
  return view(bytes).getUint32(at, true) === crc32c(bytes, at + 4, end);
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function isZero(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (bytes[i] !== 0) return false;
  return true;
}

function hexOf(bytes: Uint8Array, at: number): string {
  let text = '';
  for (let i = at; i < at + chainBytes; i++) text += (bytes[i] as number).toString(16).padStart(2, '0');
  return text;
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(utf8Text(bytes));
  } catch {
    return undefined;
  }
}
