import type { Log } from '@tagtrail/shared/log/log.js';
import type { Random } from '@tagtrail/shared/random/random.js';
import type { Clock } from '@tagtrail/shared/time/clock.js';
import { type BackupJob, startBackupJob } from '../backup/backup-job.js';
import { readSecret } from '../backup/backup-key.js';
import type { CloudConfig } from '../config.js';
import type { Database } from '../database/open-database.js';

export interface StartBackupsOptions {
  readonly config: CloudConfig;
  readonly database: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly version: string;
}

/**
 * Backups by the clock, where a folder for them is set. A key that cannot be read stops the start:
 * nobody should believe in backups that do not happen.
 * @throws AppError `backup.key_missing`, `backup.key_weak`.
 */
export async function startBackups(options: StartBackupsOptions): Promise<BackupJob | undefined> {
  const { config, database, clock, random, log, version } = options;
  const { backup, dataFolder } = config;
  if (backup === undefined || database.ownerUrl === undefined) return undefined;
  const secret = await readSecret(backup);
  const { folder, everyMs, keep } = backup;
  return startBackupJob({
    ...{ ownerUrl: database.ownerUrl, dataFolder, folder, everyMs, keep },
    ...{ secret, clock, random, log, version },
  });
}
