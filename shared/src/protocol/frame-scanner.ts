/** What stands at the beginning of the bytes that are left. */
export type Candidate<Reason extends string> =
  /** A complete frame of so many bytes. */
  | { readonly kind: 'frame'; readonly bytes: number }
  /** So many bytes that begin no frame. */
  | { readonly kind: 'drop'; readonly reason: Reason; readonly bytes: number }
  /** The beginning of what may become a frame. */
  | { readonly kind: 'incomplete' };

export interface FrameScannerOptions<Reason extends string> {
  /** Looks at `buffer[start .. end)`, which is not empty. Must not keep the buffer. */
  examine(buffer: Uint8Array, start: number, end: number): Candidate<Reason>;
  /** `buffer[start .. end)` is the frame; what is kept of it must be copied. */
  onFrame(buffer: Uint8Array, start: number, end: number): void;
  onDiscard(reason: Reason | 'stale', bytes: number): void;
  /** Longest frame. An incomplete candidate never holds more. */
  readonly maxFrameBytes: number;
}

export interface FrameScanner {
  /** Takes the next bytes of the line, cut anywhere. Keeps nothing of `chunk`. */
  push(chunk: Uint8Array): void;
  /** Gives up the candidate that is incomplete, drops its first byte and looks again. */
  flushStale(): void;
  /** Bytes received and neither part of a frame nor discarded; less than one longest frame. */
  readonly pendingBytes: number;
}

/**
 * Cuts a byte line into frames and survives anything on it. Every byte ends in exactly one frame or
 * one `onDiscard`. The memory is fixed. A listener may push again from within a call.
 */
export function createFrameScanner<Reason extends string>(options: FrameScannerOptions<Reason>): FrameScanner {
  const buffer = new Uint8Array(Math.max(1024, 2 * options.maxFrameBytes));
  const waiting: Uint8Array[] = [];
  let start = 0;
  let end = 0;
  let busy = false;

  function drop(reason: Reason | 'stale', bytes: number): void {
    start += bytes;
    options.onDiscard(reason, bytes);
  }

  function scan(): void {
    while (start < end) {
      const candidate = options.examine(buffer, start, end);
      if (candidate.kind === 'incomplete') return;
      if (candidate.kind === 'drop') {
        drop(candidate.reason, candidate.bytes);
        continue;
      }
      const from = start;
      start += candidate.bytes;
      options.onFrame(buffer, from, start);
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
      const length = Math.min(buffer.length - end, chunk.length - taken);
      buffer.set(chunk.subarray(taken, taken + length), end);
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
