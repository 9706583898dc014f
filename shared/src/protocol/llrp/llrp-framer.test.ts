import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../bytes/hex.js';
import { createLlrpFramer, type LlrpMessageBytes, maxMessageBytes } from './llrp-framer.js';

/** The first is published (edgexfoundry/device-rfid-llrp-go reader_test.go), the others computed from the layout. */
const messages = [
  { type: 63, id: 0, hex: '043F000000200000000000F600160080000C0005A738133C2C9E010000060000' },
  { type: 62, id: 1, hex: '043E0000000A00000001' },
  { type: 72, id: 1, hex: '04480000000A00000001' },
  { type: 30, id: 8, hex: '041E0000001200000008011F000800000000' },
];

function bench() {
  const found: LlrpMessageBytes[] = [];
  let dropped = 0;
  const framer = createLlrpFramer({
    onMessage: (message) => found.push(message),
    onDiscard: (_reason, bytes) => {
      dropped += bytes;
    },
  });
  const accounted = (): number =>
    found.reduce((sum, { bytes }) => sum + bytes.length, 0) + dropped + framer.pendingBytes;
  return { framer, found, accounted };
}

describe('the LLRP framer', () => {
  it('cuts many messages out of one chunk, and one out of many', () => {
    const line = fromHex(messages.map(({ hex }) => hex).join(''));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: line.length }), (size) => {
        const { framer, found } = bench();
        for (let at = 0; at < line.length; at += size) framer.push(line.subarray(at, at + size));
        expect(found.map(({ type, id, bytes }) => ({ type, id, hex: toHex(bytes) }))).toEqual(messages);
      }),
    );
  });

  it('finds the next message behind noise and behind one that never ends', () => {
    const { framer, found, accounted } = bench();
    framer.push(fromHex('00FF04'));
    framer.push(fromHex('043E0000000A00000001'));
    framer.push(fromHex('043E0000100000000002'));
    framer.push(fromHex('043E0000000A00000003'));
    expect(found.map(({ id }) => id)).toEqual([1]);
    framer.flushStale();
    expect(found.map(({ id }) => id)).toEqual([1, 3]);
    expect(accounted()).toBe(33);
  });

  it('accounts for every byte of any line', () => {
    const likely = fc.oneof(fc.constantFrom(0, 4, 10, 20, 61, 62, 63), fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(fc.array(likely, { maxLength: 400 }), (line) => {
        const { framer, accounted } = bench();
        framer.push(Uint8Array.from(line));
        expect(accounted()).toBe(line.length);
        expect(framer.pendingBytes).toBeLessThan(maxMessageBytes);
        while (framer.pendingBytes > 0) framer.flushStale();
        expect(accounted()).toBe(line.length);
      }),
    );
  });

  it('accounts for a stream that is longer than what it holds', () => {
    const { framer, accounted } = bench();
    const chunk = new Uint8Array(5 * maxMessageBytes).fill(4);
    framer.push(chunk);
    expect(accounted()).toBe(chunk.length);
  });
});
