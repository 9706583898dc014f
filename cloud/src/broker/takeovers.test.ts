import { describe, expect, it } from 'vitest';
import { createTakeovers } from './takeovers.js';

const minute = 60_000;

describe('takeovers of one client id', () => {
  it('are allowed now and then, and refused as long as a loop of them lasts', () => {
    const takeovers = createTakeovers();
    const asked = [0, 1, 2, 3, 4, 5, 6, 7].map((at) => takeovers.mayTakeOver('a', at * minute));
    expect(asked).toEqual([true, true, true, false, false, false, false, false]);
    expect(takeovers.mayTakeOver('b', 7 * minute)).toBe(true);
    expect(takeovers.mayTakeOver('a', 13 * minute)).toBe(true);
  });

  it('are never refused when they are rare', () => {
    const takeovers = createTakeovers();
    for (let at = 0; at < 100; at += 2) expect(takeovers.mayTakeOver('a', at * minute)).toBe(true);
  });
});
