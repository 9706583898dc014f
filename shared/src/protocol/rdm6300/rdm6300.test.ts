import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../bytes/hex.js';
import { rdm6300Vectors } from './rdm6300.vectors.js';
import { encodeRdm6300 } from './rdm6300-frame.js';
import { badgePrintForms } from './rdm6300-number.js';
import { createRdm6300Parser, type Rdm6300Parser } from './rdm6300-parser.js';

function bench(): { parser: Rdm6300Parser; numbers: string[]; discarded: Record<string, number>; accounted(): number } {
  const numbers: string[] = [];
  const discarded: Record<string, number> = {};
  const parser = createRdm6300Parser({
    onFrame: (number) => numbers.push(number),
    onDiscard: (reason, bytes) => {
      discarded[reason] = (discarded[reason] ?? 0) + bytes;
    },
  });
  const dropped = (): number => Object.values(discarded).reduce((sum, bytes) => sum + bytes, 0);
  return { parser, numbers, discarded, accounted: () => numbers.length * 14 + dropped() + parser.pendingBytes };
}

const number = fc.uint8Array({ minLength: 5, maxLength: 5 }).map((bytes) => toHex(bytes));

describe('the RDM6300 codec', () => {
  it.each(rdm6300Vectors)('reads or refuses $id ($origin)', ({ hex, decoded }) => {
    const { parser, numbers, accounted } = bench();
    parser.push(fromHex(hex));
    expect(numbers).toEqual(decoded === null ? [] : [decoded.number]);
    expect(accounted()).toBe(hex.length / 2);
    if (decoded === null) return;
    expect(toHex(encodeRdm6300(decoded.number)).toLowerCase()).toBe(hex);
    expect(badgePrintForms(decoded.number)).toEqual({
      decimal: decoded.decimal,
      facilityAndNumber: decoded.facilityAndNumber,
    });
  });

  it('counts a wrong xor', () => {
    const { parser, discarded } = bench();
    parser.push(fromHex(rdm6300Vectors.find(({ id }) => id === 'rdm6300-bad-checksum')?.hex ?? ''));
    expect(discarded).toEqual({ checksum: 1, noise: 13 });
  });

  it('gives back what was encoded between any noise and cuts', () => {
    const noise = fc.uint8Array({ maxLength: 20 });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(noise, number), { maxLength: 5 }),
        fc.integer({ min: 1, max: 9 }),
        (parts, size) => {
          const { parser, numbers, accounted } = bench();
          const line = parts.flatMap(([before, one]) => [...before, ...encodeRdm6300(one)]);
          for (let at = 0; at < line.length; at += size) parser.push(Uint8Array.from(line.slice(at, at + size)));
          for (const [, one] of parts) expect(numbers).toContain(one);
          expect(accounted()).toBe(line.length);
        },
      ),
    );
  });

  it('accounts for every byte of any line', () => {
    const likely = fc.oneof(fc.constantFrom(0x02, 0x03, 0x30, 0x41), fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(fc.array(likely, { maxLength: 300 }), (line) => {
        const { parser, accounted } = bench();
        parser.push(Uint8Array.from(line));
        expect(accounted()).toBe(line.length);
        expect(parser.pendingBytes).toBeLessThan(14);
        while (parser.pendingBytes > 0) parser.flushStale();
        expect(accounted()).toBe(line.length);
      }),
    );
  });

  it('forgets half a frame when told that it is stale', () => {
    const { parser, numbers, discarded } = bench();
    const frame = encodeRdm6300('1F00644BB6');
    parser.push(frame.subarray(0, 6));
    parser.flushStale();
    expect(discarded).toEqual({ stale: 1, noise: 5 });
    parser.push(frame);
    expect(numbers).toEqual(['1F00644BB6']);
  });

  it('refuses to encode what is no badge number', () => {
    expect(() => encodeRdm6300('1F00644BB')).toThrow(expect.objectContaining({ code: 'rdm6300.number_malformed' }));
    expect(badgePrintForms('zz')).toBeNull();
  });
});

const research = new URL('../../../../../shared/data/vectors/rdm6300.json', import.meta.url);

describe.skipIf(!existsSync(research))(
  'the RDM6300 codec against the research vectors (skipped where they are absent)',
  () => {
    it('agrees with all of them', () => {
      const { vectors } = JSON.parse(readFileSync(research, 'utf8')) as {
        vectors: { hex: string; decoded: { version?: string; tagHex?: string } }[];
      };
      for (const { hex, decoded } of vectors) {
        const { parser, numbers } = bench();
        parser.push(fromHex(hex));
        expect(numbers).toEqual(decoded.tagHex === undefined ? [] : [`${decoded.version}${decoded.tagHex}`]);
      }
    });
  },
);
