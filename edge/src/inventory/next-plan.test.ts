import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SweepPlan } from '../reader/reader.js';
import { anEpc } from '../testing/builders.js';
import { isSamePlan, nextPlan, type PlanBasis } from './next-plan.js';

const surest = anEpc(99);
const basis: PlanBasis = {
  ...{ canRest: true, focusLimit: 4, focusAsked: new Map(), current: { kind: 'rest' }, usualSweepMs: 1000 },
};
const wanting = (open: readonly string[] | null, inside: string | null = surest, heard: readonly string[] = []) =>
  ({ kind: 'more', why: 'unseen', open, surest: inside, heard: new Set(heard) }) as const;
const epcs = (count: number): string[] => Array.from({ length: count }, (_, index) => anEpc(index));
const namedBy = (plan: SweepPlan): readonly string[] => (plan.kind === 'only' ? plan.epcs : []);

describe('nextPlan', () => {
  it('asks each tag once as long as any may come, or everybody where the reader cannot', () => {
    expect(nextPlan(wanting(null), basis)).toEqual({ kind: 'rest' });
    expect(nextPlan(wanting(null), { ...basis, canRest: false })).toEqual({ kind: 'usual' });
  });

  it('asks those of whom it depends by name, and the tag that is surest inside last', () => {
    const plan = nextPlan(wanting([anEpc(1), anEpc(2)]), basis);
    expect(plan).toEqual({ kind: 'only', epcs: [anEpc(1), anEpc(2), surest] });
    expect(nextPlan(wanting([surest, anEpc(1)]), basis)).toEqual({ kind: 'only', epcs: [anEpc(1), surest] });
  });

  it('needs the surest no more where two of those in doubt have answered before', () => {
    const [silent, one, other, third] = epcs(4);
    const open = [silent, one, other, third] as string[];
    const heard = [one, other, third] as string[];
    expect(namedBy(nextPlan(wanting(open, surest, heard), basis))).toEqual(open);
    expect(namedBy(nextPlan(wanting(open, surest, heard), { ...basis, focusLimit: 3 }))).toEqual(open.slice(0, 3));
    expect(namedBy(nextPlan(wanting(open, surest, heard.slice(2)), basis))).toEqual([silent, one, other, surest]);
  });

  it.each([
    ['no tag is surely inside, whose answer would prove that the sweep was one', wanting([anEpc(1)], null), basis],
    ['the reader knows no names', wanting([anEpc(1)]), { ...basis, focusLimit: 0 }],
    ['there is room for the surest tag alone', wanting([anEpc(1)]), { ...basis, focusLimit: 1 }],
    ['asking so many by name takes longer', wanting(epcs(28)), basis],
  ] as const)('asks everybody where %s', (_why, verdict, given) => {
    expect(nextPlan(verdict, given)).toEqual({ kind: 'usual' });
  });

  it('asks many by name where a usual sweep takes longer still, or was never timed', () => {
    // Three at a time beside the surest: eight sweeps of 120 ms are less than one of 1000 ms.
    expect(nextPlan(wanting(epcs(24)), basis)).toMatchObject({ kind: 'only' });
    expect(nextPlan(wanting(epcs(24)), { ...basis, usualSweepMs: 959 })).toEqual({ kind: 'usual' });
    expect(nextPlan(wanting(epcs(60)), { ...basis, usualSweepMs: null })).toMatchObject({ kind: 'only' });
  });

  it('asks on whom it is asking, since a change costs time, then whom it asked least', () => {
    const focusAsked = new Map([
      [anEpc(0), 5],
      [anEpc(1), 1],
      [anEpc(2), 0],
      [anEpc(3), 2],
    ]);
    const current: SweepPlan = { kind: 'only', epcs: [anEpc(0), surest] };
    const plan = nextPlan(wanting(epcs(4)), { ...basis, focusAsked, current });
    expect(namedBy(plan)).toEqual([anEpc(0), anEpc(2), anEpc(1), surest]);
  });

  it('names no more than the reader takes, nobody twice, the surest always, and nobody who is decided', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat(120), { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 2, max: 16 }),
        fc.option(fc.integer({ min: 1, max: 5000 })),
        fc.array(fc.tuple(fc.nat(120), fc.nat(9))),
        (open, focusLimit, usualSweepMs, asked) => {
          const verdict = wanting(open.map(anEpc));
          const focusAsked = new Map(asked.map(([tag, times]) => [anEpc(tag), times]));
          const plan = nextPlan(verdict, { ...basis, focusLimit, usualSweepMs, focusAsked });
          if (plan.kind !== 'only') {
            expect(plan).toEqual({ kind: 'usual' });
            return;
          }
          expect(plan.epcs.length).toBeLessThanOrEqual(focusLimit);
          expect(new Set(plan.epcs).size).toBe(plan.epcs.length);
          expect(plan.epcs.at(-1)).toBe(surest);
          for (const epc of plan.epcs) expect([...(verdict.open ?? []), surest]).toContain(epc);
          // Alone it would prove nothing about anybody.
          expect(plan.epcs.length > 1 || open.map(anEpc).includes(surest)).toBe(true);
        },
      ),
    );
  });

  it('asks from the first sweep on whom nobody has heard, and beside that one the others in turn', () => {
    // Nobody has heard the ninth, whose silence has to be long; the others want one more read each.
    const open = [anEpc(9), ...epcs(4)];
    const focusAsked = new Map<string, number>();
    let current: SweepPlan = { kind: 'rest' };
    for (const beside of epcs(4)) {
      current = nextPlan(wanting(open), { ...basis, focusLimit: 3, focusAsked, current });
      expect(namedBy(current)).toEqual([anEpc(9), beside, surest]);
      for (const epc of namedBy(current)) focusAsked.set(epc, (focusAsked.get(epc) ?? 0) + 1);
      open.splice(open.indexOf(beside), 1);
    }
  });

  it('comes to everybody in turn, three at a time', () => {
    const open = epcs(10);
    const focusAsked = new Map<string, number>();
    for (let count = 0; count < 4; count++) {
      const plan = nextPlan(wanting(open), { ...basis, focusAsked });
      for (const epc of namedBy(plan)) focusAsked.set(epc, (focusAsked.get(epc) ?? 0) + 1);
    }
    expect(open.every((epc) => (focusAsked.get(epc) ?? 0) > 0)).toBe(true);
  });
});

describe('isSamePlan', () => {
  const only = (...asked: number[]): SweepPlan => ({ kind: 'only', epcs: asked.map(anEpc) });
  it.each([
    [{ kind: 'usual' }, { kind: 'usual' }, true],
    [{ kind: 'usual' }, { kind: 'rest' }, false],
    [only(1), { kind: 'rest' }, false],
    [only(1, 2), only(2, 1), true],
    [only(1, 2), only(1, 3), false],
    [only(1, 2), only(1), false],
    [only(1), only(1, 2), false],
  ] as const)('of %o and %o: %s', (one, other, same) => {
    expect(isSamePlan(one as SweepPlan, other as SweepPlan)).toBe(same);
  });
});
