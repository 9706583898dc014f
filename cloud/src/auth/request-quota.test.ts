import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRequestQuota } from './request-quota.js';

describe('a quota of requests', () => {
  it('lets so many through at once, says when the next may come, and then lets it', () => {
    const quota = createRequestQuota(3);
    expect([0, 0, 0].map((atMs) => quota.take('a', atMs))).toEqual([
      { limit: 3, left: 2, fullAfterMs: 20_000, waitMs: 0 },
      { limit: 3, left: 1, fullAfterMs: 40_000, waitMs: 0 },
      { limit: 3, left: 0, fullAfterMs: 60_000, waitMs: 0 },
    ]);
    expect(quota.take('a', 0)).toEqual({ limit: 3, left: 0, fullAfterMs: 60_000, waitMs: 20_000 });
    expect(quota.take('b', 0).waitMs).toBe(0);
    expect(quota.take('a', 19_000)).toMatchObject({ left: 0, waitMs: 1_000 });
    expect(quota.take('a', 20_000).waitMs).toBe(0);
    expect(quota.take('a', 20_000).waitMs).toBe(20_000);
  });

  it('never lets more through in a minute than twice what it says, and always after the wait', () => {
    const gaps = fc.array(fc.nat(8_000), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), gaps, (perMinute, between) => {
        const quota = createRequestQuota(perMinute);
        const passed: number[] = [];
        let atMs = 0;
        for (const gap of between) {
          atMs += gap;
          const { waitMs } = quota.take('a', atMs);
          if (waitMs === 0) passed.push(atMs);
          else {
            atMs += waitMs;
            expect(quota.take('a', atMs).waitMs).toBe(0);
            passed.push(atMs);
          }
        }
        for (const from of passed) {
          expect(passed.filter((at) => at >= from && at < from + 60_000).length).toBeLessThanOrEqual(2 * perMinute);
        }
      }),
    );
  });

  it('lets a request through exactly after its wait, whatever fractions are in between', () => {
    // Found by the property above.
    const quota = createRequestQuota(2);
    let atMs = 0;
    for (const gap of [0, 282, 0, 2374, 0]) {
      atMs += gap;
      const { waitMs } = quota.take('a', atMs);
      atMs += waitMs;
      if (waitMs > 0) expect(quota.take('a', atMs).waitMs).toBe(0);
    }
  });

  it('remembers no more than it may', () => {
    const quota = createRequestQuota(1, 2);
    for (const who of ['a', 'b', 'c']) quota.take(who, 0);
    expect(quota.take('c', 0).waitMs).toBeGreaterThan(0);
    expect(quota.take('a', 0).waitMs).toBe(0);
  });

  it('is not fooled by a clock that goes back', () => {
    const quota = createRequestQuota(1);
    quota.take('a', 60_000);
    expect(quota.take('a', 0).waitMs).toBeGreaterThan(0);
  });
});
