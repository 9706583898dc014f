import { seededRandom } from '@tagtrail/shared/random/seeded-random.js';
import { describe, expect, it } from 'vitest';
import { backOffMs } from './back-off.js';

describe('backOffMs', () => {
  it.each([
    [0, 125, 250],
    [1, 250, 500],
    [4, 2000, 4000],
    [5, 2500, 5000],
    [1000, 2500, 5000],
  ])('waits after failure %i between %i and %i ms', (attempt, least, most) => {
    const random = seededRandom(`back-off ${attempt}`);
    const waits = Array.from({ length: 500 }, () => backOffMs(attempt, random));
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(least);
    expect(Math.max(...waits)).toBeLessThanOrEqual(most);
    expect(new Set(waits).size).toBeGreaterThan(50);
  });
});
