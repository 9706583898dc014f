import { frameHeader, maxDataBytes, replyOverheadBytes, requestOverheadBytes } from './mercury-constants.js';
import { mercuryCrc } from './mercury-crc.js';
import type { MercuryReply } from './mercury-frame.js';

/** Why bytes were dropped: no header, LEN over 249, wrong CRC, or never completed. */
export type MercuryDiscardReason = 'noise' | 'length' | 'crc' | 'stale';

export interface MercuryParserOptions {
  /** `request` reads what a host sends, `reply` what a module sends. */
  readonly direction: 'request' | 'reply';
  /** `data` is the receiver's own copy. `status` is 0 in requests. */
  onFrame(frame: MercuryReply): void;
  onDiscard(reason: MercuryDiscardReason, bytes: number): void;
}

export interface MercuryParser {
  /** Takes the next bytes of the line, cut anywhere. Keeps nothing of `chunk`. */
  push(chunk: Uint8Array): void;
  /**
   * Gives up the candidate that is incomplete, drops its first byte and looks again. The owner
   * calls it after 50 ms of silence, and again after the next 50 ms while `pendingBytes` is not 0.
   */
  flushStale(): void;
  /** Bytes received and neither part of a frame nor discarded; never more than one frame. */
  readonly pendingBytes: number;
}

const bufferBytes = 4096;

/**
 * Cuts a byte line into frames and survives anything on it: a candidate stands at each FF, its LEN
 * must be plausible, its CRC must hold, else one byte is dropped and the search goes on behind it.
 * So noise, lost bytes or flipped bits never cost a good frame. Every byte ends in exactly one
 * frame or one `onDiscard`. The memory is fixed. A listener may push again from within a call.
 */
export function createMercuryParser(options: MercuryParserOptions): MercuryParser {
  const reply = options.direction === 'reply';
  const overhead = reply ? replyOverheadBytes : requestOverheadBytes;
  const dataAt = reply ? 5 : 3;
  const buffer = new Uint8Array(bufferBytes);
  const waiting: Uint8Array[] = [];
  let start = 0;
  let end = 0;
  let busy = false;

  function drop(reason: MercuryDiscardReason, bytes: number): void {
    start += bytes;
    options.onDiscard(reason, bytes);
  }

  /** Delivers every complete frame; leaves nothing, or one incomplete candidate at `start`. */
  function scan(): void {
    while (start < end) {
      if (buffer[start] !== frameHeader) {
        const header = buffer.indexOf(frameHeader, start);
        drop('noise', (header === -1 || header >= end ? end : header) - start);
        continue;
      }
      if (end - start < 2) return;
      const dataBytes = buffer[start + 1] as number;
      if (dataBytes > maxDataBytes) {
        drop('length', 1);
        continue;
      }
      const total = dataBytes + overhead;
      if (end - start < total) return;
      const at = start;
      const crcAt = at + total - 2;
      if (mercuryCrc(buffer, at + 1, crcAt) !== (((buffer[crcAt] as number) << 8) | (buffer[crcAt + 1] as number))) {
        drop('crc', 1);
        continue;
      }
      start += total;
      options.onFrame({
        op: buffer[at + 2] as number,
        status: reply ? ((buffer[at + 3] as number) << 8) | (buffer[at + 4] as number) : 0,
        data: buffer.slice(at + dataAt, crcAt),
      });
    }
  }

  function take(chunk: Uint8Array): void {
    let taken = 0;
    while (taken < chunk.length) {
      if (start > 0) {
        buffer.copyWithin(0, start, end);
        end -= start;
        start = 0;
      }
      const length = Math.min(bufferBytes - end, chunk.length - taken);
      buffer.set(length === chunk.length ? chunk : chunk.subarray(taken, taken + length), end);
      end += length;
      taken += length;
      scan();
    }
  }

  /** Runs `work`, then what listeners pushed meanwhile, in the order of its arrival. */
  function exclusively(work: () => void): void {
    busy = true;
    try {
      work();
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) take(next);
    } finally {
      busy = false;
    }
  }

  return {
    push(chunk) {
      if (busy) waiting.push(chunk.slice());
      else exclusively(() => take(chunk));
    },
    flushStale() {
      if (busy || start === end) return;
      exclusively(() => {
        drop('stale', 1);
        scan();
      });
    },
    get pendingBytes() {
      return end - start;
    },
  };
}
