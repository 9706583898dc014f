import { describe, expect, it } from 'vitest';
import { type ConsensusOptions, runConsensus } from './consensus.js';
import type { Conditions } from './consensus-cabinet.js';

const usual: Conditions = { missedPercent: 5, straysPerRound: 2, neighbourPercent: 15, shadowedPercent: 0 };

async function play(options: Pick<ConsensusOptions, 'sessions' | 'seed'>, conditions: Partial<Conditions> = {}) {
  const wrong: string[] = [];
  const result = await runConsensus({
    ...options,
    conditions: { ...usual, ...conditions },
    onWrong: (one) => wrong.push(`seed ${options.seed}, cabinet ${one.cabinet}, session ${one.session}: ${one.what}`),
  });
  return { ...result, wrong };
}

describe('runConsensus', () => {
  it('finds no wrong line with missed reads, strays and a neighbour', async () => {
    const { wrong, lines, disputed, sessions } = await play({ sessions: 75, seed: 'suite' });
    expect(wrong).toEqual([]);
    expect(sessions).toBe(75);
    expect(lines).toBeGreaterThan(120);
    expect(disputed).toBeLessThan(lines / 50);
  }, 120_000);

  it('disputes rather than accuses when two reads in five are missed', async () => {
    const { wrong, disputed } = await play({ sessions: 50, seed: 'deaf' }, { missedPercent: 40 });
    expect(wrong).toEqual([]);
    expect(disputed).toBeGreaterThan(0);
  }, 120_000);

  it('disputes rather than accuses where one tool in seven lies behind metal', async () => {
    const { wrong, disputed, lines } = await play({ sessions: 150, seed: '1' }, { shadowedPercent: 15 });
    expect(wrong).toEqual([]);
    expect(disputed).toBeGreaterThan(0);
    expect(disputed).toBeLessThan(lines / 10);
  }, 120_000);

  it('comes to the same figures with the same seed', async () => {
    expect(await play({ sessions: 10, seed: 'same' })).toEqual(await play({ sessions: 10, seed: 'same' }));
  });

  it.skipIf(process.env.TEST_LONG !== '1')(
    'holds for ten thousand sessions, with fewer than one line in a hundred disputed',
    async () => {
      const { wrong, lines, disputed, sessions } = await play({ sessions: 10_000, seed: 'long' });
      expect(wrong).toEqual([]);
      expect(sessions).toBe(10_000);
      expect(disputed).toBeLessThan(lines / 100);
    },
    1_800_000,
  );
});
