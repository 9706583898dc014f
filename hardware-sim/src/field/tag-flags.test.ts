import { describe, expect, it } from 'vitest';
import type { AirRead } from './air.js';
import { createTagFlags, type Query, type Select, type TagFlag } from './tag-flags.js';

const wrench: AirRead = { epc: '3034257BF7194E4000001A85', rssiDbm: -50, count: 1 };
const gauge: AirRead = { epc: '3034257BF7194E4000001A86', rssiDbm: -57, count: 2 };
const all = [wrench, gauge];

function selecting(flag: TagFlag, only?: AirRead): Select {
  const other = flag === 'sl' ? 'off' : 'keep';
  return { flag, matches: (epc) => only === undefined || epc === only.epc, matching: 'on', other };
}

const once: Query = { session: 's2', target: 'a', selects: [] };

describe('createTagFlags', () => {
  it.each([
    ['s0', 5, [2, 2, 2]],
    ['s1', 5, [2, 0, 0]],
    ['s2', 5, [2, 0, 0]],
    ['s1', 2500, [2, 2, 2]],
    ['s2', 2500, [2, 0, 0]],
    ['s3', 9000, [2, 0, 0]],
    ['s2', 11_000, [2, 2, 2]],
  ] as const)('asked in %s for A every %d ms', (session, everyMs, answers) => {
    const flags = createTagFlags();
    expect(answers.map((_, i) => flags.answers(all, { ...once, session }, i * everyMs).length)).toEqual(answers);
  });

  it('lets everybody answer who is asked on both sides', () => {
    const flags = createTagFlags();
    const query: Query = { session: 's1', target: 'both', selects: [] };
    expect([0, 1, 2].map((at) => flags.answers(all, query, at).length)).toEqual([2, 2, 2]);
  });

  it('lets those answer in B who answered in A', () => {
    const flags = createTagFlags();
    flags.answers([wrench], once, 0);
    expect(flags.answers(all, { ...once, target: 'b' }, 1)).toEqual([wrench]);
    expect(flags.answers(all, once, 2)).toEqual(all);
  });

  it('keeps each session apart', () => {
    const flags = createTagFlags();
    flags.answers(all, once, 0);
    expect(flags.answers(all, { ...once, session: 's3' }, 1)).toEqual(all);
  });

  it('takes a tag back to A that a Select names, and one that it missed the Select of stays silent', () => {
    const flags = createTagFlags();
    flags.answers(all, once, 0);
    const again: Query = { ...once, selects: [selecting('sl'), selecting('s2')] };
    expect(flags.answers([wrench], again, 1)).toEqual([wrench]);
    expect(flags.answers(all, once, 2)).toEqual([]);
  });

  it('asks only whom a Select has selected, whatever they answered before', () => {
    const flags = createTagFlags();
    const only: Query = { session: 's1', target: 'both', selects: [selecting('sl', wrench)] };
    expect([0, 1].map((at) => flags.answers(all, only, at))).toEqual([[wrench], [wrench]]);
  });

  it('leaves the flags of a tag that missed the Select as they were: it answers to the one before', () => {
    let hears = true;
    const flags = createTagFlags(undefined, () => hears);
    const asking = (tag: AirRead): Query => ({ session: 's1', target: 'both', selects: [selecting('sl', tag)] });
    expect(flags.answers(all, asking(wrench), 0)).toEqual([wrench]);
    hears = false;
    expect(flags.answers(all, asking(gauge), 1)).toEqual([wrench]);
    hears = true;
    expect(flags.answers(all, asking(gauge), 2)).toEqual([gauge]);
  });
});
