import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toHex } from './hex.js';
import { createHexIntern } from './hex-intern.js';

describe('createHexIntern', () => {
  it('writes what toHex writes, whatever it has kept or given up', () => {
    const intern = createHexIntern(8);
    const bytes = fc.uint8Array({ minLength: 0, maxLength: 40 });
    fc.assert(
      fc.property(fc.array(fc.tuple(bytes, fc.nat(5), fc.nat(40)), { maxLength: 60 }), (list) => {
        for (const [one, from, to] of [...list, ...list]) {
          const end = Math.max(from, Math.min(to, one.length));
          expect(intern(one, from, end)).toBe(toHex(one, from, end));
        }
      }),
    );
  });

  it('tells bytes apart that differ in any place, and lengths', () => {
    const intern = createHexIntern(64);
    const epc = Uint8Array.from({ length: 12 }, (_, i) => i);
    const texts = new Set<string>([intern(epc, 0, 12), intern(epc, 0, 11), intern(epc, 1, 12)]);
    for (let i = 0; i < 12; i++) {
      const other = epc.slice();
      other[i] = 0xff;
      texts.add(intern(other, 0, 12));
    }
    expect(texts.size).toBe(15);
  });
});
