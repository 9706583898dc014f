import { describe, expect, inject, it } from 'vitest';
import { compareRecordings } from './compare-recordings.js';

describe('recorded sessions under other settings', () => {
  const sessions = inject('longRun') ? 1_000 : 20;

  it('are concluded alike by the same settings, and the conclusions that others flip are named', async () => {
    const options = { sessions, seed: 'x6', missedPercent: 5 };
    const { unrepeated, flipped, lines } = await compareRecordings({ ...options, presence: { maxMs: 600 } });
    expect(lines).toBeGreaterThan(sessions);
    expect(unrepeated).toEqual([]);
    expect(flipped.length).toBe(sessions / 10);
    for (const { tools } of flipped) expect(tools.length).toBeGreaterThan(0);
  }, 900_000);

  it('flip nothing where nothing is set otherwise', async () => {
    const result = await compareRecordings({ sessions: 10, seed: 'x6 as it is', missedPercent: 5, presence: {} });
    expect([result.unrepeated, result.flipped]).toEqual([[], []]);
  }, 60_000);

  it('refuse a setting that the agent does not have', async () => {
    const run = compareRecordings({ sessions: 10, seed: 'x6', missedPercent: 5, presence: { loudness: 3 } });
    await expect(run).rejects.toThrow(/loudness/);
  }, 60_000);
});
