import type { TimeWindow } from './rulebook.js';

const weekdays: Readonly<Record<string, number>> = { Mon: 1, Tue: 2, Wed: 3, Thu: 4, Fri: 5, Sat: 6, Sun: 7 };

/** Whether the wall time `atMs` lies in the window, by the clock of `timeZone` (IANA; UTC when it is not known). */
export function isInWindow(window: TimeWindow, atMs: number, timeZone: string): boolean {
  const { day, minute } = localTime(atMs, timeZone);
  const from = minuteOf(window.from);
  const to = minuteOf(window.to);
  if (from < to) return window.days.includes(day) && minute >= from && minute < to;
  // Over midnight the second half belongs to the day on which the window began; equal ends are a whole day.
  const dayBefore = day === 1 ? 7 : day - 1;
  return (window.days.includes(day) && minute >= from) || (window.days.includes(dayBefore) && minute < to);
}

/** `06:00-14:00`, several of them joined. */
export function windowsText(windows: readonly TimeWindow[]): string {
  return [...new Set(windows.map(({ from, to }) => `${from}-${to}`))].join(', ').slice(0, 200);
}

function localTime(atMs: number, timeZone: string): { readonly day: number; readonly minute: number } {
  const parts = new Map(
    formatOf(timeZone)
      .formatToParts(new Date(atMs))
      .map(({ type, value }) => [type, value]),
  );
  const minute = (Number(parts.get('hour')) % 24) * 60 + Number(parts.get('minute'));
  return { day: weekdays[parts.get('weekday') ?? ''] ?? 1, minute };
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const form = { weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  try {
    return new Intl.DateTimeFormat('en-GB', { ...form, timeZone });
  } catch {
    return new Intl.DateTimeFormat('en-GB', { ...form, timeZone: 'UTC' });
  }
}

function minuteOf(text: string): number {
  return Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5));
}
