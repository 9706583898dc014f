import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AssetFacts, assetState, assetStateSinceMs } from './asset-state.js';

const at = Date.UTC(2026, 0, 5);
const inside = { state: 'in', disputed: false, sinceMs: at - 1000, missingSinceMs: null } as const;
const plain: AssetFacts = { status: 'available', calibrationDueAtMs: null, custody: inside };

describe('assetState', () => {
  it.each<[string, Partial<AssetFacts>, string]>([
    ['lies where it belongs', {}, 'available'],
    ['has never been heard of', { custody: null }, 'unknown'],
    ['was taken', { custody: { ...inside, state: 'out' } }, 'out'],
    ['was taken, perhaps', { custody: { ...inside, state: 'out', disputed: true } }, 'disputed'],
    ['is retired and still out', { status: 'retired', custody: { ...inside, state: 'out' } }, 'out'],
    ['is retired', { status: 'retired', custody: { ...inside, missingSinceMs: at } }, 'retired'],
    ['was expected and not read', { custody: { ...inside, missingSinceMs: at - 5 } }, 'missing'],
    ['is missing and overdue', { calibrationDueAtMs: 0, custody: { ...inside, missingSinceMs: at - 5 } }, 'missing'],
    ['is set aside', { status: 'quarantine' }, 'quarantine'],
    ['is due this very moment', { calibrationDueAtMs: at }, 'calibration'],
    ['is due in a moment', { calibrationDueAtMs: at + 1 }, 'available'],
    ['is known, but not where', { custody: { ...inside, state: 'unknown' } }, 'unknown'],
  ])('of an asset that %s', (_name, facts, state) => {
    expect(assetState({ ...plain, ...facts }, at)).toBe(state);
  });

  it('never hides that an asset is out', () => {
    const facts = fc.record({
      status: fc.constantFrom('available', 'quarantine', 'retired'),
      calibrationDueAtMs: fc.option(fc.integer({ min: 0, max: 2 * at })),
      custody: fc.record({
        state: fc.constant('out' as const),
        disputed: fc.boolean(),
        sinceMs: fc.integer({ min: 0, max: at }),
        missingSinceMs: fc.option(fc.integer({ min: 0, max: at })),
      }),
    });
    fc.assert(fc.property(facts, (out) => ['out', 'disputed'].includes(assetState(out as AssetFacts, at))));
  });

  it('tells since when', () => {
    expect(assetStateSinceMs(plain, at)).toBe(at - 1000);
    expect(assetStateSinceMs({ ...plain, custody: { ...inside, missingSinceMs: at - 5 } }, at)).toBe(at - 5);
    expect(assetStateSinceMs({ ...plain, custody: null }, at)).toBeNull();
  });
});
