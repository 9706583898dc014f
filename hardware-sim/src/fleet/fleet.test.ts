import { traceEvent } from '@tagtrail/shared/events/trace-event.js';
import { newId } from '@tagtrail/shared/ids.js';
import { seededRandom } from '@tagtrail/shared/random/seeded-random.js';
import { describe, expect, it } from 'vitest';
import { planFleet } from './fleet-plan.js';
import { createLatencies } from './latency.js';
import { createTrailCheck } from './verify-trail.js';
import { visitEvents } from './visit-events.js';

const random = seededRandom(1);

describe('the plan of a fleet', () => {
  const plan = (peak: boolean) =>
    planFleet({
      ...{ cabinets: 200, people: 12, visits: 4, durationMs: 120_000, peak },
      random: seededRandom('plan'),
    });

  it('is the same for the same seed, and everybody comes once the one before has gone', () => {
    expect(plan(true)).toEqual(plan(true));
    const freeMs = new Map<number, number>();
    for (const visit of plan(true)) {
      expect(visit.atMs).toBeGreaterThanOrEqual(freeMs.get(visit.cabinet) ?? 0);
      freeMs.set(visit.cabinet, visit.atMs + visit.openForMs + visit.countForMs);
    }
  });

  it('gathers people around the middle in a peak', () => {
    const inMiddle = (peak: boolean) => plan(peak).filter(({ atMs }) => atMs > 40_000 && atMs < 80_000).length;
    expect(inMiddle(true)).toBeGreaterThan(inMiddle(false) * 1.3);
  });
});

describe('the events of a visit', () => {
  const envelope = { seq: 1, at: '2026-11-22T06:00:00.000Z', mono: 1, boot: '0123456789abcdef' };
  const person = newId('person', 1, random);
  const facts = {
    session: newId('session', 1, random),
    person,
    tool: { id: newId('asset', 1, random), epc: 'E28011606000020512345678', name: 'Wrench' },
    openForMs: 1_000,
    countForMs: 1_000,
  };

  it('are events of the trail: a tool inside is taken, one outside comes back', () => {
    for (const holder of [null, person]) {
      const { atBadge, atClose, atRest } = visitEvents({ ...facts, holder });
      for (const draft of [...atBadge, ...atClose, ...atRest]) {
        expect(traceEvent.safeParse({ ...envelope, ...draft }).error).toBeUndefined();
      }
      expect(atRest[0]?.kind).toBe(holder === null ? 'asset.checked_out' : 'asset.returned');
    }
  });
});

describe('the check of the trail', () => {
  it('finds what is missing and what is there twice', () => {
    const check = createTrailCheck();
    const cabinet = { id: 'c1', name: 'C1' };
    const line = (sequence: number | null) => ({ cabinet, sequence, kind: 'door.opened', status: 'accepted' as const });
    check.add([line(1), line(2), line(2), line(null)]);
    check.add([line(4)]);
    expect(check.result(new Map([['c1', 5]]))).toEqual({ lost: 2, doubled: 1, quarantined: 0 });
    expect(check.result(new Map([['c2', 3]]))).toMatchObject({ lost: 3 });
  });
});

describe('latencies', () => {
  it('tell which share was how quick', () => {
    const latencies = createLatencies();
    expect(latencies.percentile(99)).toBe(0);
    for (let ms = 1; ms <= 100; ms++) latencies.add(ms);
    expect([50, 95, 99, 100].map(latencies.percentile)).toEqual([50, 95, 99, 100]);
    latencies.add(999_999);
    expect(latencies.percentile(100)).toBe(60_000);
  });
});
