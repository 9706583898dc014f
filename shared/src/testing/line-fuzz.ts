import { below, chance, pick, type Random, randomBytes } from '../random/random.js';

/** A parser under test, with its counts of bytes. */
export interface FuzzedParser {
  push(chunk: Uint8Array): void;
  flushStale(): void;
  readonly pendingBytes: number;
  /** Bytes in frames and in discards so far. */
  accountedBytes(): number;
}

export interface LineFuzzOptions {
  readonly random: Random;
  /** At least so many bytes are sent. */
  readonly bytes: number;
  /** Real messages, which are mutated. */
  readonly traces: readonly Uint8Array[];
  readonly parser: FuzzedParser;
  /** Bytes that a parser may hold back. */
  readonly maxPendingBytes: number;
}

export interface LineFuzzResult {
  readonly sentBytes: number;
  /** The first broken promise, or null. */
  readonly fault: string | null;
}

/**
 * Sends random bytes and mutated real messages, cut anywhere, with silences between, and checks
 * after every chunk that each byte is a part of a frame, discarded, or pending, and that little is pending.
 */
export function fuzzLine(options: LineFuzzOptions): LineFuzzResult {
  const { random, parser } = options;
  let sentBytes = 0;
  const check = (): string | null => {
    if (parser.pendingBytes > options.maxPendingBytes) return `${parser.pendingBytes} bytes pending after ${sentBytes}`;
    const accounted = parser.accountedBytes() + parser.pendingBytes;
    return accounted === sentBytes ? null : `${accounted} of ${sentBytes} bytes accounted for`;
  };
  while (sentBytes < options.bytes) {
    const chunk = cut(random, nextMessage(random, options.traces));
    for (const piece of chunk) {
      parser.push(piece);
      sentBytes += piece.length;
      const fault = check();
      if (fault !== null) return { sentBytes, fault };
    }
    if (chance(random, 1, 20)) parser.flushStale();
  }
  while (parser.pendingBytes > 0) parser.flushStale();
  return { sentBytes, fault: check() };
}

function nextMessage(random: Random, traces: readonly Uint8Array[]): Uint8Array {
  const trace = pick(random, traces);
  switch (below(random, 8)) {
    case 0:
      return randomBytes(random, 1 + below(random, 64));
    case 1:
      return trace;
    case 2:
      return trace.subarray(0, below(random, trace.length + 1));
    case 3:
      return joined([trace, randomBytes(random, below(random, 8)), pick(random, traces)]);
    case 4: {
      const at = below(random, trace.length + 1);
      return joined([trace.subarray(0, at), trace.subarray(at + 1)]);
    }
    case 5: {
      const at = below(random, trace.length + 1);
      return joined([trace.subarray(0, at), randomBytes(random, 1 + below(random, 3)), trace.subarray(at)]);
    }
    case 6:
      return flipped(random, trace);
    default:
      return flipped(random, joined([trace, pick(random, traces)]));
  }
}

function flipped(random: Random, bytes: Uint8Array): Uint8Array {
  const copy = bytes.slice();
  for (let flips = 1 + below(random, 3); flips > 0 && copy.length > 0; flips--) {
    const at = below(random, copy.length);
    copy[at] = (copy[at] as number) ^ (1 << below(random, 8));
  }
  return copy;
}

function cut(random: Random, bytes: Uint8Array): readonly Uint8Array[] {
  if (bytes.length < 2 || chance(random, 1, 2)) return [bytes];
  const at = 1 + below(random, bytes.length - 1);
  return [bytes.subarray(0, at), bytes.subarray(at)];
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
