import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '@tagtrail/shared/error.js';

/** Who holds a data directory. A number of a process alone would be taken again after a restart. */
interface Holder {
  readonly pid: number;
  /** When the process began, as the kernel counts; empty where it does not tell. */
  readonly began: string;
}

export interface DataLock {
  release(): void;
}

/**
 * Makes sure that one agent alone writes to `directory`; a lock left by a process that is gone is taken over.
 * @throws AppError `data.locked` or `data.unusable`.
 */
export function lockData(directory: string, pid: number): DataLock {
  const file = join(directory, 'agent.lock');
  const own: Holder = { pid, began: beganAt(pid) ?? '' };
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    takeLock(file, own);
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError('data.unusable', `the data directory ${directory} cannot be used`, { kind: 'operator', cause });
  }
  return {
    release: () => {
      if (readHolder(file)?.pid === pid) rmSync(file, { force: true });
    },
  };
}

function takeLock(file: string, own: Holder): void {
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      writeFileSync(file, JSON.stringify(own), { flag: 'wx', mode: 0o600 });
      return;
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'EEXIST') throw error;
    }
    const holder = readHolder(file);
    if (holder !== undefined && isAlive(holder)) {
      throw new AppError(
        'data.locked',
        `another agent (process ${holder.pid}) is using this data directory; stop it or choose another directory`,
        { kind: 'operator', detail: { pid: holder.pid } },
      );
    }
    rmSync(file, { force: true });
  }
  throw new AppError('data.locked', 'other agents keep taking this data directory', { kind: 'operator' });
}

function readHolder(file: string): Holder | undefined {
  try {
    const holder = JSON.parse(readFileSync(file, 'utf8')) as Partial<Holder>;
    return Number.isInteger(holder.pid) ? { pid: Number(holder.pid), began: String(holder.began ?? '') } : undefined;
  } catch {
    return undefined;
  }
}

function isAlive({ pid, began }: Holder): boolean {
  const now = beganAt(pid);
  if (now !== undefined && began !== '') return now === began;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: unknown }).code === 'EPERM';
  }
}

/** The boot of the machine and the start time of a process in it (proc(5), stat field 22). */
function beganAt(pid: number): string | undefined {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return `${boot} ${fields[19] ?? ''}`;
  } catch {
    return undefined;
  }
}
