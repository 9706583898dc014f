import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anEpc } from '../testing/builders.js';
import { type Belief, differenceOf } from './difference.js';
import type { Finding, InventorySnapshot } from './presence.js';

const finding = (epc: string, confidencePct = 100): Finding => ({
  epc,
  confidencePct,
  evidence: { reads: 3, rounds: 3, antennas: [1], bestRssiDbm: -50 },
});

function aSnapshot(fields: { present?: readonly number[]; doubtful?: readonly number[]; absent?: readonly number[] }) {
  const mapOf = (numbers: readonly number[] = [], confidencePct = 100) =>
    new Map(numbers.map((number) => [anEpc(number), finding(anEpc(number), confidencePct)]));
  const snapshot: InventorySnapshot = {
    present: mapOf(fields.present),
    doubtful: mapOf(fields.doubtful, 60),
    absent: mapOf(fields.absent, 99),
    unheard: new Set(),
    strays: 0,
    rounds: 5,
    reads: 20,
    elapsedMs: 1000,
    complete: true,
  };
  return snapshot;
}

const belief = (standing: Belief['standing'], confidencePct = 100): Belief => ({ standing, confidencePct });

function basisOf(believed: Readonly<Record<number, Belief>>) {
  return {
    believed: new Map(Object.entries(believed).map(([number, one]) => [anEpc(Number(number)), one])),
    isItem: (epc: string) => epc <= anEpc(20),
    mayComeBack: (epc: string) => epc <= anEpc(10),
    disputeBelowPct: 90,
  };
}

const brief = (difference: ReturnType<typeof differenceOf>) =>
  difference.movements.map(
    (one) => `${one.movement} ${Number.parseInt(one.epc.slice(-6), 16)}${one.disputed ? '?' : ''}`,
  );

describe('differenceOf', () => {
  it.each([
    ['nothing', { 1: belief('inside') }, { present: [1] }, []],
    ['a tool taken', { 1: belief('inside') }, { absent: [1] }, ['taken 1']],
    ['a tool returned', { 1: belief('out') }, { present: [1] }, ['returned 1']],
    ['a missing tool found', { 1: belief('missing') }, { present: [1] }, ['returned 1?']],
    ['a missing tool still missing', { 1: belief('missing') }, {}, []],
    ['a tool of elsewhere put in', {}, { present: [11] }, ['returned 11']],
    ['a tool of elsewhere glimpsed', {}, { doubtful: [11] }, []],
    ['a tool that was out glimpsed', { 1: belief('out') }, { doubtful: [1] }, ['returned 1?']],
    ['a tool inside glimpsed', { 1: belief('inside') }, { doubtful: [1] }, []],
    [
      'an absence of something that may never have been inside',
      { 1: belief('inside', 50) },
      { absent: [1] },
      ['taken 1?'],
    ],
    ['a return of something that perhaps never left', { 1: belief('out', 89) }, { present: [1] }, ['returned 1?']],
  ] as const)('sees %s', (_, believed, fields, expected) => {
    expect(brief(differenceOf(basisOf(believed), aSnapshot(fields)))).toEqual(expected);
  });

  it('books nothing from an incomplete snapshot', () => {
    const after = { ...aSnapshot({ present: [2], absent: [1] }), complete: false };
    expect(differenceOf(basisOf({ 1: belief('inside'), 2: belief('out') }), after).movements).toEqual([]);
  });

  it('names foreign tags inside once, and not as items', () => {
    const difference = differenceOf(basisOf({ 31: belief('inside') }), aSnapshot({ present: [30, 31] }));
    expect(difference.movements).toEqual([]);
    expect(difference.unknown.map(({ epc }) => epc)).toEqual([anEpc(30)]);
  });

  it('equals the truth for perfect reads, and never calls one tool both taken and returned', () => {
    const numbers = fc.subarray([1, 2, 3, 4, 5, 6, 7, 8]);
    fc.assert(
      fc.property(numbers, numbers, (before, after) => {
        const believed = Object.fromEntries(before.map((number) => [number, belief('inside')]));
        const absent = before.filter((number) => !after.includes(number));
        const difference = differenceOf(basisOf(believed), aSnapshot({ present: after, absent }));
        expect(brief(difference)).toEqual([
          ...absent.map((number) => `taken ${number}`),
          ...after.filter((number) => !before.includes(number)).map((number) => `returned ${number}`),
        ]);
        const epcs = difference.movements.map((one) => one.epc);
        expect(new Set(epcs).size).toBe(epcs.length);
      }),
    );
  });
});
