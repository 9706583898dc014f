import { describe, expect, it } from 'vitest';
import { createSignInThrottle, waitAfter } from './sign-in-throttle.js';

describe('the throttle of signing in', () => {
  it('waits longer after every refusal, up to a minute', () => {
    expect([0, 4, 5, 6, 7, 11, 50].map(waitAfter)).toEqual([0, 0, 1000, 2000, 4000, 60_000, 60_000]);
  });

  it('lets the fifth wrong guess wait and forgets it after a quarter of an hour', () => {
    const throttle = createSignInThrottle();
    for (let i = 0; i < 5; i++) throttle.refused('a', 1000);
    expect([throttle.waitMs('a', 1000), throttle.waitMs('a', 1600), throttle.waitMs('a', 2000)]).toEqual([
      1000, 400, 0,
    ]);
    expect(throttle.waitMs('b', 1000)).toBe(0);
    for (let i = 0; i < 9; i++) throttle.refused('a', 2000);
    expect(throttle.waitMs('a', 2000)).toBe(60_000);
    expect(throttle.waitMs('a', 2000 + 15 * 60_000)).toBe(0);
  });

  it('forgets all on success', () => {
    const throttle = createSignInThrottle();
    for (let i = 0; i < 9; i++) throttle.refused('a', 0);
    throttle.accepted('a');
    expect(throttle.waitMs('a', 0)).toBe(0);
  });

  it('holds a bounded number of accounts and drops the quietest', () => {
    const throttle = createSignInThrottle(3);
    for (const account of ['a', 'b', 'c']) for (let i = 0; i < 6; i++) throttle.refused(account, 0);
    throttle.refused('a', 1);
    throttle.refused('d', 1);
    expect(['a', 'b', 'c'].map((account) => throttle.waitMs(account, 1) > 0)).toEqual([true, false, true]);
  });
});
