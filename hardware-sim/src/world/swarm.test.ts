import { describe, expect, it } from 'vitest';
import { runSwarmSeed } from './swarm-run.js';

describe('the swarm', () => {
  it.each(Array.from({ length: 10 }, (_, index) => index + 1))('breaks no invariant with seed %i', async (seed) => {
    const { violations, run } = await runSwarmSeed(seed);
    expect(violations).toEqual([]);
    expect(run.committed.length).toBeGreaterThan(2);
  });
});
