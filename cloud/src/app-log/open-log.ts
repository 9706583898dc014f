import { join } from 'node:path';
import type { Log } from '@tagtrail/shared/log/log.js';
import type { Clock } from '@tagtrail/shared/time/clock.js';
import { type DestinationStream, multistream, pino } from 'pino';
import { allRoles, isWhole, type Roles } from '../roles/roles.js';
import { openDayFiles } from './day-files.js';
import { fitForLog } from './fit-for-log.js';

export interface LogOptions {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  /** What the process does, where others do the rest. */
  readonly roles?: Roles;
  /** Absolute; the log has a folder of its own in it. */
  readonly dataFolder: string;
  readonly keepDays: number;
  readonly clock: Clock;
  /** Where every line goes besides its file. */
  readonly console: DestinationStream;
}

export interface OpenLog {
  readonly log: Log;
  close(): void;
}

/**
 * The application log: what the machine did, for whoever runs it. It is apart from the trail and has
 * its own clock; no line names a person, see `fitForLog`.
 */
export function openLog({ level, roles = allRoles, dataFolder, keepDays, clock, console }: LogOptions): OpenLog {
  const say = (text: string): void => void console.write(`${text}\n`);
  const files = openDayFiles({ folder: join(dataFolder, 'log'), keepDays, clock, onProblem: say });
  const log = pino(
    {
      level,
      // Lines of several processes come together in one place.
      ...(isWhole(roles) ? {} : { base: { pid: process.pid, role: [...roles].join(',') } }),
      timestamp: () => `,"time":${clock.wallMs()}`,
      formatters: { log: fitForLog },
    },
    multistream([
      { level, stream: console },
      { level, stream: files },
    ]),
  );
  return { log, close: () => files.close() };
}
