import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { errorText } from '@tagtrail/shared/error.js';
import type { Log } from '@tagtrail/shared/log/log.js';
import type { Random } from '@tagtrail/shared/random/random.js';
import type { Clock, Timer } from '@tagtrail/shared/time/clock.js';
import type { BackupSecret } from './backup-key.js';
import { takeBackup } from './take-backup.js';

/** Scheduled backups: where they go, how often, and how many stay. */
export interface BackupPlan {
  readonly folder: string;
  readonly everyMs: number;
  readonly keep: number;
}

export interface BackupJobOptions extends BackupPlan {
  readonly ownerUrl: string;
  readonly dataFolder: string;
  readonly secret: BackupSecret;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly version: string;
}

export interface BackupJob {
  /** What is wrong, in words for an operator; undefined while all is well. */
  problem(): string | undefined;
  close(): Promise<void>;
}

/** After one that went wrong. */
const againAfterMs = 900_000;
/** A start is busy enough. */
const leastWaitMs = 60_000;
/** A backup that is later than this beyond its time is a problem, whatever the reason. */
const graceMs = 3_600_000;

const named = /^tagtrail-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z\.backup$/;

/** The name of the backup of a moment; names sort by time. */
export function backupName(wallMs: number): string {
  return `tagtrail-${new Date(wallMs).toISOString().replace(/[-:]|\.\d+/g, '')}.backup`;
}

/** When the backup of this name was begun; undefined for every other file. */
export function backupTimeMs(name: string): number | undefined {
  const parts = named.exec(name)?.slice(1).map(Number);
  if (parts === undefined) return undefined;
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/** The names that are beyond the newest `keep`. */
export function beyond(names: readonly string[], keep: number): readonly string[] {
  const ours = names.filter((name) => backupTimeMs(name) !== undefined).sort();
  return ours.slice(0, Math.max(0, ours.length - keep));
}

/**
 * Takes a backup whenever the newest in the folder is older than the plan allows, so that a restart
 * neither forgets one nor takes one too many. What is beyond the plan goes only after a new one stands.
 */
export function startBackupJob(options: BackupJobOptions): BackupJob {
  const { folder, everyMs, clock, log } = options;
  const startedAtMs = clock.wallMs();
  let newestMs: number | undefined;
  let failure: string | undefined;
  let timer: Timer | undefined;
  let running: Promise<void> = Promise.resolve();
  let closed = false;

  const schedule = (waitMs: number): void => {
    if (closed) return;
    timer = clock.startTimer('backup', Math.max(leastWaitMs, waitMs), () => {
      running = round();
    });
  };
  const round = async (): Promise<void> => {
    try {
      const path = join(folder, backupName(clock.wallMs()));
      const figures = await takeBackup({ ...options, path });
      newestMs = Date.parse(figures.takenAt);
      failure = undefined;
      log.info({ path, rows: figures.rows, bytes: figures.bytes, elapsedMs: figures.elapsedMs }, 'backup.taken');
      for (const name of beyond(await readdir(folder), options.keep)) await rm(join(folder, name), { force: true });
      schedule(everyMs);
    } catch (error) {
      failure = errorText(error);
      log.error({ folder, problem: failure }, 'backup.missed');
      schedule(againAfterMs);
    }
  };
  const begin = async (): Promise<void> => {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const times = (await readdir(folder)).flatMap((name) => backupTimeMs(name) ?? []);
    newestMs = times.length === 0 ? undefined : Math.max(...times);
    schedule(newestMs === undefined ? 0 : newestMs + everyMs - clock.wallMs());
  };
  running = begin().catch((error: unknown) => {
    failure = errorText(error);
    log.error({ folder, problem: failure }, 'backup.missed');
    schedule(againAfterMs);
  });
  return {
    problem: () => {
      if (failure !== undefined) return `The last backup went wrong: ${failure}`;
      const dueMs = (newestMs ?? startedAtMs) + everyMs + graceMs;
      return clock.wallMs() > dueMs ? `No backup since ${new Date(newestMs ?? startedAtMs).toISOString()}.` : undefined;
    },
    close: async () => {
      closed = true;
      timer?.cancel();
      await running;
    },
  };
}
