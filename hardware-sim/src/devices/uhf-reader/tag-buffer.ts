import { maxDataBytes, readerParam } from '@tagtrail/shared/protocol/mercury/mercury-constants.js';
import { type TagBufferRequest, tagBufferReply } from '@tagtrail/shared/protocol/mercury/mercury-search-commands.js';
import { encodeTagRecord, type TagRecordFields } from '@tagtrail/shared/protocol/mercury/mercury-tag-record.js';
import type { HeardTag } from './air-search.js';
import { isOn, type ReaderState } from './reader-state.js';

/** What a module of this size keeps. */
export const bufferCapacity = 1000;

/** The tags of a synchronous search, waiting to be fetched. */
export interface TagBuffer {
  readonly written: number;
  readonly read: number;
  /** False when the buffer is full. */
  add(tag: HeardTag, state: ReaderState): boolean;
  /** As many records as fit one message; null when nothing is left. */
  fetch(request: TagBufferRequest): Uint8Array | null;
  clear(): void;
}

export function recordOf(tag: HeardTag): TagRecordFields {
  return {
    epc: tag.epc,
    readCount: Math.min(tag.count, 0xff),
    rssiDbm: Math.max(-128, Math.min(127, Math.round(tag.rssiDbm))),
    txPort: tag.pair.tx,
    rxPort: tag.pair.rx,
    frequencyKHz: tag.frequencyKHz,
    timestampMs: Math.round(tag.timestampMs),
    phase: tag.phase,
  };
}

/** What makes two reads the same tag: the EPC, and the port unless a parameter says otherwise. */
export function tagKey(tag: HeardTag, state: ReaderState): string {
  return isOn(state, readerParam.uniqueByAntennaInverted) ? tag.epc : `${tag.epc} ${tag.pair.tx}`;
}

const again = 0x01;
/** Metadata flags, option and count. */
const headBytes = 4;

export function createTagBuffer(): TagBuffer {
  const tags = new Map<string, HeardTag>();
  let read = 0;
  let lastFetch = 0;

  return {
    get written() {
      return tags.size;
    },
    get read() {
      return read;
    },
    add(tag, state) {
      const key = tagKey(tag, state);
      const known = tags.get(key);
      if (known === undefined && tags.size >= bufferCapacity) return false;
      const louder = known === undefined || (isOn(state, readerParam.keepHighestRssi) && tag.rssiDbm > known.rssiDbm);
      tags.set(key, { ...(louder ? tag : known), count: tag.count + (known?.count ?? 0) });
      return true;
    },
    fetch(request) {
      if ((request.option & again) !== 0) read = lastFetch;
      const waiting = [...tags.values()].slice(read).map(recordOf);
      if (waiting.length === 0) return null;
      lastFetch = read;
      const fitting: TagRecordFields[] = [];
      let bytes = headBytes;
      for (const record of waiting) {
        bytes += encodeTagRecord(record, request.metadataFlags).length;
        if (bytes > maxDataBytes) break;
        fitting.push(record);
      }
      read += fitting.length;
      return tagBufferReply(request, fitting);
    },
    clear() {
      tags.clear();
      read = 0;
      lastFetch = 0;
    },
  };
}
