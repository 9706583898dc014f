import { ByteComposer, ByteCursor } from '../byte-cursor.js';
import { gen2Protocol, opcode, searchFlag, searchOption } from './mercury-constants.js';
import type { MercuryReply, MercuryRequest } from './mercury-frame.js';
import {
  decodeSearchRequest,
  namesMetadata,
  type SearchRequest,
  type SearchSetting,
  searchData,
} from './mercury-search-commands.js';
import {
  readStatistics,
  readStatusReport,
  type Statistics,
  type StatusReport,
  statisticsData,
  statusReportData,
} from './mercury-statistics.js';
import { status } from './mercury-status.js';
import { decodeTagRecord, encodeTagRecord, type MercuryTagRecord, type TagRecordFields } from './mercury-tag-record.js';

const action = { start: 0x01, stop: 0x02, embedded: 0x04 } as const;

/** Command 2F: start, stop, or another command while reading goes on. */
export type ContinuousRequest =
  | {
      readonly kind: 'start';
      /** 0 = until stopped */
      readonly timeoutMs: number;
      readonly flags: number;
      readonly protocol: number;
      readonly search: SearchRequest;
    }
  | { readonly kind: 'stop' }
  | { readonly kind: 'command'; readonly command: MercuryRequest };

/** Starts reading until stopped; tags then arrive as frames with opcode 22, see `decodeStreamReply`. */
export function startContinuousRequest(search: SearchSetting): MercuryRequest {
  const inner = searchData(search);
  const data = new ByteComposer()
    .u16(0)
    .u8(action.start)
    .u8(opcode.search)
    .u16(0)
    .u8(gen2Protocol)
    .u8(inner.length)
    .u8(opcode.search)
    .bytes(inner)
    .done();
  return { op: opcode.continuous, data };
}

/** Tags go on arriving until the acknowledgement. */
export function stopContinuousRequest(): MercuryRequest {
  return { op: opcode.continuous, data: new ByteComposer().u16(0).u8(action.stop).done() };
}

/** A command that newer firmware carries out while it reads. */
export function whileReadingRequest(command: MercuryRequest): MercuryRequest {
  const data = new ByteComposer()
    .u16(0)
    .u8(action.embedded)
    .u8(command.data.length)
    .u8(command.op)
    .bytes(command.data)
    .done();
  return { op: opcode.continuous, data };
}

export function decodeContinuousRequest(data: Uint8Array): ContinuousRequest | null {
  const cursor = new ByteCursor(data);
  const timeoutMs = cursor.u16();
  switch (cursor.u8()) {
    case action.start:
      return decodeStart(cursor, timeoutMs);
    case action.stop:
      return cursor.ok ? { kind: 'stop' } : null;
    case action.embedded: {
      const length = cursor.u8();
      const op = cursor.u8();
      const commandData = cursor.bytes(length).slice();
      return cursor.done ? { kind: 'command', command: { op, data: commandData } } : null;
    }
    default:
      return null;
  }
}

function decodeStart(cursor: ByteCursor, timeoutMs: number): ContinuousRequest | null {
  const replyOp = cursor.u8();
  const flags = cursor.u16();
  const protocol = cursor.u8();
  const length = cursor.u8();
  const innerOp = cursor.u8();
  const search = decodeSearchRequest(cursor.bytes(length));
  if (!cursor.ok || search === null || replyOp !== opcode.search || innerOp !== opcode.search) return null;
  return { kind: 'start', timeoutMs, flags, protocol, search };
}

/** `01 22 0000` */
export function startedReply(): Uint8Array {
  return Uint8Array.of(action.start, opcode.search, 0, 0);
}

/** `02 0000` */
export function stoppedReply(): Uint8Array {
  return Uint8Array.of(action.stop, 0, 0);
}

/** `04 op`, then the data that the command is answered with on its own. */
export function whileReadingReply(op: number, data: Uint8Array): Uint8Array {
  return Uint8Array.of(action.embedded, op, ...data);
}

export type ContinuousReply =
  | { readonly kind: 'started' }
  | { readonly kind: 'stopped' }
  /** The answer to `whileReadingRequest`. */
  | { readonly kind: 'command'; readonly op: number; readonly data: Uint8Array }
  | { readonly kind: 'refused'; readonly status: number }
  | { readonly kind: 'malformed' };

/** What a frame with opcode 2F says. Status 0100 counts as stopped, as in the maker's library. */
export function decodeContinuousReply(reply: MercuryReply): ContinuousReply {
  if (reply.status === status.wrongLength) return { kind: 'stopped' };
  if (reply.status !== status.ok) return { kind: 'refused', status: reply.status };
  switch (reply.data[0]) {
    case action.start:
      return { kind: 'started' };
    case action.stop:
      return { kind: 'stopped' };
    case action.embedded:
      return { kind: 'command', op: reply.data[1] ?? 0, data: reply.data.slice(2) };
    default:
      return { kind: 'malformed' };
  }
}

const responseType = { end: 0x00, tag: 0x01, status: 0x02 } as const;

export type StreamReply =
  | { readonly kind: 'tag'; readonly tag: MercuryTagRecord }
  | { readonly kind: 'statistics'; readonly statistics: Statistics }
  | { readonly kind: 'status'; readonly report: StatusReport }
  /** One search over the configured antennas ended: also the sign of life when there are no tags. */
  | { readonly kind: 'round-end' }
  /** The module goes on, or has stopped, for a reason that an operator should see. */
  | { readonly kind: 'problem'; readonly status: number }
  /** To be counted and dropped. */
  | { readonly kind: 'malformed' };

/** What a frame with opcode 22 says that arrives while reading continuously. Never throws. */
export function decodeStreamReply(reply: MercuryReply): StreamReply {
  if (reply.status === status.noTags) return { kind: 'round-end' };
  if (reply.status !== status.ok) return { kind: 'problem', status: reply.status };
  if (reply.data.length === 0) return { kind: 'round-end' };
  const cursor = new ByteCursor(reply.data);
  const option = cursor.u8();
  const extendedOption = (option & searchOption.extended) !== 0 ? cursor.u8() : null;
  const flags = cursor.u16();
  const metadataFlags = namesMetadata({ option, extendedOption }) ? cursor.u16() : 0;
  const type = cursor.u8();
  if (!cursor.ok) return { kind: 'malformed' };
  if (type === responseType.end) return { kind: 'round-end' };
  if (type === responseType.tag) {
    const tag = decodeTagRecord(cursor, metadataFlags);
    // Bytes behind the record are tolerated only when the tag's own CRC proves that the record was read right.
    return tag === null || !(cursor.done || tag.epcCrcValid) ? { kind: 'malformed' } : { kind: 'tag', tag };
  }
  if (type !== responseType.status) return { kind: 'malformed' };
  if ((flags & searchFlag.statusStream) !== 0) {
    const report = readStatusReport(cursor);
    return report === null ? { kind: 'malformed' } : { kind: 'status', report };
  }
  const statistics = readStatistics(cursor);
  return statistics === null ? { kind: 'malformed' } : { kind: 'statistics', statistics };
}

/** The head of all frames in a stream, repeated from the request. */
export type StreamHead = Pick<SearchRequest, 'option' | 'extendedOption' | 'flags' | 'metadataFlags'>;

function streamHead(head: StreamHead): ByteComposer {
  const out = new ByteComposer().u8(head.option);
  if ((head.option & searchOption.extended) !== 0) out.u8(head.extendedOption ?? 0);
  out.u16(head.flags);
  if (namesMetadata(head)) out.u16(head.metadataFlags ?? 0);
  return out;
}

export function streamTagReply(head: StreamHead, tag: TagRecordFields): Uint8Array {
  const flags = namesMetadata(head) ? (head.metadataFlags ?? 0) : 0;
  return streamHead(head).u8(responseType.tag).bytes(encodeTagRecord(tag, flags)).done();
}

/** Only tags carry metadata: in other frames its bit is off and its flags are not repeated. */
function withoutMetadata(head: StreamHead): StreamHead {
  const bare = (option: number): number => option & ~searchOption.metadata;
  if (head.extendedOption !== null) return { ...head, extendedOption: bare(head.extendedOption) };
  return { ...head, option: bare(head.option) };
}

export function streamStatisticsReply(head: StreamHead, statistics: Statistics): Uint8Array {
  return streamHead(withoutMetadata(head)).u8(responseType.status).bytes(statisticsData(statistics)).done();
}

export function streamStatusReply(head: StreamHead, report: StatusReport): Uint8Array {
  return streamHead(withoutMetadata(head)).u8(responseType.status).bytes(statusReportData(report)).done();
}
