import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anEpc, aTagRead } from '../testing/builders.js';
import { ReadDedupe } from './dedupe.js';

const aDedupe = (capacity = 8) => new ReadDedupe({ capacity, antennas: [1, 2, 3, 4] });

describe('ReadDedupe', () => {
  it('folds the reads of a tag into one sighting', () => {
    const dedupe = aDedupe();
    expect(dedupe.offer(aTagRead({ antenna: 2, rssiDbm: -60, atMs: 10 }))).toBe('new');
    expect(dedupe.offer(aTagRead({ antenna: 4, rssiDbm: -50, atMs: 20, count: 3 }))).toBe('duplicate');
    expect(dedupe.offer(aTagRead({ antenna: 2, rssiDbm: -70, atMs: 30 }))).toBe('duplicate');
    expect(dedupe.sightings()).toEqual([
      {
        epc: anEpc(1),
        reads: 5,
        rounds: 0,
        asked: 0,
        focusRounds: 0,
        afterRounds: 0,
        firstAtMs: 10,
        lastAtMs: 30,
        bestRssiDbm: -50,
        antennas: [2, 4],
      },
    ]);
  });

  it('counts the rounds that read a tag, and only full ones', () => {
    const dedupe = aDedupe();
    dedupe.offer(aTagRead());
    dedupe.endRound(true);
    dedupe.endRound(true);
    dedupe.offer(aTagRead());
    dedupe.endRound(false);
    dedupe.offer(aTagRead());
    dedupe.offer(aTagRead());
    dedupe.offer(aTagRead({ epc: anEpc(2) }));
    dedupe.endRound(true);
    expect(dedupe.sightings()).toMatchObject([
      { epc: anEpc(1), reads: 4, rounds: 2, afterRounds: 0 },
      { epc: anEpc(2), reads: 1, rounds: 1, afterRounds: 2 },
    ]);
  });

  it('takes an answer that a named round did not ask for as a read, and no round', () => {
    const dedupe = aDedupe();
    const answers = (...numbers: number[]): void => {
      for (const number of numbers) dedupe.offer(aTagRead({ epc: anEpc(number) }));
    };
    answers(1, 2);
    dedupe.endRound(true, 'usual');
    // A tag that misses the Select of a round keeps what an earlier one told it, and answers.
    for (let round = 0; round < 3; round++) {
      answers(1, 2, 3);
      dedupe.endRound(true, 'only', [anEpc(1), anEpc(4)]);
    }
    expect(dedupe.sightings()).toMatchObject([
      { epc: anEpc(1), reads: 4, rounds: 4, asked: 1, focusRounds: 3 },
      { epc: anEpc(2), reads: 4, rounds: 1, asked: 1, focusRounds: 0 },
      { epc: anEpc(3), reads: 3, rounds: 0, asked: 1, focusRounds: 0 },
    ]);
  });

  it('counts what does not fit and keeps what it has', () => {
    const dedupe = aDedupe(2);
    for (const number of [1, 2, 3, 3, 1]) dedupe.offer(aTagRead({ epc: anEpc(number) }));
    expect(dedupe.counts).toEqual({ new: 2, duplicate: 1, overflow: 2, malformed: 0, foreignAntenna: 0 });
    expect(dedupe.sightings().map((sighting) => sighting.epc)).toEqual([anEpc(1), anEpc(2)]);
  });

  it.each(['', 'E2', 'e2801170', 'E28011', 'ZZZZ', 'A'.repeat(128)])('leaves out what is no EPC: "%s"', (epc) => {
    const dedupe = aDedupe();
    expect(dedupe.offer(aTagRead({ epc }))).toBe('malformed');
    expect(dedupe.size).toBe(0);
  });

  it.each([0, 5, 33, -1])('leaves out reads of antenna %i, which is not connected', (antenna) => {
    expect(aDedupe().offer(aTagRead({ antenna }))).toBe('foreign_antenna');
  });

  it('forgets sightings, not its counters, on clear', () => {
    const dedupe = aDedupe();
    dedupe.offer(aTagRead());
    dedupe.endRound(true);
    dedupe.clear();
    expect(dedupe.sightings()).toEqual([]);
    dedupe.offer(aTagRead({ atMs: 99 }));
    expect(dedupe.sightings()).toMatchObject([{ reads: 1, rounds: 0, afterRounds: 0, firstAtMs: 99 }]);
    expect(dedupe.counts.new).toBe(2);
  });

  it('balances its books: every read leaves as exactly one outcome', () => {
    const read = fc.record({
      epc: fc.oneof(fc.integer({ min: 1, max: 12 }).map(anEpc), fc.constant('nonsense')),
      antenna: fc.integer({ min: 0, max: 6 }),
      rssiDbm: fc.integer({ min: -90, max: -30 }),
    });
    fc.assert(
      fc.property(fc.array(read, { maxLength: 300 }), (reads) => {
        const dedupe = aDedupe();
        for (const fields of reads) dedupe.offer(aTagRead(fields));
        const { counts } = dedupe;
        const total = counts.new + counts.duplicate + counts.overflow + counts.malformed + counts.foreignAntenna;
        expect(total).toBe(reads.length);
        const kept = dedupe.sightings().reduce((sum, sighting) => sum + sighting.reads, 0);
        expect(kept).toBe(counts.new + counts.duplicate);
      }),
    );
  });
});
