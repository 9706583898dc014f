import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anEpc } from '../testing/builders.js';
import { TagRing } from './tag-ring.js';

describe('TagRing', () => {
  it('gives each tag one slot and finds it again', () => {
    const ring = new TagRing(4);
    const slots = [1, 2, 3, 4].map((number) => ring.admit(anEpc(number)));
    expect(new Set(slots).size).toBe(4);
    expect([1, 2, 3, 4].map((number) => ring.find(anEpc(number)))).toEqual(slots);
    expect(slots.map((slot) => ring.epcAt(slot))).toEqual([1, 2, 3, 4].map(anEpc));
  });

  it('tells tags apart that end alike', () => {
    const ring = new TagRing(8);
    const alike = ['E280', '3034', '3035', '3036'].map((head) => `${head}257BF7194E4000000001`);
    const slots = alike.map((epc) => ring.admit(epc));
    expect(alike.map((epc) => ring.find(epc))).toEqual(slots);
    expect(new Set(slots).size).toBe(4);
  });

  it('refuses a tag when every slot is in use', () => {
    const ring = new TagRing(2);
    ring.admit(anEpc(1));
    ring.admit(anEpc(2));
    expect(ring.admit(anEpc(3))).toBe(-1);
    expect(ring.find(anEpc(1))).toBeGreaterThanOrEqual(0);
  });

  it('keeps the slot of a tag over generations and reuses those of tags that are gone', () => {
    const ring = new TagRing(2);
    const slot = ring.admit(anEpc(1));
    ring.admit(anEpc(2));
    ring.nextGeneration();
    expect(ring.live).toBe(0);
    expect(ring.find(anEpc(1))).toBe(-1);
    expect(ring.admit(anEpc(1))).toBe(slot);
    expect(ring.admit(anEpc(3))).toBeGreaterThanOrEqual(0);
    expect(ring.find(anEpc(2))).toBe(-1);
    expect(ring.admit(anEpc(2))).toBe(-1);
  });

  it('agrees with a plain set over any history of admissions and generations', () => {
    const step = fc.oneof(
      { weight: 9, arbitrary: fc.integer({ min: 1, max: 24 }) },
      { weight: 1, arbitrary: fc.constant(0) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), fc.integer({ min: 1, max: 16 }), (steps, capacity) => {
        const ring = new TagRing(capacity);
        const model = new Set<string>();
        for (const number of steps) {
          if (number === 0) {
            ring.nextGeneration();
            model.clear();
            continue;
          }
          const epc = anEpc(number);
          const fits = model.has(epc) || model.size < capacity;
          expect(ring.admit(epc) >= 0).toBe(fits);
          if (fits) model.add(epc);
        }
        expect(ring.live).toBe(model.size);
        for (let number = 1; number <= 24; number++) {
          const slot = ring.find(anEpc(number));
          expect(slot >= 0).toBe(model.has(anEpc(number)));
          if (slot >= 0) expect(ring.epcAt(slot)).toBe(anEpc(number));
        }
      }),
    );
  });
});
