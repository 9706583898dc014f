import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anEpc } from '../testing/builders.js';
import { createTagHistory } from './tag-history.js';

const usually = { focusAsked: 0, onEveryAntenna: true };

/** Of ten rounds that asked it. */
const sighting = (rounds: number, bestRssiDbm = -55) => ({
  ...{
    epc: anEpc(1),
    reads: rounds,
    rounds,
    asked: 10,
    focusRounds: 0,
    afterRounds: 0,
    firstAtMs: 0,
    lastAtMs: 1,
    antennas: [1],
  },
  bestRssiDbm,
});

describe('createTagHistory', () => {
  it('expects little of a tag that it does not know', () => {
    const history = createTagHistory();
    expect(history.rateOf(anEpc(1))).toBeCloseTo(0.6);
    expect(history.usualRssiDbmOf(anEpc(1))).toBeNull();
  });

  it('learns how often and how strongly a tag is read', () => {
    const history = createTagHistory();
    for (let i = 0; i < 10; i++) history.observe(sighting(2, -70), usually);
    expect(history.rateOf(anEpc(1))).toBeCloseTo(0.22, 1);
    expect(history.usualRssiDbmOf(anEpc(1))).toBeCloseTo(-70);
  });

  it('lets silence count for more the longer a tag was read well, and for little of one read badly', () => {
    const history = createTagHistory();
    history.observe(sighting(10), usually);
    const early = history.chanceOfAtMost(anEpc(1), 0, { rounds: 6, usualRate: 0.9 });
    for (let i = 0; i < 9; i++) history.observe(sighting(10), usually);
    expect(history.chanceOfAtMost(anEpc(1), 0, { rounds: 6, usualRate: 0.9 })).toBeLessThan(early / 10);
    for (let i = 0; i < 10; i++) history.observe({ ...sighting(2), epc: anEpc(2) }, usually);
    expect(history.chanceOfAtMost(anEpc(2), 0, { rounds: 6, usualRate: 0.9 })).toBeGreaterThan(0.1);
  });

  it('takes a tag that it never saw for one like the others of the cabinet', () => {
    const history = createTagHistory();
    expect(history.usualRate()).toBeNull();
    for (let i = 0; i < 20; i++) history.observe(sighting(9), usually);
    expect(history.usualRate()).toBeCloseTo(0.9, 1);
    expect(history.chanceOfAtMost(anEpc(9), 0, { rounds: 7, usualRate: 0.9 })).toBeCloseTo(1e-7, 9);
  });

  it('takes few reads for what they are: P(X <= 3) of 12 rounds at 0.5 is 299 of 4096', () => {
    const history = createTagHistory();
    expect(history.chanceOfAtMost(anEpc(9), 3, { rounds: 12, usualRate: 0.5 })).toBeCloseTo(299 / 4096, 12);
  });

  it('gives a chance that grows with the reads, up to certainty', () => {
    const counts = fc.record({ seen: fc.integer({ min: 0, max: 10 }), rounds: fc.integer({ min: 1, max: 60 }) });
    fc.assert(
      fc.property(counts, fc.double({ min: 0.05, max: 0.99, noNaN: true }), ({ seen, rounds }, usualRate) => {
        const history = createTagHistory();
        history.observe(sighting(seen), usually);
        const of = { rounds, usualRate };
        const chances = Array.from({ length: rounds + 1 }, (_, reads) => history.chanceOfAtMost(anEpc(1), reads, of));
        expect(chances.every((chance, reads) => reads === 0 || chance >= (chances[reads - 1] ?? 1) - 1e-9)).toBe(true);
        expect(chances[rounds - 1]).toBeLessThanOrEqual(1);
        expect(chances[rounds]).toBe(1);
        expect(chances[0]).toBeGreaterThan(0);
      }),
    );
  });

  it('forgets an old place within a few inventories', () => {
    const history = createTagHistory();
    for (let i = 0; i < 100; i++) history.observe(sighting(10), usually);
    for (let i = 0; i < 30; i++) history.observe(sighting(3), usually);
    expect(history.rateOf(anEpc(1))).toBeLessThan(0.4);
  });
});
