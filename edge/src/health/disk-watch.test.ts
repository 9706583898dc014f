import { silentLog } from '@tagtrail/shared/log/log.js';
import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import { describe, expect, it } from 'vitest';
import { createSimulatedDisk } from '../testing/simulated-disk.js';
import { createDiskWatch, type DiskLevel, diskFault, diskMarks, nextDiskLevel, usedPctOf } from './disk-watch.js';

describe('nextDiskLevel', () => {
  it.each<[DiskLevel, number, DiskLevel]>([
    ['ok', 79, 'ok'],
    ['ok', 80, 'alarm'],
    ['ok', 90, 'trimming'],
    ['ok', 100, 'full'],
    ['alarm', 78, 'alarm'],
    ['alarm', 77, 'ok'],
    ['alarm', 89, 'alarm'],
    ['trimming', 88, 'trimming'],
    ['trimming', 87, 'alarm'],
    ['full', 99, 'trimming'],
    ['full', 50, 'ok'],
  ])('from %s at %i %% is %s', (before, usedPct, after) => {
    expect(nextDiskLevel(before, usedPct, false)).toBe(after);
    expect(nextDiskLevel(before, usedPct, true)).toBe('full');
  });

  it('has a sentence for each level but ok', () => {
    const words = (['ok', 'alarm', 'trimming', 'full'] as const).map((level) => diskFault({ usedPct: 91, level }));
    expect(words[0]).toBeNull();
    expect(new Set(words).size).toBe(4);
  });
});

describe('usedPctOf', () => {
  it('rounds up, so that a full disk is never 99 %', () => {
    expect(usedPctOf({ usedBytes: 801, freeBytes: 199 })).toBe(81);
    expect(usedPctOf({ usedBytes: 10, freeBytes: 0 })).toBe(100);
    expect(usedPctOf({ usedBytes: 0, freeBytes: 0 })).toBe(100);
  });
});

describe('the disk watch', () => {
  it('tells each new level within five seconds, and since when', async () => {
    const clock = new VirtualClock(Date.UTC(2026, 0, 5, 6));
    const disk = createSimulatedDisk();
    disk.limitTo(1000);
    const heard: unknown[] = [];
    const watch = createDiskWatch({ disk, clock, log: silentLog, isFull: () => false });
    await watch.start(() => heard.push({ ...watch.reading(), short: watch.isShort() }));
    expect(watch.reading()).toEqual({ usedPct: 0, level: 'ok' });
    await disk.create('a', 800);
    await clock.advance(5000);
    await disk.create('b', 100);
    await clock.advance(5000);
    expect(watch.since()).toBe('2026-01-05T06:00:04.000Z');
    await disk.remove('a');
    await clock.advance(5000);
    watch.stop();
    await disk.create('c', 900);
    await clock.advance(60_000);
    expect(heard).toEqual([
      { usedPct: 80, level: 'alarm', short: false },
      { usedPct: 90, level: 'trimming', short: true },
      { usedPct: 10, level: 'ok', short: false },
    ]);
    expect(watch.since()).toBeNull();
    expect(diskMarks.lookEveryMs).toBeLessThan(5000);
  });
});
