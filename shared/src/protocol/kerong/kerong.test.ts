import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../bytes/hex.js';
import { kerongVectors } from './kerong.vectors.js';
import { encodeKerong, type KerongFrame, type KerongModel, kerongLocks, maxFrameBytes } from './kerong-frame.js';
import { createKerongParser } from './kerong-parser.js';
import { decodeKerongStatus, kerongStatusReply } from './kerong-status.js';

function bench(model: KerongModel) {
  const frames: KerongFrame[] = [];
  let framed = 0;
  let dropped = 0;
  const parser = createKerongParser({
    model,
    onFrame: (frame, bytes) => {
      frames.push(frame);
      framed += bytes;
    },
    onDiscard: (_reason, bytes) => {
      dropped += bytes;
    },
  });
  return { parser, frames, accounted: () => framed + dropped + parser.pendingBytes };
}

const setOf = (levels: readonly boolean[] | undefined) =>
  levels?.flatMap((level, index) => (level ? [index] : [])) ?? null;
const model = fc.constantFrom<KerongModel>('cu16', 'cu48');

describe('the Kerong codec', () => {
  it.each(kerongVectors)('reads or refuses $id ($origin)', ({ model, hex, decoded }) => {
    const { parser, frames, accounted } = bench(model);
    parser.push(fromHex(hex));
    expect(accounted()).toBe(hex.length / 2);
    if (decoded === null) {
      expect(frames).toEqual([]);
      return;
    }
    const [frame] = frames;
    expect(frame).toMatchObject({ board: decoded.board, lock: decoded.lock, command: decoded.command });
    if (frame === undefined) return;
    expect(toHex(encodeKerong(model, frame)).toLowerCase()).toBe(hex);
    const status = decodeKerongStatus(model, frame);
    expect(setOf(status?.locks)).toEqual(decoded.locksSet);
    expect(setOf(status?.infrared)).toEqual(decoded.infraredSet);
  });

  it('gives back every status between any noise and cuts', () => {
    const noise = fc.uint8Array({ maxLength: 20 }).filter((bytes) => !bytes.includes(0x02));
    fc.assert(
      fc.property(
        model,
        fc.array(fc.boolean(), { minLength: 96, maxLength: 96 }),
        noise,
        fc.integer({ min: 1, max: 7 }),
        (kind, levels, before, size) => {
          const { parser, frames, accounted } = bench(kind);
          const count = kerongLocks[kind];
          const status = { locks: levels.slice(0, count), infrared: levels.slice(count, 2 * count) };
          const line = [...before, ...encodeKerong(kind, kerongStatusReply(kind, 3, status))];
          for (let at = 0; at < line.length; at += size) parser.push(Uint8Array.from(line.slice(at, at + size)));
          expect(frames.map((frame) => decodeKerongStatus(kind, frame))).toEqual([status]);
          expect(accounted()).toBe(line.length);
        },
      ),
    );
  });

  it('accounts for every byte of any line', () => {
    const likely = fc.oneof(fc.constantFrom(0x02, 0x03, 0x30, 0x35, 0x60, 0x75, 0), fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(model, fc.array(likely, { maxLength: 300 }), (kind, bytes) => {
        const { parser, accounted } = bench(kind);
        parser.push(Uint8Array.from(bytes));
        expect(accounted()).toBe(bytes.length);
        expect(parser.pendingBytes).toBeLessThan(maxFrameBytes);
        while (parser.pendingBytes > 0) parser.flushStale();
        expect(accounted()).toBe(bytes.length);
      }),
    );
  });
});
