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
    const early = history.missChance(anEpc(1), 6, 0.9);
    for (let i = 0; i < 9; i++) history.observe(sighting(10), usually);
    expect(history.missChance(anEpc(1), 6, 0.9)).toBeLessThan(early / 10);
    for (let i = 0; i < 10; i++) history.observe({ ...sighting(2), epc: anEpc(2) }, usually);
    expect(history.missChance(anEpc(2), 6, 0.9)).toBeGreaterThan(0.1);
  });

  it('takes a tag that it never saw for one like the others of the cabinet', () => {
    const history = createTagHistory();
    expect(history.usualRate()).toBeNull();
    for (let i = 0; i < 20; i++) history.observe(sighting(9), usually);
    expect(history.usualRate()).toBeCloseTo(0.9, 1);
    expect(history.missChance(anEpc(9), 7, 0.9)).toBeCloseTo(1e-7, 9);
  });

  it('forgets an old place within a few inventories', () => {
    const history = createTagHistory();
    for (let i = 0; i < 100; i++) history.observe(sighting(10), usually);
    for (let i = 0; i < 30; i++) history.observe(sighting(3), usually);
    expect(history.rateOf(anEpc(1))).toBeLessThan(0.4);
  });
});
