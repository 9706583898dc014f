import { type Candidate, createFrameScanner, type FrameScanner } from '../frame-scanner.js';
import { maxFrameBytes, minReplyLength, minRequestLength } from './chafon-constants.js';
import { type AddressedRequest, type ChafonReply, chafonCrc } from './chafon-frame.js';

/** Why bytes were dropped: LEN too small for any message, wrong CRC, or never completed. */
export type ChafonDiscardReason = 'length' | 'crc' | 'stale';

interface Discards {
  onDiscard(reason: ChafonDiscardReason, bytes: number): void;
}

export interface ChafonReplyParserOptions extends Discards {
  /** `data` is the receiver's own copy. */
  onFrame(reply: ChafonReply): void;
}

export interface ChafonRequestParserOptions extends Discards {
  /** `data` is the receiver's own copy. */
  onFrame(request: AddressedRequest): void;
}

/**
 * Finds what a reader answers. These frames have no header, so any byte may begin one: a candidate
 * stands where LEN is plausible, and only LEN and CRC together tell it from noise. The owner calls
 * `flushStale` after 50 ms of silence, and again while `pendingBytes` is not 0.
 */
export function createChafonReplyParser({ onFrame, onDiscard }: ChafonReplyParserOptions): FrameScanner {
  return createFrameScanner<'length' | 'crc'>({
    maxFrameBytes,
    examine: (buffer, start, end) => examine(buffer, { start, end }, minReplyLength),
    onFrame: (buffer, start, end) =>
      onFrame({
        address: buffer[start + 1] as number,
        command: buffer[start + 2] as number,
        status: buffer[start + 3] as number,
        data: buffer.slice(start + 4, end - 2),
      }),
    onDiscard,
  });
}

/** Finds what a host asks; see `createChafonReplyParser`. */
export function createChafonRequestParser({ onFrame, onDiscard }: ChafonRequestParserOptions): FrameScanner {
  return createFrameScanner<'length' | 'crc'>({
    maxFrameBytes,
    examine: (buffer, start, end) => examine(buffer, { start, end }, minRequestLength),
    onFrame: (buffer, start, end) =>
      onFrame({
        address: buffer[start + 1] as number,
        command: buffer[start + 2] as number,
        data: buffer.slice(start + 3, end - 2),
      }),
    onDiscard,
  });
}

function examine(
  buffer: Uint8Array,
  { start, end }: { readonly start: number; readonly end: number },
  minLength: number,
): Candidate<'length' | 'crc'> {
  const length = buffer[start] as number;
  if (length < minLength) return { kind: 'drop', reason: 'length', bytes: 1 };
  const total = length + 1;
  if (end - start < total) return { kind: 'incomplete' };
  const crcAt = start + total - 2;
  const crc = (buffer[crcAt] as number) | ((buffer[crcAt + 1] as number) << 8);
  if (chafonCrc(buffer, start, crcAt) !== crc) return { kind: 'drop', reason: 'crc', bytes: 1 };
  return { kind: 'frame', bytes: total };
}
