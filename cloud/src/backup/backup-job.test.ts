import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Log } from '@tagtrail/shared/log/log.js';
import { silentLog } from '@tagtrail/shared/log/log.js';
import { systemRandom } from '@tagtrail/shared/random/system-random.js';
import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeTenant, startTestDatabase, type TestDatabase } from '../testing/test-database.js';
import { backupName, backupTimeMs, beyond, startBackupJob } from './backup-job.js';
import type { BackupSecret } from './backup-key.js';
import { verifyBackup } from './verify-backup.js';

const hourMs = 3_600_000;
const noon = Date.UTC(2026, 10, 25, 12);
const secret: BackupSecret = { kind: 'key-file', bytes: Buffer.alloc(32, 3) };

describe('the names of backups', () => {
  it('say when, and sort by it', () => {
    expect(backupName(noon)).toBe('tagtrail-20261125T120000Z.backup');
    expect(backupTimeMs(backupName(noon))).toBe(noon);
    expect(backupTimeMs('notes.txt')).toBeUndefined();
  });

  it('tell which are beyond the plan, and never name what is not ours', () => {
    const names = [3, 1, 2].map((day) => backupName(noon + day * 24 * hourMs));
    expect(beyond([...names, 'a.txt', 'tagtrail-old.backup'], 2)).toEqual([names[1]]);
    expect(beyond(names, 5)).toEqual([]);
  });
});

describe('scheduled backups', () => {
  let db: TestDatabase;
  let folder: string;
  beforeAll(async () => {
    db = await startTestDatabase();
    folder = await mkdtemp(join(tmpdir(), 'tagtrail-job-'));
    await makeTenant(db.store);
  });
  afterAll(async () => {
    await db?.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Resolves with the next thing that the job logs under one of the names. */
  function hearing(): { log: Log; next: () => Promise<string> } {
    const heard: string[] = [];
    let wake: (() => void) | undefined;
    const say = (_facts: unknown, name: string): void => {
      heard.push(name);
      wake?.();
    };
    return {
      log: { ...silentLog, info: say, error: say } as Log,
      next: async () => {
        while (heard.length === 0) await new Promise<void>((resolve) => (wake = resolve));
        return heard.shift() ?? '';
      },
    };
  }

  const job = (clock: VirtualClock, log: Log, into = folder, ownerUrl = db.ownerUrl) =>
    startBackupJob({
      ...{ ownerUrl, dataFolder: folder, folder: into, everyMs: 24 * hourMs, keep: 2 },
      ...{ secret, clock, random: systemRandom, log, version: '0.0.0' },
    });

  async function untilWaiting(clock: VirtualClock): Promise<void> {
    while (clock.pending().length === 0) await new Promise<void>((resolve) => setImmediate(resolve));
  }

  it('are taken when they are due, whole, and the oldest goes', async () => {
    const into = join(folder, 'kept');
    const clock = new VirtualClock(noon);
    const { log, next } = hearing();
    const running = job(clock, log, into);
    for (let day = 0; day < 3; day++) {
      await untilWaiting(clock);
      await clock.advance(24 * hourMs);
      expect(await next()).toBe('backup.taken');
    }
    await untilWaiting(clock);
    expect(running.problem()).toBeUndefined();
    await running.close();
    const names = await readdir(into);
    expect(names).toHaveLength(2);
    expect((await verifyBackup(join(into, names[0] ?? ''), secret)).manifest.tenants).toHaveLength(1);
  });

  it('are not taken again for a restart before their time', async () => {
    const into = await mkdtemp(join(folder, 'restart-'));
    await writeFile(join(into, backupName(noon - hourMs)), '');
    const clock = new VirtualClock(noon);
    const { log, next } = hearing();
    const running = job(clock, log, into);
    await untilWaiting(clock);
    await clock.advance(22 * hourMs);
    expect(await readdir(into)).toHaveLength(1);
    await clock.advance(hourMs);
    expect(await next()).toBe('backup.taken');
    await running.close();
  });

  it('say what is wrong when one is missed, and try again', async () => {
    const into = await mkdtemp(join(folder, 'missed-'));
    const clock = new VirtualClock(noon);
    const { log, next } = hearing();
    const running = job(clock, log, into, 'postgresql://nobody:x@127.0.0.1:1/none');
    await untilWaiting(clock);
    await clock.advance(60_000);
    expect(await next()).toBe('backup.missed');
    expect(running.problem()).toMatch(/went wrong.*127\.0\.0\.1:1/);
    await untilWaiting(clock);
    await running.close();
    expect(await readdir(into)).toEqual([]);
  });
});
