import { describe, expect, it } from 'vitest';
import { usualAirTimes } from '../devices/uhf-reader/reader-model.js';
import { runSettle } from './settle.js';

describe('runSettle', () => {
  it('has the receipt of a cabinet of thirty tools on the screen within three seconds, every line certain', async () => {
    const sessions = await runSettle({ tags: 30, seed: 'suite', sessions: 3, baudRate: 115_200, air: usualAirTimes });
    expect(sessions.map(({ lines, taken, returned }) => lines - taken - returned)).toEqual([0, 0, 0]);
    expect(sessions.every(({ disputed }) => disputed === 0)).toBe(true);
    const inOrder = sessions.map(({ settledMs }) => settledMs).sort((a, b) => a - b);
    expect(inOrder[1]).toBeLessThanOrEqual(3000);
  }, 120_000);
});
