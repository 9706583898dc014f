import { describe, expect, it } from 'vitest';
import { usualAirTimes } from '../devices/uhf-reader/reader-model.js';
import { runSettle } from './settle.js';

describe('runSettle', () => {
  it.each([
    [30, 6],
    [150, 12],
  ])(
    'has the receipt of a cabinet of %i tools on the screen in three seconds, every line certain',
    async (tags, sessions) => {
      const settled = await runSettle({ tags, sessions, seed: 'suite', baudRate: 115_200, air: usualAirTimes });
      expect(settled.map(({ lines, taken, returned }) => lines - taken - returned)).toEqual(settled.map(() => 0));
      expect(settled.map(({ disputed }) => disputed)).toEqual(settled.map(() => 0));
      const inOrder = settled.map(({ settledMs }) => settledMs).sort((a, b) => a - b);
      expect(inOrder[Math.floor(sessions / 2)]).toBeLessThanOrEqual(2500);
      expect(inOrder.at(-1)).toBeLessThanOrEqual(3000);
    },
    120_000,
  );
});
