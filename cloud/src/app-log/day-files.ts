import { closeSync, mkdirSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { errorText } from '@tagtrail/shared/error.js';
import { type Clock, repeat } from '@tagtrail/shared/time/clock.js';

export interface DayFilesOptions {
  /** Absolute; made unless it stands. */
  readonly folder: string;
  /** A day's file goes when its last line is this old. */
  readonly keepDays: number;
  readonly clock: Clock;
  /** Told when lines cannot be written or files cannot be removed, once until it works again. */
  readonly onProblem: (text: string) => void;
}

export interface DayFiles {
  /** One line with its line feed; is in the file when this returns. */
  write(line: string): void;
  close(): void;
}

const dayMs = 86_400_000;
const hourMs = 3_600_000;
const fileName = /^cloud-(\d{4}-\d{2}-\d{2})\.ndjson$/;

/** The names among `names` that hold nothing younger than `keepDays` at the wall time `atMs`. */
export function filesOver(names: readonly string[], keepDays: number, atMs: number): string[] {
  return names.filter((name) => {
    const beginsMs = Date.parse(fileName.exec(name)?.[1] ?? '');
    return beginsMs + dayMs + keepDays * dayMs <= atMs;
  });
}

/**
 * The lines of each day (UTC) in a file of its own, which goes on its clock whether or not anything is
 * written. Several processes may share a folder: each line is one append. A log that cannot be
 * written stops nothing else.
 */
export function openDayFiles({ folder, keepDays, clock, onProblem }: DayFilesOptions): DayFiles {
  let open: { readonly day: string; readonly file: number } | undefined;
  let isBroken = false;

  const attempt = (work: () => void): void => {
    try {
      work();
      isBroken = false;
    } catch (error) {
      if (!isBroken) onProblem(`the application log in ${folder}: ${errorText(error)}`);
      isBroken = true;
    }
  };
  const sweep = (): void => {
    for (const name of filesOver(readdirSync(folder), keepDays, clock.wallMs())) rmSync(join(folder, name));
  };
  const fileOf = (day: string): number => {
    if (open?.day === day) return open.file;
    if (open !== undefined) closeSync(open.file);
    open = undefined;
    open = { day, file: openSync(join(folder, `cloud-${day}.ndjson`), 'a', 0o600) };
    return open.file;
  };

  attempt(() => {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    sweep();
  });
  const timer = repeat(clock, 'app-log.sweep', hourMs, () => attempt(sweep));
  return {
    write: (line) => attempt(() => void writeSync(fileOf(new Date(clock.wallMs()).toISOString().slice(0, 10)), line)),
    close: () => {
      timer.cancel();
      if (open !== undefined) closeSync(open.file);
      open = undefined;
    },
  };
}
