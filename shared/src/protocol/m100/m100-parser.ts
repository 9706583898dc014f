import { type Candidate, createFrameScanner, type FrameScanner } from '../frame-scanner.js';
import { frameEnd, frameHeader, frameType, maxParamBytes, overheadBytes } from './m100-constants.js';
import { type M100Frame, m100Sum } from './m100-frame.js';

/** Why bytes were dropped: no header, implausible TYPE or PL, no 7E where PL ends, wrong sum, or never completed. */
export type M100DiscardReason = 'noise' | 'length' | 'end' | 'sum' | 'stale';

export interface M100ParserOptions {
  /** `command`: what a host sends; `reply`: what a module sends, which are replies and notices. */
  readonly direction: 'command' | 'reply';
  /** `params` is the receiver's own copy. */
  onFrame(frame: M100Frame): void;
  onDiscard(reason: M100DiscardReason, bytes: number): void;
}

/**
 * Finds frames between anything. The end of a frame comes from PL, since BB and 7E can stand in its
 * parameters. The owner calls `flushStale` after 50 ms of silence, and again while bytes are pending.
 */
export function createM100Parser({ direction, onFrame, onDiscard }: M100ParserOptions): FrameScanner {
  const isType = (type: number): boolean =>
    direction === 'command' ? type === frameType.command : type === frameType.reply || type === frameType.notice;

  function examine(buffer: Uint8Array, start: number, end: number): Candidate<Exclude<M100DiscardReason, 'stale'>> {
    if (buffer[start] !== frameHeader) {
      const header = buffer.indexOf(frameHeader, start);
      return { kind: 'drop', reason: 'noise', bytes: (header === -1 || header >= end ? end : header) - start };
    }
    const held = end - start;
    if (held >= 2 && !isType(buffer[start + 1] as number)) return { kind: 'drop', reason: 'length', bytes: 1 };
    if (held < 5) return { kind: 'incomplete' };
    const params = ((buffer[start + 3] as number) << 8) | (buffer[start + 4] as number);
    if (params > maxParamBytes) return { kind: 'drop', reason: 'length', bytes: 1 };
    const total = params + overheadBytes;
    if (held < total) return { kind: 'incomplete' };
    if (buffer[start + total - 1] !== frameEnd) return { kind: 'drop', reason: 'end', bytes: 1 };
    const sumAt = start + total - 2;
    if (buffer[sumAt] !== m100Sum(buffer, start + 1, sumAt)) return { kind: 'drop', reason: 'sum', bytes: 1 };
    return { kind: 'frame', bytes: total };
  }

  return createFrameScanner<Exclude<M100DiscardReason, 'stale'>>({
    maxFrameBytes: maxParamBytes + overheadBytes,
    examine,
    onFrame: (buffer, start, end) =>
      onFrame({
        type: buffer[start + 1] as number,
        command: buffer[start + 2] as number,
        params: buffer.slice(start + 5, end - 2),
      }),
    onDiscard,
  });
}
