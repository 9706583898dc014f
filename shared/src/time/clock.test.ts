import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../testing/virtual-clock.js';
import { repeat, sleep, wallIso } from './clock.js';

describe('VirtualClock', () => {
  it('fires timers in due order, then in start order, and never early', async () => {
    const clock = new VirtualClock();
    const fired: string[] = [];
    clock.startTimer('b', 20, () => fired.push(`b@${clock.monotonicMs()}`));
    clock.startTimer('a', 10, () => fired.push(`a@${clock.monotonicMs()}`));
    clock.startTimer('c', 20, () => fired.push(`c@${clock.monotonicMs()}`));
    const cancelled = clock.startTimer('d', 15, () => fired.push('d'));
    cancelled.cancel();
    expect(clock.pending()).toEqual(['a', 'b', 'c']);
    await clock.advance(19);
    expect(fired).toEqual(['a@10']);
    await clock.advance(1);
    expect(fired).toEqual(['a@10', 'b@20', 'c@20']);
  });

  it('steps the wall clock without touching durations', () => {
    const clock = new VirtualClock(Date.UTC(2026, 0, 1));
    clock.stepWall(-86_400_000);
    expect(wallIso(clock)).toBe('2025-12-31T00:00:00.000Z');
    expect(clock.monotonicMs()).toBe(0);
  });
});

describe('repeat', () => {
  it('never overlaps a slow run and stops when cancelled', async () => {
    const clock = new VirtualClock();
    let running = 0;
    let most = 0;
    let runs = 0;
    const timer = repeat(clock, 'job', 10, async () => {
      running++;
      runs++;
      most = Math.max(most, running);
      await sleep(clock, 'work', 25);
      running--;
    });
    await clock.advance(100);
    expect(most).toBe(1);
    expect(runs).toBe(3);
    timer.cancel();
    await clock.advance(200);
    expect(runs).toBe(3);
  });
});
