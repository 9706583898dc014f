import type { TimeWindow } from '@tagtrail/shared/rules/rulebook.js';
import type { TextLanguage } from '../text/text.js';

/** A Monday, from which the names of the days are counted. */
const mondayMs = Date.UTC(2024, 0, 1);
const dayMs = 86_400_000;

/** `Mon` for 1 to `Sun` for 7, in the language. */
export function weekdayText(day: number, language: TextLanguage): string {
  const format = new Intl.DateTimeFormat(language, { weekday: 'short', timeZone: 'UTC' });
  return format.format(new Date(mondayMs + (day - 1) * dayMs)).replace('.', '');
}

/** `Mon–Fri 06:00–22:00`: three days or more in a row are drawn together. */
export function windowText(window: TimeWindow, language: TextLanguage): string {
  const runs: [number, number][] = [];
  for (const day of [...new Set(window.days)].sort()) {
    const last = runs.at(-1);
    if (last !== undefined && last[1] === day - 1) last[1] = day;
    else runs.push([day, day]);
  }
  const name = (day: number): string => weekdayText(day, language);
  const days = runs.map(([first, last]) =>
    first === last ? name(first) : `${name(first)}${last - first > 1 ? '–' : ', '}${name(last)}`,
  );
  return `${days.join(', ')} ${window.from}–${window.to}`;
}
