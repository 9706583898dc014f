import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EntryView } from '../api/entry.js';
import { emptyTrail, lastIndexOf, rowsOf, type TrailPatch, withPatch, withSnapshot } from './trail-list.js';

function entry(index: number): EntryView {
  const time = '2026-11-22T06:00:00.000Z';
  return {
    index,
    kind: 'door.opened',
    category: 'session',
    source: 'cabinet',
    time,
    received_at: time,
    late: false,
    status: 'accepted',
    site: null,
    cabinet: null,
    actor: null,
    asset: null,
    counterpart: null,
    session: null,
    order: null,
    sequence: null,
    data: {},
  };
}
/** Every third line is one that this user may not see. */
const visible = (index: number): boolean => index % 3 !== 0;
function patch(from: number, to: number): TrailPatch {
  const entries: EntryView[] = [];
  for (let index = from; index <= to; index++) if (visible(index)) entries.push(entry(index));
  return { from, to, entries };
}
const patches = fc
  .array(fc.tuple(fc.nat(60), fc.nat(8)), { minLength: 1, maxLength: 25 })
  .map((ranges) => ranges.map(([from, length]) => patch(from, from + length)));

describe('withPatch', () => {
  it('ends in the same list for any order and any repetition of the same patches', () => {
    fc.assert(
      fc.property(patches, fc.infiniteStream(fc.nat(1000)), fc.integer({ min: 1, max: 20 }), (list, dice, limit) => {
        const next = (): number => dice.next().value ?? 0;
        const again = list.filter(() => next() % 3 === 0);
        const shuffled = [...list, ...again].map((item) => ({ item, at: next() })).sort((a, b) => a.at - b.at);
        const straight = list.reduce(withPatch, emptyTrail(limit));
        const mixed = shuffled.map(({ item }) => item).reduce(withPatch, emptyTrail(limit));
        expect(mixed).toEqual(straight);
      }),
    );
  });

  it('never holds more than its limit, and says when it holds less than it was given', () => {
    fc.assert(
      fc.property(patches, fc.integer({ min: 1, max: 20 }), (list, limit) => {
        const trail = list.reduce(withPatch, emptyTrail(limit));
        const given = new Set(list.flatMap((item) => item.entries.map(({ index }) => index)));
        expect(trail.entries.length).toBe(Math.min(limit, given.size));
        expect(trail.truncated).toBe(given.size > limit);
        expect(trail.entries.map(({ index }) => index)).toEqual([...given].sort((a, b) => a - b).slice(-limit));
      }),
    );
  });

  it('shows a hole between what was delivered, and closes it when the rest arrives', () => {
    const holed = [patch(0, 4), patch(8, 9)].reduce(withPatch, emptyTrail(50));
    expect(rowsOf(holed).filter((row) => row.type === 'gap')).toEqual([{ type: 'gap', from: 5, to: 7, count: 3 }]);
    expect(rowsOf(withPatch(holed, patch(5, 7))).filter((row) => row.type === 'gap')).toEqual([]);
  });

  it('shows no hole for lines that this user may not see', () => {
    const trail = withPatch(emptyTrail(50), { from: 0, to: 40, entries: [entry(5), entry(30)] });
    expect(rowsOf(trail).map((row) => row.type)).toEqual(['entry', 'entry']);
    expect(lastIndexOf(trail)).toBe(40);
  });

  it('ignores an entry that stands outside of its patch, and a patch that ends before it begins', () => {
    const trail = withPatch(emptyTrail(5), { from: 3, to: 4, entries: [entry(4), entry(9)] });
    expect(trail.entries.map(({ index }) => index)).toEqual([4]);
    expect(withPatch(trail, { from: 9, to: 8, entries: [entry(8)] })).toBe(trail);
  });
});

describe('withSnapshot', () => {
  it('starts a list that says older lines exist', () => {
    const trail = withSnapshot(emptyTrail(50), {
      index: 20,
      entries: [entry(18), entry(20)],
      skipped: 0,
      after: null,
      continues: false,
    });
    expect(trail.truncated).toBe(true);
    expect(rowsOf(trail).map((row) => row.type)).toEqual(['entry', 'entry']);
  });

  it('says how many lines were left out while the page was away', () => {
    const before = withPatch(emptyTrail(50), patch(0, 4));
    const trail = withSnapshot(before, {
      index: 5000,
      entries: [entry(4999), entry(5000)],
      skipped: 14,
      after: 4,
      continues: true,
    });
    expect(rowsOf(trail)[2]).toEqual({ type: 'gap', from: 5, to: 4998, count: 14 });
  });

  it('joins without a hole when nothing was left out', () => {
    const before = withPatch(emptyTrail(50), patch(0, 4));
    const trail = withSnapshot(before, { index: 9, entries: [entry(7)], skipped: 0, after: 4, continues: true });
    expect(rowsOf(trail).some((row) => row.type === 'gap')).toBe(false);
  });

  it('starts anew when the trail is another one', () => {
    const before = withPatch(emptyTrail(50), patch(0, 40));
    const shorter = { index: 2, entries: [entry(2)], skipped: 0, after: 40, continues: false };
    expect(withSnapshot(before, shorter).entries.map(({ index }) => index)).toEqual([2]);
    const longer = withSnapshot(before, { ...shorter, index: 43, entries: [entry(43)], skipped: 2 });
    expect(rowsOf(longer)).toEqual([{ type: 'entry', entry: entry(43) }]);
    expect(longer.truncated).toBe(true);
  });
});
