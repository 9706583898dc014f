import { expect, it } from 'vitest';
import type { SweepPlan } from '../reader/reader.js';
import { type DriverConfigs, type Drivers, noticeMs, tool } from './driver-bench.js';

interface PlanRig {
  ready(): Promise<Drivers>;
  readonly configs: DriverConfigs;
  readonly takesPlans: boolean;
}

/** Whom a UHF reader asks, for those that can be told. */
export function describePlans({ ready, configs, takesPlans }: PlanRig): void {
  const others = ['3034257BF7194E4000001A86', '3034257BF7194E4000001A87'] as const;
  const [first = 1, , third = 1, last = 1] = configs.uhf.antennas;

  /** The tool at the first antenna, the others at two more; each was named by usual sweeps. */
  async function counting(): Promise<Drivers> {
    const drivers = await ready();
    drivers.bench.place(tool, first);
    drivers.bench.place(others[0], third);
    drivers.bench.place(others[1], last);
    await drivers.bench.pass(2000);
    return drivers;
  }

  async function change({ bench, uhf, reads }: Drivers, plan: SweepPlan): Promise<boolean | undefined> {
    let begun = false;
    const changing = uhf.setPlan?.(plan, () => {
      begun = true;
      reads.length = 0;
    });
    await bench.pass(500);
    const done = await changing;
    expect(begun).toBe(done);
    return done;
  }

  const heard = ({ reads }: Drivers) => [...new Set(reads.map(({ epc }) => epc))].sort();

  it.runIf(!takesPlans)('take no plan, and say so', async () => {
    const { uhf } = await ready();
    expect([uhf.setPlan, uhf.focusLimit]).toEqual([undefined, undefined]);
  });

  it.runIf(takesPlans)('ask those alone whom a plan names, on every antenna, and then everybody again', async () => {
    const drivers = await counting();
    expect(await change(drivers, { kind: 'only', epcs: [others[0], tool] })).toBe(true);
    const before = drivers.rounds();
    await drivers.bench.pass(2000);
    expect(drivers.rounds()).toBeGreaterThan(before + 3);
    expect(heard(drivers)).toEqual([tool, others[0]]);
    const antennas = new Set(drivers.reads.map(({ antenna }) => antenna));
    expect([antennas.has(first), antennas.has(third)]).toEqual([true, true]);
    expect(await change(drivers, { kind: 'usual' })).toBe(true);
    await drivers.bench.pass(2000);
    expect(heard(drivers)).toEqual([tool, ...others]);
  });

  it.runIf(takesPlans)('ask each tag once for the rest, and one that came later once too', async () => {
    const drivers = await counting();
    expect(await change(drivers, { kind: 'rest' })).toBe(true);
    await drivers.bench.pass(2000);
    expect(drivers.reads.map(({ epc }) => epc).sort()).toEqual([tool, ...others]);
    const late = '3034257BF7194E4000001A88';
    drivers.bench.place(late, last);
    await drivers.bench.pass(2000);
    expect(drivers.reads.slice(3).map(({ epc }) => epc)).toEqual([late]);
  });

  it.runIf(takesPlans)('refuse to ask nobody or too many, and read on as before', async () => {
    const drivers = await counting();
    const many = Array.from({ length: (drivers.uhf.focusLimit ?? 0) + 1 }, () => tool);
    expect(await change(drivers, { kind: 'only', epcs: [] })).toBe(false);
    expect(await change(drivers, { kind: 'only', epcs: many })).toBe(false);
    drivers.reads.length = 0;
    await drivers.bench.pass(2000);
    expect(heard(drivers)).toEqual([tool, ...others]);
    expect(drivers.status('uhf')).toBe('ok');
  });

  it.runIf(takesPlans)('read as usual after a restart, whatever was asked before', async () => {
    const drivers = await counting();
    expect(await change(drivers, { kind: 'only', epcs: [tool] })).toBe(true);
    drivers.bench.begin('reader-restart', 'uhf');
    await drivers.bench.pass(noticeMs);
    drivers.reads.length = 0;
    await drivers.bench.pass(2000);
    expect(heard(drivers)).toEqual([tool, ...others]);
  });
}
