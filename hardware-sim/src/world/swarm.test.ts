import { describe, expect, it } from 'vitest';
import { custodyLines } from '../checkers/run-record.js';
import { runSwarmSeed } from './swarm-run.js';

describe('the swarm', () => {
  it.each(Array.from({ length: 10 }, (_, index) => index + 1))('breaks no invariant with seed %i', async (seed) => {
    const { violations, run } = await runSwarmSeed(seed);
    expect(violations).toEqual([]);
    expect(run.committed.length).toBeGreaterThan(2);
    expect(run.audit.checkpoints.length).toBeGreaterThan(1);
  });

  it('makes the same of a seed whatever was played before it in the process', async () => {
    const records = [];
    for (const seed of [2, 3, 2]) records.push(await runSwarmSeed(seed));
    const [first, other, again] = records;
    expect(again).toEqual(first);
    expect(other?.eventLog).not.toEqual(first?.eventLog);
  });

  it('has a cabinet that cosigns checkpoints, for I8 to hold against the log', async () => {
    const { run } = await runSwarmSeed(1);
    expect(run.audit.copies.length).toBeGreaterThan(1);
    expect(run.audit.refusedCosignatures).toBe(0);
  });

  it('seed 354: keeps all of a return together that waits for a full disk', async () => {
    const { violations, run } = await runSwarmSeed(354);
    expect(violations).toEqual([]);
    expect(run.journal.events.filter((event) => 'volatile' in event).map(({ kind }) => kind)).toContain(
      'asset.returned',
    );
  });

  it('seed 187: disputes what left through a forced door while a full disk kept an interrupted session open', async () => {
    const { violations, run } = await runSwarmSeed(187);
    expect(violations).toEqual([]);
    expect(run.moves.filter(({ person }) => person === null)).toHaveLength(4);
    expect(custodyLines(run).map(({ disputed }) => disputed)).toEqual([true, true, true, true, true]);
  });
});
