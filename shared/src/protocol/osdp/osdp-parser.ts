import { headerBytes, maxFrameBytes, startOfMessage } from './osdp-constants.js';
import { decodeOsdp, type OsdpFlaw, type OsdpFrame } from './osdp-frame.js';

/** Why bytes were dropped: outside of a frame, not what a frame may be, wrong check, or never completed. */
export type OsdpDiscardReason = 'noise' | 'stale' | OsdpFlaw;

export interface OsdpParserOptions {
  /** Commands and replies alike; `bytes` is the length without the line mark. */
  onFrame(frame: OsdpFrame, bytes: number): void;
  /** A line mark in front of a frame is no discard of its own but counts with the frame. */
  onDiscard(reason: OsdpDiscardReason, bytes: number): void;
}

export interface OsdpParser {
  push(chunk: Uint8Array): void;
  /** Gives up an incomplete frame; the owner calls it after a silence while `pendingBytes` is not 0. */
  flushStale(): void;
  /** Less than one frame and its mark. */
  readonly pendingBytes: number;
}

const lineMark = 0xff;
/** Without a security block, with a checksum: the start through the control byte, an id, a sum. */
const minFrameBytes = headerBytes + 2;

/** Finds frames between anything. Every byte ends in one frame or one `onDiscard`. */
export function createOsdpParser({ onFrame, onDiscard }: OsdpParserOptions): OsdpParser {
  const held = new Uint8Array(maxFrameBytes + 1);
  let length = 0;

  function shift(bytes: number): void {
    held.copyWithin(0, bytes, length);
    length -= bytes;
  }

  function drop(reason: OsdpDiscardReason, bytes: number): void {
    shift(bytes);
    onDiscard(reason, bytes);
  }

  /** After it, `held` is empty or the beginning of a frame, perhaps behind its mark. */
  function settle(): void {
    while (length > 0) {
      const at = held[0] === lineMark ? 1 : 0;
      if (at >= length) return;
      if (held[at] !== startOfMessage) drop('noise', 1);
      else if (length < at + 4) return;
      else {
        const total = (held[at + 2] as number) | ((held[at + 3] as number) << 8);
        if (total < minFrameBytes || total > maxFrameBytes) drop('malformed', at + 1);
        else if (length < at + total) return;
        else take(at, total);
      }
    }
  }

  function take(at: number, total: number): void {
    const frame = decodeOsdp(held.slice(at, at + total));
    if (typeof frame === 'string') {
      drop(frame, at + 1);
      return;
    }
    shift(at + total);
    onFrame(frame, at + total);
  }

  return {
    push: (chunk) => {
      for (const byte of chunk) {
        held[length++] = byte;
        settle();
      }
    },
    flushStale: () => {
      if (length === 0) return;
      drop('stale', 1);
      settle();
    },
    get pendingBytes() {
      return length;
    },
  };
}
