import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { below, chance, randomBytes } from './random.js';
import { seededRandom } from './seeded-random.js';

const draws = (seed: string | number, count: number): number[] => {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => random.uint32());
};

describe('seededRandom', () => {
  it('gives the same numbers for the same seed and others for another', () => {
    expect(draws(7, 50)).toEqual(draws(7, 50));
    expect(draws(7, 50)).not.toEqual(draws(8, 50));
  });

  it('gives a fork its own stream, whatever is drawn elsewhere', () => {
    const one = seededRandom(7);
    const other = seededRandom(7);
    other.uint32();
    expect(one.fork('field').uint32()).toBe(other.fork('field').uint32());
    expect(one.fork('field').uint32()).not.toBe(one.fork('door').uint32());
  });

  it('is uniform enough for odds in integers', () => {
    const random = seededRandom('odds');
    let hits = 0;
    for (let i = 0; i < 100_000; i++) if (chance(random, 5, 100)) hits++;
    expect(hits).toBeGreaterThan(4_700);
    expect(hits).toBeLessThan(5_300);
  });

  it('stays below the bound and fills any number of bytes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 31 }), fc.integer(), (bound, seed) => {
        const draw = below(seededRandom(seed), bound);
        expect(draw >= 0 && draw < bound).toBe(true);
      }),
    );
    expect(randomBytes(seededRandom(1), 7)).toHaveLength(7);
  });
});
