import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '@tagtrail/shared/error.js';
import { type Clock, sleep } from '@tagtrail/shared/time/clock.js';

const marker = 'tagtrail.json';

export interface DataFolder {
  readonly path: string;
  readonly release: () => void;
}

/**
 * Takes the data folder for this launcher alone, emptying it first when `fresh`.
 * @throws AppError `start.data_foreign` when `fresh` would empty a folder that is not ours,
 *   `start.data_in_use` when another launcher runs on it.
 */
export async function takeDataFolder(path: string, options: { fresh: boolean; clock: Clock }): Promise<DataFolder> {
  const lock = join(path, 'start.pid');
  const holder = runningPid(lock);
  if (holder !== undefined) {
    throw new AppError(
      'start.data_in_use',
      `${path} is in use by a running TagTrail (process ${holder}). Stop it first, or choose another folder: TAGTRAIL_DATA=other-folder npm start`,
      { kind: 'operator' },
    );
  }
  if (options.fresh && existsSync(path)) {
    if (readdirSync(path).length > 0 && !existsSync(join(path, marker))) {
      throw new AppError('start.data_foreign', `${path} is not a TagTrail data folder, so --fresh leaves it alone.`, {
        kind: 'operator',
      });
    }
    await stopLeftDatabase(path, options.clock);
    rmSync(path, { recursive: true, force: true });
  }
  for (const folder of ['', 'logs', 'sim', 'edge', 'credentials']) mkdirSync(join(path, folder), { recursive: true });
  writeFileSync(join(path, marker), `${JSON.stringify({ product: 'TagTrail', format: 1 })}\n`);
  writeFileSync(lock, `${process.pid}\n`);
  return { path, release: () => rmSync(lock, { force: true }) };
}

/** A database that outlived a killed cloud has to end before its files can be removed. */
async function stopLeftDatabase(path: string, clock: Clock): Promise<void> {
  for (const folder of ['postgres', join('postgres', 'data')]) {
    const pidFile = join(path, folder, 'postmaster.pid');
    const pid = runningPid(pidFile);
    if (pid === undefined) continue;
    process.kill(pid, 'SIGINT');
    for (let waited = 0; waited < 100 && runningPid(pidFile) !== undefined; waited++)
      await sleep(clock, 'database', 100);
  }
}

function runningPid(file: string): number | undefined {
  if (!existsSync(file)) return undefined;
  const pid = Number.parseInt(readFileSync(file, 'utf8'), 10);
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return undefined;
  try {
    process.kill(pid, 0);
    return pid;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' ? pid : undefined;
  }
}
