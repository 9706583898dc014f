import { errorText } from '@tagtrail/shared/error.js';
import type { Log } from '@tagtrail/shared/log/log.js';
import { type Clock, repeat, wallIso } from '@tagtrail/shared/time/clock.js';
import type { Disk, DiskSpace } from '../journal/disk.js';

/**
 * `alarm`: somebody should make room. `trimming`: diagnostics are dropped, and what the cloud has
 * confirmed is let go before its time. `full`: nothing can be recorded any more.
 */
export type DiskLevel = 'ok' | 'alarm' | 'trimming' | 'full';

export interface DiskReading {
  readonly usedPct: number;
  readonly level: DiskLevel;
}

/** Used, in percent, from which a level holds. It ends `calmPct` lower, so that it does not flutter. */
export const diskMarks = { alarmPct: 80, trimmingPct: 90, calmPct: 2, lookEveryMs: 4_000 } as const;

/** As `df` counts: what only root may still take is not free, and a started percent is a used one. */
export function usedPctOf({ usedBytes, freeBytes }: DiskSpace): number {
  const allBytes = usedBytes + freeBytes;
  return allBytes === 0 ? 100 : Math.ceil((100 * usedBytes) / allBytes);
}

export function nextDiskLevel(before: DiskLevel, usedPct: number, isFull: boolean): DiskLevel {
  if (isFull || usedPct >= 100) return 'full';
  const held = (level: DiskLevel, fromPct: number): boolean =>
    usedPct >= fromPct - (order.indexOf(before) >= order.indexOf(level) ? diskMarks.calmPct : 0);
  if (held('trimming', diskMarks.trimmingPct)) return 'trimming';
  return held('alarm', diskMarks.alarmPct) ? 'alarm' : 'ok';
}

const order: readonly DiskLevel[] = ['ok', 'alarm', 'trimming', 'full'];

export interface DiskWatch {
  /** Null until the disk was asked, and while it does not answer. */
  reading(): DiskReading | null;
  /** Since when the level is another one than `ok`. */
  since(): string | null;
  /** Diagnostics are to be dropped, and what is confirmed may go early. */
  isShort(): boolean;
  /** Looks now and again from then on; `onChange` hears of each new level. */
  start(onChange: () => void): Promise<void>;
  stop(): void;
}

export interface DiskWatchOptions {
  readonly disk: Pick<Disk, 'space'>;
  readonly clock: Clock;
  readonly log: Log;
  /** The journal was refused for want of space: full, whatever the figures say. */
  isFull(): boolean;
}

export function createDiskWatch({ disk, clock, log, isFull }: DiskWatchOptions): DiskWatch {
  let reading: DiskReading | null = null;
  let since: string | null = null;
  let looking: { cancel(): void } | undefined;

  const look = async (onChange: () => void): Promise<void> => {
    const before = reading?.level ?? 'ok';
    try {
      const usedPct = usedPctOf(await disk.space());
      reading = { usedPct, level: nextDiskLevel(before, usedPct, isFull()) };
    } catch (error) {
      log.warn({ error: errorText(error) }, 'health.disk.unknown');
      return;
    }
    if (reading.level === before) return;
    since = reading.level === 'ok' ? null : (since ?? wallIso(clock));
    log.warn({ ...reading, was: before }, 'health.disk.changed');
    onChange();
  };

  return {
    reading: () => reading,
    since: () => since,
    isShort: () => reading?.level === 'trimming' || reading?.level === 'full',
    start: async (onChange) => {
      await look(onChange);
      looking = repeat(clock, 'health.disk', diskMarks.lookEveryMs, () => look(onChange));
    },
    stop: () => looking?.cancel(),
  };
}

/** One sentence for an operator; null while all is well. */
export function diskFault({ usedPct, level }: DiskReading): string | null {
  switch (level) {
    case 'ok':
      return null;
    case 'alarm':
      return `the disk is ${usedPct} % full; make room`;
    case 'trimming':
      return `the disk is ${usedPct} % full; device messages are not recorded any more, tools still are. Make room`;
    case 'full':
      return 'the disk is full; nothing can be recorded. Make room';
  }
}
