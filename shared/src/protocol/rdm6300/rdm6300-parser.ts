import { frameBytes, frameEnd, frameStart } from './rdm6300-constants.js';
import { checksumHolds, hexDigit } from './rdm6300-frame.js';

/** Why bytes were dropped: outside of a frame, a wrong character in one, wrong xor, or never completed. */
export type Rdm6300DiscardReason = 'noise' | 'malformed' | 'checksum' | 'stale';

export interface Rdm6300ParserOptions {
  /**
   * `number` is ten upper-case hex digits: version byte and four tag bytes. Noise can pass the
   * xor (phantom cards are reported from the field), so one frame alone must not unlock anything.
   */
  onFrame(number: string): void;
  onDiscard(reason: Rdm6300DiscardReason, bytes: number): void;
}

export interface Rdm6300Parser {
  /** Takes the next bytes of the line, cut anywhere. */
  push(chunk: Uint8Array): void;
  /** Gives up an incomplete frame; the owner calls it after 50 ms of silence while `pendingBytes` is not 0. */
  flushStale(): void;
  /** Never more than 13. */
  readonly pendingBytes: number;
}

/**
 * Finds badge frames between anything. After a wrong character or xor one byte is dropped and the
 * search goes on behind it. Every byte ends in one frame or one `onDiscard`.
 */
export function createRdm6300Parser(options: Rdm6300ParserOptions): Rdm6300Parser {
  const held = new Uint8Array(frameBytes);
  let length = 0;

  function drop(reason: Rdm6300DiscardReason, bytes: number): void {
    held.copyWithin(0, bytes, length);
    length -= bytes;
    options.onDiscard(reason, bytes);
  }

  /** After it, `held` is empty or a correct beginning that is not complete. */
  function settle(): void {
    while (length > 0) {
      if (held[0] !== frameStart) {
        const start = held.subarray(0, length).indexOf(frameStart);
        drop('noise', start === -1 ? length : start);
      } else if (!wellFormed()) {
        drop('malformed', 1);
      } else if (length < frameBytes) {
        return;
      } else if (!checksumHolds(held, 0)) {
        drop('checksum', 1);
      } else {
        const number = String.fromCharCode(...held.subarray(1, 11)).toUpperCase();
        length = 0;
        options.onFrame(number);
      }
    }
  }

  function wellFormed(): boolean {
    for (let i = 1; i < length; i++) {
      const byte = held[i] as number;
      if (i === frameBytes - 1 ? byte !== frameEnd : hexDigit(byte) < 0) return false;
    }
    return true;
  }

  return {
    push(chunk) {
      for (const byte of chunk) {
        held[length++] = byte;
        settle();
      }
    },
    flushStale() {
      if (length === 0) return;
      drop('stale', 1);
      settle();
    },
    get pendingBytes() {
      return length;
    },
  };
}
