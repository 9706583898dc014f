/*
 * LLRP 1.0.1 messages on a byte stream (protocols.md section 3): 3 reserved bits, 3 version bits, 10 type
 * bits; u32 length with the header; u32 message id; big endian. What is in a message is not decided here.
 */
export interface LlrpMessageBytes {
  readonly type: number;
  readonly id: number;
  /** The whole message with its header. */
  readonly bytes: Uint8Array;
}

/** Why bytes were dropped: no message begins here, or it was never completed. */
export type LlrpDiscardReason = 'noise' | 'stale';

export interface LlrpFramerOptions {
  onMessage(message: LlrpMessageBytes): void;
  onDiscard(reason: LlrpDiscardReason, bytes: number): void;
}

export interface LlrpFramer {
  push(chunk: Uint8Array): void;
  /** Gives up the message that begins and looks for another one behind its first byte. */
  flushStale(): void;
  /** Less than `maxMessageBytes`. */
  readonly pendingBytes: number;
}

export const llrpType = {
  closeConnectionResponse: 4,
  closeConnection: 14,
  errorMessage: 100,
  keepalive: 62,
} as const;

export const llrpHeaderBytes = 10;
/** Reports come tag by tag, so a longer message is none that anybody asked for. */
export const maxMessageBytes = 16_384;

const knownTypes: ReadonlySet<number> = new Set([
  ...[1, 2, 3, 4, 11, 12, 13, 14, 20, 21, 22, 23, 24, 25, 26, 30, 31, 32, 33, 34, 35, 36],
  ...[40, 41, 42, 43, 44, 45, 50, 51, 52, 53, 54, 55, 60, 61, 62, 63, 64, 72, 100, 1023],
]);

/** Cuts messages out of a stream. Every byte ends in one message or one `onDiscard`. */
export function createLlrpFramer({ onMessage, onDiscard }: LlrpFramerOptions): LlrpFramer {
  const held = new Uint8Array(2 * maxMessageBytes);
  const view = new DataView(held.buffer);
  let from = 0;
  let to = 0;

  /** Length of the message at `from`; 0 when more bytes are needed, -1 when none begins there. */
  function messageLength(): number {
    const first = held[from] as number;
    if ((first & 0xfc) !== 0x04) return -1;
    if (to - from >= 2 && !knownTypes.has(((first & 3) << 8) | (held[from + 1] as number))) return -1;
    if (to - from < 6) return 0;
    const length = view.getUint32(from + 2);
    return length < llrpHeaderBytes || length > maxMessageBytes ? -1 : length;
  }

  function settle(): void {
    let noise = 0;
    while (from < to) {
      const length = messageLength();
      if (length === 0 || (length > 0 && to - from < length)) break;
      if (length < 0) {
        from++;
        noise++;
        continue;
      }
      if (noise > 0) onDiscard('noise', noise);
      noise = 0;
      const bytes = held.slice(from, from + length);
      const id = view.getUint32(from + 6);
      from += length;
      onMessage({ type: (((bytes[0] as number) & 3) << 8) | (bytes[1] as number), id, bytes });
    }
    if (noise > 0) onDiscard('noise', noise);
    held.copyWithin(0, from, to);
    to -= from;
    from = 0;
  }

  return {
    push: (chunk) => {
      for (let taken = 0; taken < chunk.length; ) {
        const bytes = Math.min(held.length - to, chunk.length - taken);
        held.set(chunk.subarray(taken, taken + bytes), to);
        to += bytes;
        taken += bytes;
        settle();
      }
    },
    flushStale: () => {
      if (to === 0) return;
      from = 1;
      onDiscard('stale', 1);
      settle();
    },
    get pendingBytes() {
      return to - from;
    },
  };
}
