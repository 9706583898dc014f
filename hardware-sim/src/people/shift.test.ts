import { readFileSync } from 'node:fs';
import { AppError } from '@tagtrail/shared/error.js';
import { silentLog } from '@tagtrail/shared/log/log.js';
import { seededRandom } from '@tagtrail/shared/random/seeded-random.js';
import { sampleCustomer } from '@tagtrail/shared/sample/sample-customer.js';
import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import { beforeEach, describe, expect, it } from 'vitest';
import { type QuickCabinet, quickCabinet } from '../testing/quick-cabinet.js';
import { playStep } from './actor.js';
import { playShift, siteOfCustomer } from './shift.js';
import type { ShiftStep } from './shift-plan.js';
import type { SimControl } from './sim-control.js';

const epcA = 'E28011606000020500000101';
const epcB = 'E28011606000020500000102';
const visit: ShiftStep = {
  kind: 'visit',
  cabinet: 'b1',
  name: 'Ana',
  badge: '0100C8F008',
  take: [epcA],
  bringBack: [epcB],
};

/** Stands in for an agent: unlocks for every badge that it knows. */
function unlocking(quick: QuickCabinet, badges: readonly string[]): SimControl {
  return {
    ...quick.control,
    badge: async (number) => {
      await quick.control.badge(number);
      const relay = quick.cabinet.doors()[0];
      if (badges.includes(number)) relay?.drive(true);
      relay?.drive(false);
    },
  };
}

describe('people', () => {
  let clock: VirtualClock;
  let quick: QuickCabinet;
  const pause = async (): Promise<void> => {};
  const inside = (): readonly string[] => quick.cabinet.field.tags().flatMap((tag) => (tag.inside ? [tag.epc] : []));

  beforeEach(() => {
    clock = new VirtualClock();
    quick = quickCabinet(clock, { tags: [{ epc: epcA }, { epc: epcB, inside: false }] });
  });

  it('take and bring back what the step says, and close the door', async () => {
    const played = await playStep(visit, { control: unlocking(quick, [visit.badge]), pause });
    expect(played).toEqual({ ending: 'done', taken: [epcA], broughtBack: [epcB] });
    expect(inside()).toEqual([epcB]);
    expect(quick.cabinet.doors()[0]?.isOpen()).toBe(false);
  });

  it('walk away from a door that stays locked', async () => {
    const played = await playStep(visit, { control: unlocking(quick, []), pause });
    expect(played).toEqual({ ending: 'refused', taken: [], broughtBack: [] });
    expect(inside()).toEqual([epcA]);
  });

  it('do not reach into a cabinet that a colleague has unlocked', async () => {
    quick.cabinet.doors()[0]?.drive(true);
    const played = await playStep(visit, { control: quick.control, pause });
    expect(played.ending).toBe('refused');
    expect(quick.cabinet.badgeReader.counters.presented).toBe(0);
  });

  it('leave a door closed that they only unlocked', async () => {
    const step: ShiftStep = { ...visit, kind: 'unused-unlock' };
    const played = await playStep(step, { control: unlocking(quick, [visit.badge]), pause });
    expect(played.ending).toBe('not opened');
    expect(quick.cabinet.doors()[0]?.isOpen()).toBe(false);
  });

  it('close the door also when the control is lost on the way, and tell what was moved', async () => {
    const control = unlocking(quick, [visit.badge]);
    const lossy: SimControl = {
      ...control,
      placeTag: async (epc, into) => {
        if (epc === epcA) throw new AppError('sim.control_lost', 'gone', { kind: 'peer' });
        return control.placeTag(epc, into);
      },
    };
    const played = await playStep(visit, { control: lossy, pause });
    expect(played).toEqual({ ending: 'broken off', taken: [], broughtBack: [epcB] });
    expect(quick.cabinet.doors()[0]?.isOpen()).toBe(false);
  });

  it('begin as soon as every simulator answers', async () => {
    let refusals = 3;
    const late: SimControl = {
      ...quick.control,
      state: async () => {
        if (refusals-- > 0) throw new AppError('sim.control_lost', 'not there yet', { kind: 'peer' });
        return quick.control.state();
      },
    };
    const shift = playShift({
      clock,
      random: seededRandom(1),
      site: {
        cabinets: [{ key: 'b1', control: late }],
        people: [{ name: 'Ana', badge: visit.badge, groups: [] }],
        items: [],
      },
      log: silentLog,
      steps: 1,
    });
    await clock.advance(60_000);
    await shift.over;
    expect(quick.cabinet.badgeReader.counters.presented).toBe(1);
  });

  it('stop at once when the shift is stopped, with every door closed', async () => {
    const shift = playShift({
      clock,
      random: seededRandom(1),
      site: {
        cabinets: [{ key: 'b1', control: unlocking(quick, [visit.badge]) }],
        people: [{ name: 'Ana', badge: visit.badge, groups: [] }],
        items: [{ epc: epcA, label: 'a', cabinet: 'b1', groups: [] }],
      },
      log: silentLog,
    });
    await clock.advance(60_000);
    expect(quick.cabinet.badgeReader.counters.presented).toBeGreaterThan(2);
    await shift.stop();
    expect(quick.cabinet.doors()[0]?.isOpen()).toBe(false);
    expect(clock.pending().filter((name) => name.startsWith('people'))).toEqual([]);
  });
});

describe('the people of the sample customer', () => {
  const file = new URL('../../sample/customer.json', import.meta.url);
  const customer = sampleCustomer.parse(JSON.parse(readFileSync(file, 'utf8')));
  const controls = new Map(customer.cabinets.map(({ key }) => [key, 'http://127.0.0.1:1']));

  it('leave alone what a rule of its own decides about, and have enough to do', () => {
    const items = siteOfCustomer(customer, controls).items.map(({ epc }) => epc);
    const epcOf = (key: string): string => customer.assets.find((asset) => asset.key === key)?.epc ?? key;
    for (const key of ['tw-200-01', 'rg-4-03', 'mc-25-05', 'di-10-05', 'ct-22-01', 'px-16-01']) {
      expect([key, items.includes(epcOf(key))]).toEqual([key, false]);
    }
    expect(items).toContain(epcOf('im-40-01'));
    expect(items.length).toBeGreaterThan(customer.assets.length / 2);
  });

  it('have rules about tools and people that there are', () => {
    const { rules, people, assets } = customer;
    const models = new Set(assets.map(({ model }) => model));
    const named = [...(rules?.itemRules ?? []), ...(rules?.grants ?? [])].flatMap(({ model }) => model ?? []);
    expect(named.filter((model) => !models.has(model))).toEqual([]);
    const keys = new Set(people.map(({ key }) => key));
    const meant = [...(rules?.pins ?? []), ...(rules?.licences ?? [])].map(({ person }) => person);
    expect(meant.filter((key) => !keys.has(key))).toEqual([]);
  });
});
