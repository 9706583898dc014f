import { fromHex } from '@tagtrail/shared/bytes/hex.js';
import { ByteComposer, ByteCursor } from '@tagtrail/shared/protocol/byte-cursor.js';
import { searchOption } from '@tagtrail/shared/protocol/mercury/mercury-constants.js';
import { tagCrc } from '@tagtrail/shared/protocol/mercury/mercury-crc.js';
import { status } from '@tagtrail/shared/protocol/mercury/mercury-status.js';
import { encodeMetadata } from '@tagtrail/shared/protocol/mercury/mercury-tag-record.js';
import type { HeardTag } from './air-search.js';
import { type Answer, done, refused } from './answer.js';
import { recordOf } from './tag-buffer.js';

/** Memory of a tag that is found locked by its owner or has no such place. */
const memoryOverrun = 0x0423;
const memoryLocked = 0x0424;

const bank = { reserved: 0, epc: 1, tid: 2 } as const;

export interface ReadDataRequest {
  readonly timeoutMs: number;
  readonly option: number;
  /** Null when the answer is to have no metadata. */
  readonly metadataFlags: number | null;
  readonly bank: number;
  readonly wordAddress: number;
  readonly words: number;
}

/** Command 28: `timeout u16, option, [metadata flags], bank, word address u32, words`. Null when malformed. */
export function decodeReadDataRequest(data: Uint8Array): ReadDataRequest | null {
  const cursor = new ByteCursor(data);
  const timeoutMs = cursor.u16();
  const option = cursor.u8();
  const metadataFlags = (option & searchOption.metadata) !== 0 ? cursor.u16() : null;
  const request = {
    timeoutMs,
    option,
    metadataFlags,
    bank: cursor.u8(),
    wordAddress: cursor.u32(),
    words: cursor.u8(),
  };
  return cursor.ok ? request : null;
}

function memoryOf(epc: string, place: number): Uint8Array | null {
  const bytes = fromHex(epc);
  if (place === bank.epc) {
    const covered = new ByteComposer()
      .u16((bytes.length >>> 1) << 11)
      .bytes(bytes)
      .done();
    return new ByteComposer().u16(tagCrc(covered)).bytes(covered).done();
  }
  // A class identifier and model that are in no register, then a serial number made of the EPC.
  if (place === bank.tid) return Uint8Array.of(0xe2, 0x80, 0x11, 0x60, ...bytes.slice(-8));
  return place === bank.reserved ? null : new Uint8Array(0);
}

/**
 * What the tag answers; the EPC and TID banks can be read by anybody. Metadata stands in front of
 * the data, and its own data field is empty.
 */
export function readTagMemory(tag: HeardTag, request: ReadDataRequest): Answer {
  const memory = memoryOf(tag.epc, request.bank);
  if (memory === null) return refused(memoryLocked);
  const from = request.wordAddress * 2;
  const to = request.words === 0 ? memory.length : from + request.words * 2;
  if (from >= memory.length || to > memory.length) return refused(memoryOverrun);
  const data = memory.slice(from, to);
  if (data.length === 0) return refused(status.noData);
  const { option, metadataFlags } = request;
  if (metadataFlags === null) return done(Uint8Array.of(option, ...data));
  const head = new ByteComposer()
    .u8(option)
    .u16(metadataFlags)
    .bytes(encodeMetadata(recordOf(tag), metadataFlags));
  return done(head.bytes(data).done());
}

/** Writing, locking and killing: the tags of a cabinet are locked by their owner. */
export function refuseWriting(): Answer {
  return refused(memoryLocked);
}
