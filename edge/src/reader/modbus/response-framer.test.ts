import { fromHex, toHex } from '@tagtrail/shared/bytes/hex.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createResponseFramer, findResponse } from './response-framer.js';

/** Published: Waveshare's examples and the Modbus specification. */
const readInputs = fromHex('01020000000879CC');
const inputs = fromHex('01020120A050');
const wrongCrc = fromHex('01020103A190');
const pulse = fromHex('0105020000078DB0');
const otherPulse = fromHex('0105020100089C74');
const exception = fromHex('018202C161');

function harness() {
  const frames: string[] = [];
  let discarded = 0;
  const framer = createResponseFramer({
    onResponse: (frame) => frames.push(toHex(frame)),
    onDiscard: (bytes) => {
      discarded += bytes;
    },
  });
  return { framer, frames, discarded: () => discarded };
}

describe('findResponse', () => {
  it.each([
    ['an answer', readInputs, inputs, { from: 0, to: 6 }],
    ['an exception', readInputs, exception, { from: 0, to: 5 }],
    ['the echo of a write', pulse, pulse, { from: 0, to: 8 }],
    ['no answer with a wrong CRC', readInputs, wrongCrc, undefined],
    ['no answer to another write', pulse, otherPulse, undefined],
    ['no answer to another function', pulse, inputs, undefined],
    ['nothing in half an answer', readInputs, inputs.subarray(0, 5), undefined],
  ])('finds %s', (_name, request, bytes, found) => {
    expect(findResponse(bytes, request)).toEqual(found);
  });
});

describe('createResponseFramer', () => {
  it('puts an answer together that comes in single bytes', () => {
    const { framer, frames } = harness();
    framer.expect(readInputs);
    for (const byte of inputs) framer.push(Uint8Array.of(byte));
    expect(frames).toEqual([toHex(inputs)]);
  });

  it('takes no answer that comes after its request was given up', () => {
    const { framer, frames, discarded } = harness();
    framer.expect(readInputs);
    framer.push(inputs.subarray(0, 3));
    framer.forget();
    framer.push(inputs);
    expect(frames).toEqual([]);
    expect(discarded()).toBe(9);
  });

  it('finds the answer behind any noise and accounts for every byte', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.array(fc.nat(50)), (noise, cuts) => {
        const { framer, frames, discarded } = harness();
        framer.expect(pulse);
        const line = new Uint8Array([...noise, ...pulse]);
        let at = 0;
        for (const cut of cuts) {
          framer.push(line.subarray(at, at + cut));
          at = Math.min(line.length, at + cut);
        }
        framer.push(line.subarray(at));
        expect(frames.at(-1)).toBe(toHex(pulse));
        expect(discarded() + frames.join('').length / 2).toBe(line.length);
      }),
      { numRuns: 200 },
    );
  });
});
