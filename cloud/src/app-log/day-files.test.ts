import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DayFiles, filesOver, openDayFiles } from './day-files.js';

const dayMs = 86_400_000;
const noon = Date.UTC(2026, 10, 25, 12);

describe('the files of a log', () => {
  let folder: string;
  let clock: VirtualClock;
  let files: DayFiles | undefined;
  const problems: string[] = [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tagtrail-log-'));
    clock = new VirtualClock(noon);
    problems.length = 0;
  });
  afterEach(() => {
    files?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const open = (at = join(folder, 'log')): DayFiles =>
    (files = openDayFiles({ folder: at, keepDays: 30, clock, onProblem: (text) => problems.push(text) }));
  const names = (): string[] => readdirSync(join(folder, 'log')).sort();

  it('begin anew with each day, and only their owner reads them', async () => {
    const opened = open();
    opened.write('{"a":1}\n');
    await clock.advance(dayMs / 2);
    opened.write('{"a":2}\n');
    expect(names()).toEqual(['cloud-2026-11-25.ndjson', 'cloud-2026-11-26.ndjson']);
    expect(readFileSync(join(folder, 'log', 'cloud-2026-11-26.ndjson'), 'utf8')).toBe('{"a":2}\n');
    expect(statSync(join(folder, 'log', 'cloud-2026-11-26.ndjson')).mode & 0o077).toBe(0);
  });

  it('go when their time is over, also where nothing more is written', async () => {
    open().write('{}\n');
    await clock.advance(30 * dayMs);
    expect(names()).toEqual(['cloud-2026-11-25.ndjson']);
    await clock.advance(dayMs / 2 + 3_600_000);
    expect(names()).toEqual([]);
  });

  it('are the only ones that go', async () => {
    const old = 'cloud-2020-01-01.ndjson';
    open();
    for (const name of [old, 'notes.txt', 'cloud-2020-13-45.ndjson']) writeFileSync(join(folder, 'log', name), '');
    await clock.advance(3_600_000);
    expect(names()).toEqual(['cloud-2020-13-45.ndjson', 'notes.txt']);
    expect(filesOver([old, 'x'], 365, noon)).toEqual([old]);
  });

  it('say once that they cannot be written, and go on when they can', () => {
    writeFileSync(join(folder, 'log'), 'in the way');
    const opened = open();
    opened.write('{}\n');
    opened.write('{}\n');
    expect(problems).toHaveLength(1);
    rmSync(join(folder, 'log'));
    const again = open();
    again.write('{"back":true}\n');
    expect(names()).toHaveLength(1);
  });
});
