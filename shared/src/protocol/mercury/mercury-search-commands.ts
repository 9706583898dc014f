import { fromHex, toHex } from '../../bytes/hex.js';
import { ByteComposer, ByteCursor } from '../byte-cursor.js';
import { opcode, searchFlag, searchOption } from './mercury-constants.js';
import { tagCrc } from './mercury-crc.js';
import type { MercuryRequest } from './mercury-frame.js';
import { decodeTagRecord, encodeTagRecord, type MercuryTagRecord, type TagRecordFields } from './mercury-tag-record.js';

const nothing = new Uint8Array(0);

/** Command 21: read one tag. The reply repeats the option byte when the request has one. */
export interface ReadTagRequest {
  readonly timeoutMs: number;
  readonly option: number | null;
  /** Metadata flags (option bit 10), null without. */
  readonly metadataFlags: number | null;
}

export function readTagRequest(timeoutMs: number): MercuryRequest {
  return { op: opcode.readTag, data: new ByteComposer().u16(timeoutMs).done() };
}

/** Select filters behind the option are not looked at. */
export function decodeReadTagRequest(data: Uint8Array): ReadTagRequest | null {
  const cursor = new ByteCursor(data);
  const timeoutMs = cursor.u16();
  const option = cursor.left > 0 ? cursor.u8() : null;
  const metadataFlags = option !== null && (option & searchOption.metadata) !== 0 ? cursor.u16() : null;
  return cursor.ok ? { timeoutMs, option, metadataFlags } : null;
}

export interface SingleRead {
  readonly option: number | null;
  readonly epc: string;
  readonly epcCrc: number;
}

/** EPC and the tag's CRC; there is no PC word in this reply. The CRC is that of a PC of the EPC's length. */
export function readTagReply(epcHex: string, option: number | null): Uint8Array {
  const epc = fromHex(epcHex);
  const pc = ((epc.length + 1) >>> 1) << 11;
  const covered = new ByteComposer().u16(pc).bytes(epc).done();
  const out = new ByteComposer();
  if (option !== null) out.u8(option);
  return out.bytes(epc).u16(tagCrc(covered)).done();
}

/**
 * EPCs have an even number of bytes, so an odd reply starts with the option byte. Replies with
 * metadata (option bit 10) are not decoded here.
 */
export function decodeReadTagReply(data: Uint8Array): SingleRead | null {
  const cursor = new ByteCursor(data);
  const option = data.length % 2 === 1 ? cursor.u8() : null;
  const epc = toHex(cursor.bytes(cursor.left - 2));
  const epcCrc = cursor.u16();
  return cursor.done ? { option, epc, epcCrc } : null;
}

/** Command 22, asked on its own or as the inner command of 2F. */
export interface SearchRequest {
  readonly option: number;
  /** The second option byte of newer firmware, null without. */
  readonly extendedOption: number | null;
  readonly flags: number;
  readonly timeoutMs: number;
  /** With the flag `dutyCycle`: transmitter pause after each search. */
  readonly offTimeMs: number | null;
  /** Null when the request names none (synchronous searches name them in 29). */
  readonly metadataFlags: number | null;
  /** With a status or statistics stream: which values, see `statisticsFlag`. */
  readonly statisticsFlags: number | null;
  /** With the flag `stopAfterCount`. */
  readonly stopAfterTags: number | null;
  /** Select filter, embedded command and whatever else follows. */
  readonly rest: Uint8Array;
}

export type SearchSetting = Pick<SearchRequest, 'flags' | 'timeoutMs'> & Partial<SearchRequest>;

const streamsStatistics = searchFlag.statusStream | searchFlag.statisticsStream;

/** The metadata bit stands in the last option byte. */
export function namesMetadata(head: Pick<SearchRequest, 'option' | 'extendedOption'>): boolean {
  return ((head.extendedOption ?? head.option) & searchOption.metadata) !== 0;
}

/** The option bytes with the metadata bit set as asked; a second one follows when the first says so. */
function optionBytes(setting: SearchSetting): Pick<SearchRequest, 'option' | 'extendedOption'> {
  const option = setting.option ?? 0;
  const bit = typeof setting.metadataFlags === 'number' ? searchOption.metadata : 0;
  if ((option & searchOption.extended) === 0) return { option: option | bit, extendedOption: null };
  return { option, extendedOption: (setting.extendedOption ?? 0) | bit };
}

/** The request without its opcode, as 2F wants it. */
export function searchData(setting: SearchSetting): Uint8Array {
  const { option, extendedOption } = optionBytes(setting);
  const out = new ByteComposer().u8(option);
  if (extendedOption !== null) out.u8(extendedOption);
  out.u16(setting.flags).u16(setting.timeoutMs);
  if ((setting.flags & searchFlag.dutyCycle) !== 0) out.u16(setting.offTimeMs ?? 0);
  if (typeof setting.metadataFlags === 'number') out.u16(setting.metadataFlags);
  if ((setting.flags & streamsStatistics) !== 0) out.bytes(wideStatisticsFlags(setting.statisticsFlags ?? 0));
  if ((setting.flags & searchFlag.stopAfterCount) !== 0) out.u32(setting.stopAfterTags ?? 0);
  return out.bytes(setting.rest ?? nothing).done();
}

/** Two bytes: the flags as they are while they fit seven bits, else as an extended value. */
function wideStatisticsFlags(flags: number): Uint8Array {
  return flags < 0x80 ? Uint8Array.of(0, flags) : Uint8Array.of(0x80 | (flags >>> 7), flags & 0x7f);
}

function narrowStatisticsFlags(word: number): number {
  return (word & 0x8000) === 0 ? word : (((word >>> 8) & 0x7f) << 7) | (word & 0x7f);
}

export function searchRequest(setting: SearchSetting): MercuryRequest {
  return { op: opcode.search, data: searchData(setting) };
}

export function decodeSearchRequest(data: Uint8Array): SearchRequest | null {
  const cursor = new ByteCursor(data);
  const option = cursor.u8();
  const extendedOption = (option & searchOption.extended) !== 0 ? cursor.u8() : null;
  const flags = cursor.u16();
  const timeoutMs = cursor.u16();
  const offTimeMs = (flags & searchFlag.dutyCycle) !== 0 ? cursor.u16() : null;
  const metadataFlags = namesMetadata({ option, extendedOption }) && cursor.left >= 2 ? cursor.u16() : null;
  const statisticsFlags =
    (flags & streamsStatistics) !== 0 && cursor.left >= 2 ? narrowStatisticsFlags(cursor.u16()) : null;
  const stopAfterTags = (flags & searchFlag.stopAfterCount) !== 0 ? cursor.u32() : null;
  const rest = cursor.rest().slice();
  if (!cursor.done) return null;
  return { option, extendedOption, flags, timeoutMs, offTimeMs, metadataFlags, statisticsFlags, stopAfterTags, rest };
}

/** How wide firmware writes the count of a synchronous search: early modules one byte, later ones four. */
export type SearchCountLayout = 'u8' | 'u32';

export interface SearchCount {
  readonly option: number;
  readonly extendedOption: number | null;
  readonly flags: number;
  readonly tags: number;
}

export function searchCountReply(count: SearchCount, layout: SearchCountLayout): Uint8Array {
  const out = new ByteComposer().u8(count.option);
  if (count.extendedOption !== null) out.u8(count.extendedOption);
  out.u16(count.flags);
  return (layout === 'u8' ? out.u8(Math.min(count.tags, 0xff)) : out.u32(count.tags)).done();
}

/** The reply's length tells its layout: 4 or 5 bytes end in a u8, 7 or 8 in a u32. */
export function decodeSearchCountReply(data: Uint8Array): SearchCount | null {
  const { length } = data;
  if (length !== 4 && length !== 5 && length !== 7 && length !== 8) return null;
  const cursor = new ByteCursor(data);
  const option = cursor.u8();
  const extendedOption = length === 5 || length === 8 ? cursor.u8() : null;
  return { option, extendedOption, flags: cursor.u16(), tags: length < 6 ? cursor.u8() : cursor.u32() };
}

export interface TagBufferRequest {
  readonly metadataFlags: number;
  /** Bit 0: the records that were just sent are sent once more. */
  readonly option: number;
}

export function tagBufferRequest(metadataFlags: number, option = 0): MercuryRequest {
  return { op: opcode.tagBuffer, data: new ByteComposer().u16(metadataFlags).u8(option).done() };
}

/** `indices` is the request without data. */
export function decodeTagBufferRequest(data: Uint8Array): TagBufferRequest | 'indices' | null {
  if (data.length === 0) return 'indices';
  const cursor = new ByteCursor(data);
  const request = { metadataFlags: cursor.u16(), option: cursor.u8() };
  return cursor.done ? request : null;
}

export interface TagBufferReply {
  readonly metadataFlags: number;
  readonly option: number;
  readonly records: readonly MercuryTagRecord[];
  /** Records that the reply announced and that were malformed or missing. */
  readonly refused: number;
}

export function tagBufferReply(request: TagBufferRequest, records: readonly TagRecordFields[]): Uint8Array {
  const out = new ByteComposer().u16(request.metadataFlags).u8(request.option).u8(records.length);
  for (const record of records) out.bytes(encodeTagRecord(record, request.metadataFlags));
  return out.done();
}

/** A malformed record ends the reading, since nothing behind it can be trusted. Null on a bad head. */
export function decodeTagBufferReply(data: Uint8Array): TagBufferReply | null {
  const cursor = new ByteCursor(data);
  const metadataFlags = cursor.u16();
  const option = cursor.u8();
  const announced = cursor.u8();
  if (!cursor.ok) return null;
  const records: MercuryTagRecord[] = [];
  while (records.length < announced) {
    const record = decodeTagRecord(cursor, metadataFlags);
    if (record === null) break;
    records.push(record);
  }
  return { metadataFlags, option, records, refused: announced - records.length };
}

/** Write and read index of the tag buffer. */
export function tagBufferIndicesReply(writeIndex: number, readIndex: number): Uint8Array {
  return new ByteComposer().u16(writeIndex).u16(readIndex).done();
}

export function decodeTagBufferIndicesReply(data: Uint8Array): { writeIndex: number; readIndex: number } | null {
  const cursor = new ByteCursor(data);
  const indices = { writeIndex: cursor.u16(), readIndex: cursor.u16() };
  return cursor.done ? indices : null;
}

export function clearTagBufferRequest(): MercuryRequest {
  return { op: opcode.clearTagBuffer, data: nothing };
}
