import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../bytes/hex.js';
import { mercuryVectors } from './mercury.vectors.js';
import { encodeReply, encodeRequest, type MercuryReply } from './mercury-frame.js';
import { createMercuryParser, type MercuryParser } from './mercury-parser.js';

interface Bench {
  readonly parser: MercuryParser;
  readonly frames: MercuryReply[];
  readonly discarded: Record<string, number>;
  /** Bytes in frames, discarded and pending. */
  accounted(): number;
}

function bench(direction: 'request' | 'reply' = 'reply'): Bench {
  const frames: MercuryReply[] = [];
  const discarded: Record<string, number> = {};
  const parser = createMercuryParser({
    direction,
    onFrame: (frame) => frames.push(frame),
    onDiscard: (reason, bytes) => {
      discarded[reason] = (discarded[reason] ?? 0) + bytes;
    },
  });
  const overhead = direction === 'reply' ? 7 : 5;
  return {
    parser,
    frames,
    discarded,
    accounted: () =>
      frames.reduce((sum, frame) => sum + frame.data.length + overhead, parser.pendingBytes) +
      Object.values(discarded).reduce((sum, bytes) => sum + bytes, 0),
  };
}

function pushInPieces(parser: MercuryParser, bytes: Uint8Array, cuts: readonly number[]): void {
  const at = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  let from = 0;
  for (const to of [...at, bytes.length]) {
    parser.push(bytes.subarray(from, to));
    from = to;
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

const reply = fc.record({
  op: fc.integer({ min: 0, max: 0xff }),
  status: fc.integer({ min: 0, max: 0xffff }),
  data: fc.uint8Array({ maxLength: 249 }),
});

const tagFrame = fromHex(mercuryVectors.find(({ id }) => id === 'rsp-stream-tag-sparkfun')?.hex ?? '');

describe('createMercuryParser', () => {
  it('gives back what was encoded, wherever the line cuts it', () => {
    fc.assert(
      fc.property(fc.array(reply, { maxLength: 8 }), fc.array(fc.nat()), (replies, cuts) => {
        const { parser, frames, discarded } = bench();
        pushInPieces(parser, joined(replies.map((one) => encodeReply(one.op, one.status, one.data))), cuts);
        expect(frames.map((frame) => ({ ...frame, data: toHex(frame.data) }))).toEqual(
          replies.map((one) => ({ ...one, data: toHex(one.data) })),
        );
        expect(discarded).toEqual({});
      }),
    );
  });

  it('reads requests byte by byte', () => {
    const { parser, frames } = bench('request');
    for (const byte of encodeRequest(0x97, Uint8Array.of(8))) parser.push(Uint8Array.of(byte));
    expect(frames).toEqual([{ op: 0x97, status: 0, data: Uint8Array.of(8) }]);
  });

  it('accounts for every byte of any line', () => {
    const nasty = fc.oneof(fc.constant(0xff), fc.constant(0), fc.integer({ min: 0, max: 0xff }));
    fc.assert(
      fc.property(fc.array(fc.array(nasty, { maxLength: 700 }), { maxLength: 6 }), (chunks) => {
        const { parser, accounted } = bench();
        let received = 0;
        for (const chunk of chunks) {
          parser.push(Uint8Array.from(chunk));
          received += chunk.length;
          expect(accounted()).toBe(received);
          expect(parser.pendingBytes).toBeLessThanOrEqual(256);
        }
        while (parser.pendingBytes > 0) parser.flushStale();
        expect(accounted()).toBe(received);
      }),
    );
  });

  it('loses no good frame to noise between frames', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.uint8Array({ maxLength: 40 }), reply), { maxLength: 5 }), (parts) => {
        const { parser, frames } = bench();
        for (const [noise, one] of parts) parser.push(joined([noise, encodeReply(one.op, one.status, one.data)]));
        while (parser.pendingBytes > 0) parser.flushStale();
        const found = frames.map((frame) => `${frame.op} ${frame.status} ${toHex(frame.data)}`);
        for (const [, one] of parts) expect(found).toContain(`${one.op} ${one.status} ${toHex(one.data)}`);
      }),
    );
  });

  it('waits for the rest of a cut frame and drops it one byte at a time when told that it is stale', () => {
    const { parser, frames, discarded } = bench();
    parser.push(tagFrame.subarray(0, 20));
    expect(parser.pendingBytes).toBe(20);
    parser.flushStale();
    expect(parser.pendingBytes).toBe(0);
    // The metadata flags 01FF inside look like a header once more.
    expect(discarded).toEqual({ stale: 1, crc: 1, noise: 18 });
    parser.push(tagFrame);
    expect(frames).toHaveLength(1);
  });

  it('finds a good frame inside a candidate that never completes', () => {
    const { parser, frames } = bench();
    parser.push(joined([Uint8Array.of(0xff, 0xf0, 0x22), tagFrame]));
    expect(frames).toHaveLength(0);
    parser.flushStale();
    expect(frames).toHaveLength(1);
    expect(parser.pendingBytes).toBe(0);
  });

  it('passes over the wake-up burst', () => {
    const { parser, frames, discarded } = bench('request');
    parser.push(joined([new Uint8Array(2304).fill(0xff), encodeRequest(3, new Uint8Array(0))]));
    expect(frames).toEqual([{ op: 3, status: 0, data: new Uint8Array(0) }]);
    expect(discarded).toEqual({ length: 2304 });
  });

  it('takes chunks that are larger than its memory', () => {
    const { parser, frames, discarded } = bench();
    parser.push(joined(Array.from({ length: 400 }, () => tagFrame)));
    expect(frames).toHaveLength(400);
    expect(discarded).toEqual({});
  });

  it('hands out data that later bytes do not change', () => {
    const { parser, frames } = bench();
    parser.push(tagFrame);
    const before = toHex(frames[0]?.data ?? new Uint8Array(0));
    parser.push(new Uint8Array(5000));
    expect(toHex(frames[0]?.data ?? new Uint8Array(0))).toBe(before);
  });

  it('stays in order when a listener pushes from within', () => {
    const ops: number[] = [];
    const parser: MercuryParser = createMercuryParser({
      direction: 'reply',
      onFrame: ({ op }) => {
        ops.push(op);
        if (op === 1) parser.push(encodeReply(3, 0, new Uint8Array(0)));
      },
      onDiscard: () => {},
    });
    const first = encodeReply(1, 0, new Uint8Array(0));
    parser.push(joined([first, encodeReply(2, 0, new Uint8Array(0))]));
    expect(ops).toEqual([1, 2, 3]);
  });
});
