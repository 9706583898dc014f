import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TraceDraft } from '@tagtrail/shared/events/trace-event.js';
import { silentLog } from '@tagtrail/shared/log/log.js';
import { seededRandom } from '@tagtrail/shared/random/seeded-random.js';
import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDiskWatch } from '../src/health/disk-watch.js';
import { withoutDiagnostics } from '../src/journal/diagnostics.js';
import type { Disk } from '../src/journal/disk.js';
import { openFileDisk } from '../src/journal/file-disk.js';
import { openJournal } from '../src/journal/journal.js';
import { aBoot, anAddress, sha256 } from '../src/testing/journal-fixtures.js';
import { createSimulatedDisk } from '../src/testing/simulated-disk.js';

const mebibyte = 1024 * 1024;
const custody = { kind: 'door.opened', data: { door: 1, signed: false } } as const;
const aCount: TraceDraft = {
  kind: 'inventory.settled',
  data: { trigger: 'watch', present: [], doubtful: [], missing: [], rounds: 5, reads: 0, elapsedMs: 900 },
};
const diagnostic = { kind: 'device.restored', data: { device: 'uhf', afterMs: 5 } } as const;

/** The journal as the agent joins it to the watch of its disk. */
async function aJournal(disk: Disk, segmentBytes: number) {
  const clock = new VirtualClock(Date.UTC(2026, 0, 5, 6));
  const watch = createDiskWatch({ disk, clock, log: silentLog, isFull: () => opened.status().status === 'full' });
  const opened = await openJournal({
    ...{ disk, clock, random: seededRandom(1), boot: aBoot, identity: anAddress, sha256, log: silentLog },
    ...{ segmentBytes, isShort: watch.isShort },
  });
  const recorder = withoutDiagnostics(opened, { isShort: watch.isShort, log: silentLog });
  await watch.start(() => {});
  const outcome = (draft: TraceDraft) =>
    recorder.record(draft, 'now').then(
      () => 'recorded',
      (error: { code: string }) => error.code,
    );
  const look = () => clock.advance(5000);
  return { watch, opened, outcome, look };
}

describe('a disk that fills up', () => {
  it('loses diagnostics at 90 %, nothing else before it is full, and heals by itself', async () => {
    const disk = createSimulatedDisk();
    disk.limitTo(100_000);
    const { watch, outcome, look } = await aJournal(disk, 4096);
    await disk.create('others', 82_000);
    await look();
    expect([watch.reading()?.level, await outcome(diagnostic), await outcome(custody)]).toEqual([
      'alarm',
      'recorded',
      'recorded',
    ]);
    await disk.create('more', 6000);
    await look();
    expect([watch.reading()?.level, await outcome(diagnostic), await outcome(custody)]).toEqual([
      'trimming',
      'journal.diagnostic_dropped',
      'recorded',
    ]);
    await disk.create('rest', (await disk.space()).freeBytes);
    await look();
    let last = 'recorded';
    for (let i = 0; i < 200 && last === 'recorded'; i++) last = await outcome(custody);
    await look();
    expect([last, watch.reading()?.level]).toEqual(['journal.disk_full', 'full']);
    for (const name of ['others', 'more', 'rest']) await disk.remove(name);
    expect(await outcome(custody)).toBe('recorded');
    await look();
    expect([watch.reading()?.level, await outcome(diagnostic)]).toEqual(['ok', 'recorded']);
  });

  it('lets what the cloud has confirmed go before its time', async () => {
    const disk = createSimulatedDisk();
    disk.limitTo(1_000_000);
    const { opened, outcome, look } = await aJournal(disk, 4096);
    for (let i = 0; i < 60; i++) await outcome(custody);
    opened.acknowledge(50);
    for (let i = 0; i < 30; i++) await outcome(custody);
    expect(opened.first()).toBe(1);
    await disk.create('others', 1_000_000 - 50_000);
    await look();
    await outcome(aCount);
    for (let i = 0; i < 30; i++) await outcome(custody);
    expect(opened.first()).toBeGreaterThan(1);
    expect(opened.first()).toBeLessThanOrEqual(51);
  });
});

/** A small file system of its own; false where this user may not mount one. */
function mountSmall(folder: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe('a real disk of 8 MiB', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tagtrail-small-'));
  let mounted = false;
  beforeAll(() => {
    mounted = mountSmall(folder);
  });
  afterAll(() => {
    if (mounted) execFileSync('umount', ['--lazy', folder]);
    rmSync(folder, { recursive: true, force: true });
  });

  it('refuses while it is mounted read-only, and heals', async (context) => {
    if (!mounted) context.skip('mounting a small disk needs root');
    const remount = (how: 'ro' | 'rw') => execFileSync('mount', ['-o', `remount,${how}`, folder]);
    const { outcome, opened } = await aJournal(await openFileDisk(join(folder, 'read-only')), mebibyte / 4);
    remount('ro');
    try {
      expect(await outcome(custody)).toBe('journal.disk_error');
      expect(opened.status()).toMatchObject({ status: 'failing' });
    } finally {
      remount('rw');
    }
    expect(await outcome(custody)).toBe('recorded');
    expect(opened.status()).toEqual({ status: 'ok' });
    await opened.close();
  });

  it('refuses a write that it took a part of, and takes it whole when there is room', async (context) => {
    if (!mounted) context.skip('mounting a small disk needs root');
    const disk = await openFileDisk(join(folder, 'part'));
    await (await disk.create('filler', 5 * mebibyte)).close();
    const file = await disk.create('record', 0);
    const bytes = new Uint8Array(4 * mebibyte).fill(7);
    await expect(file.write(0, bytes)).rejects.toMatchObject({ code: 'disk.full' });
    const taken = await file.size();
    expect(taken).toBeGreaterThan(0);
    expect(taken).toBeLessThan(bytes.length);
    await disk.remove('filler');
    await file.write(0, bytes);
    await file.sync();
    expect(Buffer.compare(await file.read(0, bytes.length + 1), bytes)).toBe(0);
    await file.close();
    await disk.remove('record');
  });

  it('is measured, alarms, fills up and heals', async (context) => {
    if (!mounted) context.skip('mounting a small disk needs root');
    const fill = (name: string, bytes: number): void => writeFileSync(join(folder, name), Buffer.alloc(bytes));
    const { watch, outcome, look, opened } = await aJournal(await openFileDisk(join(folder, 'journal')), mebibyte / 4);
    expect(watch.reading()?.level).toBe('ok');
    // The watch is on the virtual clock and the disk is real: look until the operating system has answered.
    const levelIs = (level: string) =>
      expect.poll(() => look().then(() => watch.reading()?.level), { interval: 1, timeout: 5000 }).toBe(level);
    fill('a', 6.5 * mebibyte);
    await levelIs('alarm');
    fill('b', mebibyte);
    await levelIs('trimming');
    expect(await outcome(diagnostic)).toBe('journal.diagnostic_dropped');
    expect(() => fill('c', mebibyte)).toThrow(/ENOSPC/);
    let last = 'recorded';
    for (let i = 0; i < 3000 && last === 'recorded'; i++) last = await outcome(custody);
    expect(last).toBe('journal.disk_full');
    await levelIs('full');
    const before = opened.head().last;
    for (const name of ['a', 'b', 'c']) rmSync(join(folder, name));
    expect(await outcome(custody)).toBe('recorded');
    expect(opened.head().last).toBe(before + 1);
    await levelIs('ok');
    await opened.close();
  });
});
