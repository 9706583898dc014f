import { seededRandom } from '@tagtrail/shared/random/seeded-random.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createField, type FieldOptions, type NewTag } from './field.js';
import { chanceParts, readChance, usualPhysics } from './read-chance.js';

const wrench: NewTag = { epc: 'E28011606000020500000101', inside: true, antenna: 2 };
const gauge: NewTag = { epc: 'E28011606000020500000102', inside: true, antenna: 1 };

function aField(options: Partial<FieldOptions> = {}) {
  return createField({ random: seededRandom(7), antennas: 4, tags: [wrench, gauge], ...options });
}

/** Share of rounds in which `antenna` hears `epc`. */
function heardShare(field: ReturnType<typeof aField>, epc: string, antenna: number, rounds = 4000): number {
  let heard = 0;
  for (let i = 0; i < rounds; i++) if (field.round(antenna, i).some((read) => read.epc === epc)) heard++;
  return heard / rounds;
}

describe('createField', () => {
  it('reads a tag as often as its chance says, over many rounds and at every antenna', () => {
    const field = aField();
    for (const antenna of [1, 2, 3, 4]) {
      const tag = field.tag(wrench.epc);
      const expected = tag === undefined ? 0 : readChance(tag, antenna, usualPhysics) / chanceParts;
      // Five standard deviations of a binomial share over the rounds.
      const allowed = 5 * Math.sqrt((expected * (1 - expected)) / 4000);
      expect(Math.abs(heardShare(field, wrench.epc, antenna) - expected)).toBeLessThanOrEqual(allowed);
    }
  });

  it('gives the same reads for the same seed, whatever the seed', () => {
    fc.assert(
      fc.property(fc.integer(), fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 40 }), (seed, antennas) => {
        const once = aField({ random: seededRandom(seed), strayPerRound: 2, neighbourTags: ['E2801160'] });
        const again = aField({ random: seededRandom(seed), strayPerRound: 2, neighbourTags: ['E2801160'] });
        expect(antennas.map((antenna) => once.round(antenna, 0))).toEqual(
          antennas.map((antenna) => again.round(antenna, 0)),
        );
      }),
      { numRuns: 40 },
    );
  });

  it('leaves the reads of other tags as they are when a tag is added', () => {
    const without = aField();
    const withMore = aField({ tags: [{ epc: 'E28011606000020500000999', inside: true, antenna: 2 }, wrench, gauge] });
    for (let i = 0; i < 200; i++) {
      const more = withMore.round(2, i).filter((read) => read.epc !== 'E28011606000020500000999');
      expect(more).toEqual(without.round(2, i));
    }
  });

  it('hears nothing of a tag that is out behind a closed door', () => {
    const field = aField();
    field.place({ epc: wrench.epc, inside: false });
    expect([1, 2, 3, 4].map((antenna) => heardShare(field, wrench.epc, antenna, 500))).toEqual([0, 0, 0, 0]);
  });

  it('hears a tag held before the open door now and then, weakly, until the door closes', () => {
    const field = aField({ physics: { leakPercent: 10 } });
    field.setDoorOpen(true);
    field.place({ epc: wrench.epc, inside: false });
    const leaked = Array.from({ length: 2000 }, (_, i) => field.round(2, i))
      .flat()
      .filter((read) => read.epc === wrench.epc);
    expect(leaked.length).toBeGreaterThan(100);
    expect(leaked.length).toBeLessThan(300);
    expect(Math.max(...leaked.map((read) => read.rssiDbm))).toBeLessThan(-70);
    field.setDoorOpen(false);
    expect(heardShare(field, wrench.epc, 2, 500)).toBe(0);
  });

  it('hears a tag in the shadow of metal rarely and weakly', () => {
    const field = aField();
    field.place({ ...wrench, shadowed: true });
    expect(heardShare(field, wrench.epc, 2)).toBeLessThan(0.25);
    const reads = Array.from({ length: 500 }, (_, i) => field.round(2, i))
      .flat()
      .filter((read) => read.epc === wrench.epc);
    expect(Math.max(...reads.map((read) => read.rssiDbm))).toBeLessThan(-55);
  });

  it('hears as many strays in a sweep over all antennas as asked for', () => {
    const field = aField({ tags: [], strayPerRound: 2 });
    let heard = 0;
    for (let sweep = 0; sweep < 2000; sweep++)
      for (const antenna of [1, 2, 3, 4]) heard += field.round(antenna, sweep).length;
    expect(heard / 2000).toBeGreaterThan(1.8);
    expect(heard / 2000).toBeLessThan(2.2);
  });

  it('hears the neighbour cabinet only where the wall is, weaker than its own tags', () => {
    const field = aField({ tags: [wrench], neighbourTags: ['E28099990000000000000001'] });
    const at = (antenna: number) =>
      Array.from({ length: 1000 }, (_, i) => field.round(antenna, i))
        .flat()
        .filter((read) => read.epc.startsWith('E2809'));
    expect([1, 2, 3].map((antenna) => at(antenna).length)).toEqual([0, 0, 0]);
    const heard = at(4);
    expect(heard.length).toBeGreaterThan(50);
    expect(Math.max(...heard.map((read) => read.rssiDbm))).toBeLessThan(-65);
  });

  it('hears the nearest antenna best', () => {
    const field = aField();
    const best = (antenna: number) =>
      Math.max(
        ...Array.from({ length: 300 }, (_, i) => field.round(antenna, i))
          .flat()
          .filter((r) => r.epc === wrench.epc)
          .map((r) => r.rssiDbm),
      );
    expect(best(2)).toBeGreaterThan(best(1));
    expect(best(2)).toBeGreaterThan(best(4));
  });

  it('keeps label and place of a tag that is taken out and put back', () => {
    const field = aField({ tags: [{ ...wrench, label: 'torque wrench' }] });
    field.place({ epc: wrench.epc, inside: false });
    expect(field.place({ epc: wrench.epc, inside: true })).toMatchObject({ label: 'torque wrench', antenna: 2 });
  });
});
