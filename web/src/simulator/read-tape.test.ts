import { describe, expect, it } from 'vitest';
import { createReadTape, tapeMs } from './read-tape.js';

const batch = (epcs: readonly string[], leftOut = 0) => ({
  reads: epcs.map((epc) => ({ epc, antenna: 2, rssiDbm: -60, count: 1, agoMs: 40 })),
  leftOut,
  rounds: [1, 1],
});

describe('the tape of reads', () => {
  it('keeps reads for as long as they show, at the time at which they were heard', () => {
    const tape = createReadTape();
    tape.add(batch(['A']), 1_000);
    tape.add(batch(['B']), 1_500);
    expect(tape.reads(1_500).map(({ epc, atMs }) => [epc, atMs])).toEqual([
      ['A', 960],
      ['B', 1_460],
    ]);
    expect(tape.perSecond(2, 1_500)).toBe(2);
    expect(tape.perSecond(1, 1_500)).toBe(0);
    expect(tape.reads(961 + tapeMs).map(({ epc }) => epc)).toEqual(['B']);
  });

  it('counts what was left out, and stays bounded', () => {
    const tape = createReadTape();
    for (let n = 0; n < 40; n++) tape.add(batch(new Array(400).fill('A'), 5), 1_000);
    expect(tape.total()).toBe(40 * 405);
    expect(tape.reads(1_000).length).toBe(8_000);
  });
});
