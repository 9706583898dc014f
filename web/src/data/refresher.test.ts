import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import { describe, expect, it } from 'vitest';
import { createWorld } from '../../test/fixture-world.js';
import { queriesTouchedBy } from './query-news.js';
import { createRefresher } from './refresher.js';

const world = createWorld(Date.parse('2026-11-22T06:00:00.000Z'));
const returned = world.entries.find((entry) => entry.kind === 'asset.returned');

describe('queriesTouchedBy', () => {
  it('names the tool, both people, the cabinet and the visit of a return', () => {
    const keys = queriesTouchedBy(returned === undefined ? [] : [returned]).map((key) => key.join('/'));
    for (const key of [
      'assets',
      `asset/${returned?.asset?.id}`,
      `timeline/people/${returned?.actor?.id}`,
      `timeline/people/${returned?.counterpart?.id}`,
      `timeline/cabinets/${returned?.cabinet?.id}`,
      `session/${returned?.session}`,
    ]) {
      expect(keys).toContain(key);
    }
  });
});

describe('createRefresher', () => {
  it('loads each page once for a burst of lines', async () => {
    const clock = new VirtualClock();
    const loaded: string[] = [];
    const refresher = createRefresher({ clock, refresh: (key) => void loaded.push(key.join('/')) });
    for (const entry of world.entries) refresher.news([entry]);
    expect(loaded).toEqual([]);
    await clock.advance(1_000);
    expect(loaded.length).toBe(new Set(loaded).size);
    expect(loaded).toContain('assets');
    expect(clock.pending()).toEqual([]);
  });
});
