import { seededRandom } from '@tagtrail/shared/random/seeded-random.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planShift, type ShiftItem, type ShiftPerson, type ShiftStep } from './shift-plan.js';

const people: readonly ShiftPerson[] = [
  { name: 'Ana', badge: '0100C8F008', groups: ['line-a', 'borescope'] },
  { name: 'Ben', badge: '0200CA93BF', groups: ['line-a'] },
];
const items: readonly ShiftItem[] = Array.from({ length: 12 }, (_, i) => ({
  epc: `E28011606000020500000${(100 + i).toString()}`,
  label: `tool ${i}`,
  cabinet: i % 2 === 0 ? 'b1' : 'b2',
  groups: i === 3 ? ['borescope'] : [],
  inside: i !== 5,
}));

function firstSteps(seed: string | number, count: number): readonly ShiftStep[] {
  const plan = planShift({ random: seededRandom(seed), cabinets: ['b1', 'b2'], people, items });
  return Array.from({ length: count }, () => plan.next().value);
}

describe('planShift', () => {
  it('gives the same shift for the same seed and another one for another seed', () => {
    expect(firstSteps(1, 50)).toEqual(firstSteps(1, 50));
    expect(firstSteps(1, 50)).not.toEqual(firstSteps(2, 50));
  });

  it('takes only what is inside and brings back only what is out, over any seed', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const inside = new Set(items.filter((item) => item.inside).map(({ epc }) => epc));
        for (const step of firstSteps(seed, 60)) {
          for (const epc of step.bringBack) {
            if (inside.has(epc)) return false;
            inside.add(epc);
          }
          for (const epc of step.take) if (!inside.delete(epc)) return false;
        }
        return true;
      }),
      { numRuns: 50 },
    );
  });

  it('sends nobody to a cabinet for an item of another one, nor for an item of another group', () => {
    for (const step of firstSteps('groups', 500)) {
      for (const epc of [...step.take, ...step.bringBack]) {
        expect(items.find((item) => item.epc === epc)?.cabinet).toBe(step.cabinet);
      }
      const restricted = items.find((item) => item.groups.length > 0)?.epc ?? '';
      if (step.take.includes(restricted)) expect(step.name).toBe('Ana');
    }
  });

  it('shows everything a shift is made of: visits, others bringing back, unknown badges, unused unlocks', () => {
    const steps = firstSteps('everything', 500);
    const kinds = new Set(steps.map(({ kind }) => kind));
    expect([...kinds].sort()).toEqual(['unknown-badge', 'unused-unlock', 'visit']);
    const holder = new Map<string, string>();
    let byOthers = 0;
    for (const step of steps) {
      for (const epc of step.bringBack) if (holder.get(epc) !== step.badge) byOthers++;
      for (const epc of step.take) holder.set(epc, step.badge);
    }
    expect(byOthers).toBeGreaterThan(0);
    expect(steps.some(({ badge }) => people.every((person) => person.badge !== badge))).toBe(true);
  });

  it('keeps most tools in their cabinets', () => {
    let out = 1;
    for (const step of firstSteps('balance', 500)) {
      out += step.take.length - step.bringBack.length;
      expect(out).toBeLessThanOrEqual(Math.ceil(items.length * 0.35) + 2);
    }
  });

  it('goes by what really happened when a door stayed locked', () => {
    const plan = planShift({ random: seededRandom(3), cabinets: ['b1', 'b2'], people, items });
    const locked = { taken: [], broughtBack: [] };
    let step = plan.next().value;
    for (let i = 0; i < 200; i++) {
      expect(step.bringBack.filter((epc) => items.find((item) => item.epc === epc)?.inside)).toEqual([]);
      step = plan.next(locked).value;
    }
  });
});
