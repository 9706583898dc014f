import { decodeKerong, type KerongFrame, type KerongModel, kerongLength, maxFrameBytes } from './kerong-frame.js';

/** Why bytes were dropped: no frame begins here, its end or sum is wrong, or it was never completed. */
export type KerongDiscardReason = 'noise' | 'checksum' | 'stale';

export interface KerongParserOptions {
  readonly model: KerongModel;
  /** Requests and replies alike; `bytes` is the length of the frame. */
  onFrame(frame: KerongFrame, bytes: number): void;
  onDiscard(reason: KerongDiscardReason, bytes: number): void;
}

export interface KerongParser {
  push(chunk: Uint8Array): void;
  flushStale(): void;
  /** Less than one frame. */
  readonly pendingBytes: number;
}

/** Finds frames between anything. Every byte ends in one frame or one `onDiscard`. */
export function createKerongParser({ model, onFrame, onDiscard }: KerongParserOptions): KerongParser {
  const held = new Uint8Array(maxFrameBytes);
  let length = 0;

  function shift(bytes: number): void {
    held.copyWithin(0, bytes, length);
    length -= bytes;
  }

  /** After it, `held` is empty or the beginning of a frame. */
  function settle(): void {
    while (length > 0) {
      const total = kerongLength(model, held, { at: 0, to: length });
      if (total < 0) {
        shift(1);
        onDiscard('noise', 1);
        continue;
      }
      if (total === 0 || length < total) return;
      const frame = decodeKerong(model, held, { at: 0, to: total });
      shift(frame === null ? 1 : total);
      if (frame === null) onDiscard('checksum', 1);
      else onFrame(frame, total);
    }
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
      shift(1);
      onDiscard('stale', 1);
      settle();
    },
    get pendingBytes() {
      return length;
    },
  };
}
