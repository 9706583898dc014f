import { fromHex, toHex } from '../../bytes/hex.js';
import { createHexIntern } from '../../bytes/hex-intern.js';
import { ByteComposer, type ByteCursor } from '../byte-cursor.js';
import { metadataFlag } from './mercury-constants.js';
import { tagCrc } from './mercury-crc.js';

/** One tag as the reader reports it. Fields that the metadata flags leave out are null. */
export interface MercuryTagRecord {
  readonly readCount: number | null;
  readonly rssiDbm: number | null;
  /** 1..16 */
  readonly txPort: number | null;
  /** 1..16 */
  readonly rxPort: number | null;
  readonly frequencyKHz: number | null;
  /** Milliseconds since the round began. */
  readonly timestampMs: number | null;
  readonly phase: number | null;
  readonly protocol: number | null;
  /** Data of an embedded command; `bits` is its length. */
  readonly data: { readonly bits: number; readonly bytes: Uint8Array } | null;
  /** Status of an embedded command that failed. */
  readonly dataError: number | null;
  readonly gpio: number | null;
  readonly q: number | null;
  readonly linkFrequency: number | null;
  readonly target: number | null;
  readonly brandId: number | null;
  readonly tagType: number | null;
  /** Protocol control word. */
  readonly pc: number;
  /** Extended protocol control words, upper-case hex; empty for nearly every tag. */
  readonly xpc: string;
  /** Upper-case hex, without PC, XPC and CRC. */
  readonly epc: string;
  readonly epcCrc: number;
  /** False when the CRC that came from the tag does not fit PC, XPC and EPC. */
  readonly epcCrcValid: boolean;
}

/** More tags than a cabinet and its surroundings show. */
const epcText = createHexIntern(4096);

const xpcFollows = 0x0200;
const secondXpcFollows = 0x8000;

/**
 * Reads one record at the cursor. Null when the record is malformed, also when the frame that
 * carries it has the right CRC: such frames come from the field (EPC of -2 bytes).
 */
export function decodeTagRecord(cursor: ByteCursor, flags: number): MercuryTagRecord | null {
  const has = (flag: number): boolean => (flags & flag) !== 0;
  const readCount = has(metadataFlag.readCount) ? cursor.u8() : null;
  const rssiDbm = has(metadataFlag.rssi) ? cursor.s8() : null;
  const antenna = has(metadataFlag.antenna) ? cursor.u8() : null;
  const frequencyKHz = has(metadataFlag.frequency) ? cursor.u24() : null;
  const timestampMs = has(metadataFlag.timestamp) ? cursor.u32() : null;
  const phase = has(metadataFlag.phase) ? cursor.u16() : null;
  const protocol = has(metadataFlag.protocol) ? cursor.u8() : null;
  const embedded = has(metadataFlag.data) ? decodeEmbedded(cursor) : { data: null, dataError: null };
  const gpio = has(metadataFlag.gpio) ? cursor.u8() : null;
  const q = has(metadataFlag.q) ? cursor.u8() : null;
  const linkFrequency = has(metadataFlag.linkFrequency) ? cursor.u8() : null;
  const target = has(metadataFlag.target) ? cursor.u8() : null;
  const brandId = has(metadataFlag.brandId) ? cursor.u16() : null;
  const tagType = has(metadataFlag.tagType) ? cursor.u8() : null;
  const identity = decodeIdentity(cursor.bytes((cursor.u16() + 7) >>> 3));
  if (!cursor.ok || identity === null) return null;
  return {
    readCount,
    rssiDbm,
    txPort: antenna === null ? null : antenna >>> 4 || 16,
    rxPort: antenna === null ? null : antenna & 0x0f || 16,
    frequencyKHz,
    timestampMs,
    phase,
    protocol,
    ...embedded,
    gpio,
    q,
    linkFrequency,
    target,
    brandId,
    tagType,
    ...identity,
  };
}

function decodeEmbedded(cursor: ByteCursor): Pick<MercuryTagRecord, 'data' | 'dataError'> {
  const bits = cursor.u16();
  if ((bits & 0x8000) !== 0) return { data: null, dataError: cursor.u16() };
  return { data: { bits, bytes: cursor.bytes((bits + 7) >>> 3).slice() }, dataError: null };
}

/** PC, XPC words, EPC and the tag's CRC, in this order. */
function decodeIdentity(
  field: Uint8Array,
): Pick<MercuryTagRecord, 'pc' | 'xpc' | 'epc' | 'epcCrc' | 'epcCrcValid'> | null {
  const pc = wordAt(field, 0);
  let xpcBytes = 0;
  if ((pc & xpcFollows) !== 0) xpcBytes = (wordAt(field, 2) & secondXpcFollows) === 0 ? 2 : 4;
  const epcAt = 2 + xpcBytes;
  const crcAt = field.length - 2;
  if (crcAt < epcAt) return null;
  const epcCrc = wordAt(field, crcAt);
  return {
    pc,
    xpc: xpcBytes === 0 ? '' : toHex(field, 2, epcAt),
    epc: epcText(field, epcAt, crcAt),
    epcCrc,
    epcCrcValid: tagCrc(field, 0, crcAt) === epcCrc,
  };
}

/** Zeros stand for what is not there. */
function wordAt(field: Uint8Array, at: number): number {
  return ((field[at] ?? 0) << 8) | (field[at + 1] ?? 0);
}

/** What a reader knows of a tag when it reports it; the rest has a usual value. */
export type TagRecordFields = Pick<MercuryTagRecord, 'epc'> & Partial<Omit<MercuryTagRecord, 'epc' | 'epcCrcValid'>>;

/**
 * The bytes of one record with the fields that `flags` name. PC and the tag's CRC are computed
 * when they are not given.
 * @throws AppError `hex.malformed` when the EPC is not hex.
 */
export function encodeTagRecord(record: TagRecordFields, flags: number): Uint8Array {
  const identity = encodeIdentity(record);
  return composeMetadata(record, flags)
    .u16(identity.length * 8)
    .bytes(identity)
    .done();
}

/** The fields that `flags` name and nothing else; a single read puts them in front of its EPC. */
export function encodeMetadata(record: TagRecordFields, flags: number): Uint8Array {
  return composeMetadata(record, flags).done();
}

function composeMetadata(record: TagRecordFields, flags: number): ByteComposer {
  const has = (flag: number): boolean => (flags & flag) !== 0;
  const out = new ByteComposer();
  if (has(metadataFlag.readCount)) out.u8(record.readCount ?? 1);
  if (has(metadataFlag.rssi)) out.u8(record.rssiDbm ?? -60);
  if (has(metadataFlag.antenna))
    out.u8((((record.txPort ?? 1) & 0x0f) << 4) | ((record.rxPort ?? record.txPort ?? 1) & 0x0f));
  if (has(metadataFlag.frequency)) out.u24(record.frequencyKHz ?? 865_700);
  if (has(metadataFlag.timestamp)) out.u32(record.timestampMs ?? 0);
  if (has(metadataFlag.phase)) out.u16(record.phase ?? 0);
  if (has(metadataFlag.protocol)) out.u8(record.protocol ?? 5);
  if (has(metadataFlag.data)) {
    if (typeof record.dataError === 'number') out.u16(0x8000).u16(record.dataError);
    else out.u16(record.data?.bits ?? 0).bytes(record.data?.bytes ?? []);
  }
  if (has(metadataFlag.gpio)) out.u8(record.gpio ?? 0);
  if (has(metadataFlag.q)) out.u8(record.q ?? 0);
  if (has(metadataFlag.linkFrequency)) out.u8(record.linkFrequency ?? 0);
  if (has(metadataFlag.target)) out.u8(record.target ?? 0);
  if (has(metadataFlag.brandId)) out.u16(record.brandId ?? 0);
  if (has(metadataFlag.tagType)) out.u8(record.tagType ?? 0);
  return out;
}

/** More tags than a simulated reader hears. */
const identitiesKept = 4096;
const plainIdentities = new Map<string, Uint8Array>();

function encodeIdentity(record: TagRecordFields): Uint8Array {
  if (record.pc !== undefined || record.epcCrc !== undefined || (record.xpc ?? '') !== '')
    return composeIdentity(record);
  // Nothing but the EPC decides, and a reader says the same few over and over.
  const known = plainIdentities.get(record.epc);
  if (known !== undefined) return known;
  const identity = composeIdentity(record);
  if (plainIdentities.size >= identitiesKept) plainIdentities.clear();
  plainIdentities.set(record.epc, identity);
  return identity;
}

function composeIdentity(record: TagRecordFields): Uint8Array {
  const epc = fromHex(record.epc);
  const xpc = fromHex(record.xpc ?? '');
  const pc = record.pc ?? ((((epc.length + 1) >>> 1) << 11) | (xpc.length > 0 ? xpcFollows : 0)) & 0xffff;
  const out = new ByteComposer().u16(pc).bytes(xpc).bytes(epc);
  return out.u16(record.epcCrc ?? tagCrc(out.done())).done();
}
