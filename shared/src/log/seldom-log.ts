import type { Clock } from '../time/clock.js';
import type { Log, LogFields } from './log.js';

const minuteMs = 60_000;

/**
 * A log for what strangers can cause: at most `linesPerMinute` lines of each name, so that nobody fills the disk by
 * knocking. The first line after that says in `leftOut` how many of its name were left out before it.
 */
export function seldomLog(log: Log, clock: Pick<Clock, 'monotonicMs'>, linesPerMinute = 60): Log {
  const names = new Map<string, { sinceMs: number; lines: number; leftOut: number }>();

  function fieldsToSay(fields: LogFields, name: string): LogFields | undefined {
    const nowMs = clock.monotonicMs();
    const found = names.get(name);
    const isNew = found === undefined || nowMs - found.sinceMs >= minuteMs;
    const minute = isNew ? { sinceMs: nowMs, lines: 0, leftOut: found?.leftOut ?? 0 } : found;
    names.set(name, minute);
    if (minute.lines >= linesPerMinute) {
      minute.leftOut++;
      return undefined;
    }
    minute.lines++;
    const { leftOut } = minute;
    minute.leftOut = 0;
    return leftOut === 0 ? fields : { ...fields, leftOut };
  }

  const limited =
    (level: keyof Log) =>
    (fields: LogFields, name: string): void => {
      const said = fieldsToSay(fields, name);
      if (said !== undefined) log[level](said, name);
    };
  return { debug: limited('debug'), info: limited('info'), warn: limited('warn'), error: limited('error') };
}
