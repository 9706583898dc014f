import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeTraceLine, encodeTraceLine, isTraceHead, type TraceLine, traceDevices, traceHead } from './trace.js';

const at = { atMs: fc.nat(), device: fc.constantFrom(...traceDevices) };
const line: fc.Arbitrary<TraceLine> = fc.oneof(
  fc.record({ ...at, kind: fc.constant('open' as const), baudRate: fc.nat() }),
  fc.record({
    ...at,
    kind: fc.constantFrom('sent' as const, 'received' as const),
    bytes: fc.uint8Array({ minLength: 1 }),
  }),
  fc.record({
    ...at,
    kind: fc.constant('close' as const),
    reason: fc.constantFrom('asked' as const, 'unplugged' as const),
  }),
);

describe('a line of a trace', () => {
  it('comes back as it was written', () => {
    fc.assert(
      fc.property(line, (one) => {
        expect(decodeTraceLine(encodeTraceLine(one))).toEqual(one);
      }),
    );
  });

  it('is nothing when it is cut, changed or something else, and never throws', () => {
    fc.assert(
      fc.property(line, fc.nat(), (one, cut) => {
        const text = encodeTraceLine(one);
        expect(decodeTraceLine(text.slice(0, cut % text.length))).toBeUndefined();
      }),
    );
    fc.assert(fc.property(fc.string(), (text) => void decodeTraceLine(text)));
    for (const text of ['[1,"uhf",">","0"]', '[-1,"uhf",">","00"]', '[1,"fax",">","00"]', '[1,"uhf","<",""]'])
      expect(decodeTraceLine(text)).toBeUndefined();
  });

  it('tells a trace from another file', () => {
    expect(isTraceHead(traceHead('2026-01-05T06:00:00.000Z'))).toBe(true);
    expect([isTraceHead('{}'), isTraceHead('["tagtrail trace",2,""]'), isTraceHead('')]).toEqual([false, false, false]);
  });
});
