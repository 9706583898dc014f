import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseEdgeConfig } from '../config.js';
import { anEpc } from '../testing/builders.js';
import type { Sighting } from './dedupe.js';
import type { Expectation, InventoryView } from './inventory-view.js';
import { absenceConfidencePct, judgeInventory, roundsForRate } from './presence.js';
import { missTable, windowTable } from './presence.vectors.js';
import { judgeSighting } from './stray-filter.js';

const devices = '{ uhf: { path: a }, badge: { path: b }, lock: { path: c } }';
const config = parseEdgeConfig(`{ credentials: c, data: d, devices: ${devices} }`).presence;

function aSighting(fields: Partial<Sighting> = {}): Sighting {
  return {
    epc: anEpc(1),
    reads: 3,
    rounds: 3,
    asked: 3,
    focusRounds: 0,
    afterRounds: 0,
    firstAtMs: 0,
    lastAtMs: 1,
    bestRssiDbm: -55,
    antennas: [1],
    ...fields,
  };
}

/** A view of usual sweeps: each asked every tag. */
const aView = (fields: Partial<InventoryView> = {}): InventoryView => {
  const { rounds = 3, sightings = [aSighting()] } = fields;
  const asked = { rounds, usualRounds: rounds, generalRounds: rounds, focusAsked: new Map<string, number>() };
  const usual = { ...asked, isReading: true, overflow: 0, elapsedMs: 750, antennas: 4, ...fields };
  return { ...usual, sightings: sightings.map((sighting) => ({ ...sighting, asked: rounds })) };
};

const expecting = (inside: readonly string[], rate = 0.95): Expectation => ({
  inside: new Set(inside),
  rateOf: () => rate,
  chanceOfAtMost: (_, reads, { rounds }) => (reads >= rounds ? 1 : (1 - rate) ** rounds),
  usualRate: () => 0.9999999,
  usualRssiDbmOf: () => null,
  perhapsBack: new Set(),
  isItem: () => false,
  known: () => [],
});

describe('roundsForRate', () => {
  it.each(windowTable)('asks for $window rounds at read rate $readRate and delta $delta', (row) => {
    expect(roundsForRate(row.readRate, row.delta)).toBe(row.window);
  });
});

describe('absenceConfidencePct', () => {
  it.each(missTable)('knows what $rounds rounds at $readRate leave open', (row) => {
    expect(absenceConfidencePct(row.readRate, row.rounds)).toBeCloseTo(100 * (1 - row.probAllMissed), -0.5);
    expect(absenceConfidencePct(row.readRate, row.rounds)).toBeLessThanOrEqual(100 * (1 - row.probAllMissed) + 0.001);
  });
});

describe('judgeSighting', () => {
  const limits = {
    strongRssiDbm: -65,
    minReads: 2,
    minAntennas: 1,
    presentFromPct: 90,
    trialRounds: 10,
    usualFloorDbm: null,
  };
  it.each([
    ['read strongly once', { bestRssiDbm: -60, reads: 1, rounds: 1 }, 'present', 100],
    ['weak but in every round', { bestRssiDbm: -73, reads: 10, rounds: 10 }, 'present', 100],
    ['weak in half of the rounds', { bestRssiDbm: -73, reads: 5, rounds: 5 }, 'doubtful', 50],
    ['weak now and then', { bestRssiDbm: -73, reads: 2, rounds: 2 }, 'stray', 20],
    ['a single weak read', { bestRssiDbm: -68, reads: 1, rounds: 1 }, 'stray', 16],
    ['too faint to be inside, however often', { bestRssiDbm: -81, reads: 10, rounds: 10 }, 'stray', 0],
  ] as const)('%s', (_, fields, standing, confidencePct) => {
    expect(judgeSighting(aSighting(fields), 10, limits)).toMatchObject({ standing, confidencePct });
  });
});

describe('judgeSighting of a tag with a history', () => {
  const limits = {
    strongRssiDbm: -65,
    minReads: 2,
    minAntennas: 1,
    presentFromPct: 90,
    trialRounds: 0,
    usualFloorDbm: -67,
  };
  it.each([
    ['as usual', -60, 'present'],
    ['somewhat weaker', -66, 'present'],
    ['weaker than ever, though in every round', -72, 'doubtful'],
  ] as const)('%s', (_, bestRssiDbm, standing) => {
    expect(judgeSighting(aSighting({ bestRssiDbm, reads: 5, rounds: 5 }), 5, limits).standing).toBe(standing);
  });
});

describe('judgeInventory', () => {
  it.each([
    [0.3, 'cannot say whether it came back', [anEpc(2)]],
    [0.9, 'it did not come back', []],
  ])('of a tag that is out, is read in a share of %s of the rounds and is not heard: %s', (rate, _, unheard) => {
    const expectation = { ...expecting([anEpc(1)], rate), known: () => [anEpc(1), anEpc(2)] };
    const view = aView({ rounds: 10, elapsedMs: 5000, sightings: [aSighting({ epc: anEpc(1), rounds: 10 })] });
    const verdict = judgeInventory(view, expectation, config);
    expect(verdict.kind === 'settled' && [...verdict.snapshot.unheard]).toEqual(unheard);
  });

  describe('of a tag that is out and hard to read', () => {
    const inside = { ...aSighting({ epc: anEpc(1), rounds: 10 }) };
    const hard = (perhapsBack: readonly string[] = []): Expectation => ({
      ...expecting([anEpc(1)], 0.3),
      known: () => [anEpc(1), anEpc(2)],
      usualRssiDbmOf: () => -64,
      perhapsBack: new Set(perhapsBack),
    });
    const glimpse = (bestRssiDbm: number) => aSighting({ epc: anEpc(2), reads: 1, rounds: 1, bestRssiDbm });
    const unheardAfter = (rounds: number, glimpsed: readonly Sighting[]) => {
      const view = aView({ rounds, elapsedMs: 5000, sightings: [{ ...inside, rounds }, ...glimpsed] });
      const verdict = judgeInventory(view, hard(), config);
      return verdict.kind === 'settled' ? [...verdict.snapshot.unheard] : verdict.why;
    };

    it('cannot say whether it came back when it glimpses it as strongly as it is inside', () => {
      expect(unheardAfter(12, [glimpse(-70)])).toEqual([anEpc(2)]);
    });

    it('takes what is much weaker than it is inside for rounds that did not read it', () => {
      expect(unheardAfter(25, [])).toEqual([]);
      expect(unheardAfter(25, [glimpse(-77)])).toEqual([]);
      expect(unheardAfter(12, [glimpse(-77)])).toEqual([anEpc(2)]);
    });

    it('looks on, where nobody waits, until it can say of each', () => {
      const after = (rounds: number, elapsedMs: number) =>
        judgeInventory(aView({ rounds, elapsedMs, sightings: [{ ...inside, rounds }] }), hard([anEpc(2)]), config);
      expect(after(12, 3000)).toMatchObject({ kind: 'more', open: [anEpc(2)] });
      expect(after(25, 3000).kind).toBe('settled');
      expect(after(12, config.maxMs).kind).toBe('settled');
    });
  });

  it('ends no doubt about a tag whose past is not known, as after a restart, and does not wait for it', () => {
    const expectation = { ...expecting([anEpc(1)]), known: () => [anEpc(1)], perhapsBack: new Set([anEpc(2)]) };
    const inside = aSighting({ epc: anEpc(1), rounds: 20 });
    const verdict = judgeInventory(aView({ rounds: 20, elapsedMs: 4000, sightings: [inside] }), expectation, config);
    expect(verdict.kind === 'settled' && [...verdict.snapshot.unheard]).toEqual([anEpc(2)]);
  });

  it('makes a weak tag that nobody expects stand every round', () => {
    const weak = (rounds: number) =>
      aSighting({ epc: anEpc(9), bestRssiDbm: -75, reads: rounds, rounds, antennas: [1, 2] });
    const after = (rounds: number, seen: number) =>
      judgeInventory(aView({ rounds, sightings: [weak(seen)] }), expecting([]), config);
    expect(after(3, 3)).toMatchObject({ kind: 'more', why: 'doubt' });
    expect(after(9, 9)).toMatchObject({ kind: 'more', why: 'doubt' });
    expect(after(4, 1)).toMatchObject({ kind: 'settled', snapshot: { strays: 1 } });
    const settled = after(10, 10);
    if (settled.kind !== 'settled') return expect.unreachable(settled.why);
    expect([...settled.snapshot.present.keys()]).toEqual([anEpc(9)]);
  });

  it('takes a tag that is always weak for what it usually is', () => {
    const deep = aSighting({ bestRssiDbm: -78, rounds: 3 });
    const expectation = { ...expecting([anEpc(1)]), usualRssiDbmOf: () => -77 };
    const verdict = judgeInventory(aView({ sightings: [deep] }), expectation, config);
    if (verdict.kind !== 'settled') return expect.unreachable(verdict.why);
    expect(verdict.snapshot.present.get(anEpc(1))?.confidencePct).toBe(100);
  });

  it.each([
    ['fewer rounds than it always reads', aView({ rounds: 2 }), expecting([]), 'rounds'],
    [
      'a new tag in the last round',
      aView({ sightings: [aSighting({ afterRounds: 2, rounds: 1 })] }),
      expecting([]),
      'quiet',
    ],
    ['an expected tag unseen', aView(), expecting([anEpc(1), anEpc(2)]), 'unseen'],
    [
      'a tag in doubt',
      aView({ rounds: 8, sightings: [aSighting({ rounds: 5, bestRssiDbm: -74, antennas: [1, 2] })] }),
      expecting([]),
      'doubt',
    ],
  ] as const)('goes on after %s', (_, view, expectation, why) => {
    expect(judgeInventory(view, expectation, config)).toMatchObject({ kind: 'more', why });
  });

  it('is not kept going by strays', () => {
    const stray = aSighting({ epc: anEpc(9), afterRounds: 2, rounds: 1, reads: 1, bestRssiDbm: -78 });
    const verdict = judgeInventory(aView({ sightings: [aSighting(), stray] }), expecting([anEpc(1)]), config);
    expect(verdict).toMatchObject({ kind: 'settled', snapshot: { strays: 1, complete: true } });
  });

  it.each([
    [0.95, 6],
    [0.8, 11],
    [0.7, 14],
    [0.3, 46],
  ])('reads a tag of rate %d for %i rounds before it is absent', (rate, rounds) => {
    const expectation = expecting([anEpc(1), anEpc(2)], rate);
    const sightings = (n: number) => [aSighting({ rounds: n, reads: n })];
    expect(
      judgeInventory(aView({ rounds: rounds - 1, sightings: sightings(rounds - 1) }), expectation, config).kind,
    ).toBe('more');
    const verdict = judgeInventory(aView({ rounds, sightings: sightings(rounds) }), expectation, config);
    if (verdict.kind !== 'settled') return expect.unreachable(verdict.why);
    expect(verdict.snapshot.absent.get(anEpc(2))?.confidencePct).toBeGreaterThanOrEqual(99);
  });

  it('is not sure of an absence when time was up before the silence was long enough', () => {
    const view = aView({ rounds: 13, sightings: [aSighting({ rounds: 13, reads: 13 })], elapsedMs: config.maxMs });
    const verdict = judgeInventory(view, expecting([anEpc(1), anEpc(2)], 0.7), config);
    if (verdict.kind !== 'settled') return expect.unreachable(verdict.why);
    expect(verdict.snapshot.absent.get(anEpc(2))?.confidencePct).toBe(config.disputeBelowPct - 1);
  });

  it('reads until a tag that came back would have been read', () => {
    const expectation = { ...expecting([anEpc(1)]), usualRate: () => 0.9 };
    const after = (rounds: number) =>
      judgeInventory(aView({ rounds, sightings: [aSighting({ rounds, reads: rounds })] }), expectation, config);
    expect(after(5)).toMatchObject({ kind: 'more', why: 'rounds' });
    expect(after(7).kind).toBe('settled');
  });

  it('lets a round without a tag count for less when all are read worse than usual', () => {
    const tools = [1, 2, 3, 4, 5, 6].map(anEpc);
    const expectation = { ...expecting([...tools, anEpc(9)], 0.95), usualRate: () => 0.95 };
    const after = (seenOf10: number) => {
      const sightings = tools.map((epc) => aSighting({ epc, rounds: seenOf10, reads: seenOf10 }));
      const verdict = judgeInventory(aView({ rounds: 10, sightings, elapsedMs: config.maxMs }), expectation, config);
      return verdict.kind === 'settled' ? verdict.snapshot.absent.get(anEpc(9))?.confidencePct : undefined;
    };
    expect(after(10)).toBe(100);
    expect(after(5)).toBe(config.disputeBelowPct - 1);
  });

  it('takes a weak tag that one of several antennas hears for one behind the wall', () => {
    const weak = (antennas: readonly number[]) =>
      aSighting({ epc: anEpc(9), bestRssiDbm: -70, reads: 6, rounds: 6, antennas });
    const settled = (antennas: readonly number[], of: number) => {
      const verdict = judgeInventory(
        aView({ rounds: 10, sightings: [weak(antennas)], antennas: of }),
        expecting([]),
        config,
      );
      return verdict.kind === 'settled' ? verdict.snapshot : expect.unreachable(verdict.why);
    };
    expect(settled([4], 4)).toMatchObject({ strays: 1 });
    expect([...settled([3, 4], 4).doubtful.keys()]).toEqual([anEpc(9)]);
    expect([...settled([1], 1).doubtful.keys()]).toEqual([anEpc(9)]);
  });

  it('ends when time is up, and concludes nothing from too few rounds', () => {
    const verdict = judgeInventory(aView({ rounds: 1, elapsedMs: 5000 }), expecting([anEpc(2)]), config);
    expect(verdict).toMatchObject({ kind: 'settled', snapshot: { complete: false } });
  });

  it('concludes nothing when reads found no place', () => {
    const verdict = judgeInventory(aView({ overflow: 1 }), expecting([anEpc(1)]), config);
    expect(verdict).toMatchObject({ kind: 'settled', snapshot: { complete: false } });
  });

  it('holds a glimpsed tag that belongs inside to be in doubt, never absent', () => {
    const glimpse = aSighting({ epc: anEpc(2), rounds: 1, reads: 1, bestRssiDbm: -84 });
    const view = aView({ rounds: 10, sightings: [aSighting({ rounds: 10 }), glimpse] });
    const verdict = judgeInventory(view, expecting([anEpc(1), anEpc(2)]), config);
    if (verdict.kind !== 'settled') return expect.unreachable(verdict.why);
    expect([...verdict.snapshot.doubtful.keys()]).toEqual([anEpc(2)]);
    expect(verdict.snapshot.absent.size).toBe(0);
  });

  it('puts every tag in exactly one place', () => {
    const sighting = fc.record({
      number: fc.integer({ min: 1, max: 8 }),
      rounds: fc.integer({ min: 0, max: 10 }),
      bestRssiDbm: fc.integer({ min: -90, max: -40 }),
      reads: fc.integer({ min: 1, max: 30 }),
    });
    const list = fc.uniqueArray(sighting, { selector: (one) => one.number });
    fc.assert(
      fc.property(list, fc.subarray([1, 2, 3, 4, 5, 6]), (seen, inside) => {
        const sightings = seen.map(({ number, ...fields }) => aSighting({ epc: anEpc(number), ...fields }));
        const view = aView({ rounds: 10, sightings, elapsedMs: 5000 });
        const verdict = judgeInventory(view, expecting(inside.map(anEpc)), config);
        if (verdict.kind !== 'settled') return expect.unreachable(verdict.why);
        const { present, doubtful, absent, strays } = verdict.snapshot;
        const places = [...present.keys(), ...doubtful.keys(), ...absent.keys()];
        expect(new Set(places).size).toBe(places.length);
        expect(present.size + doubtful.size + strays).toBe(seen.length);
        for (const number of inside) expect(places).toContain(anEpc(number));
      }),
    );
  });
});
