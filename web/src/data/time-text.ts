import dayjs from 'dayjs';
import 'dayjs/locale/fr';
import type { TextLanguage } from '../text/text.js';

const steps: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
];
const formats: Readonly<Record<TextLanguage, Intl.RelativeTimeFormat>> = {
  en: new Intl.RelativeTimeFormat('en', { style: 'narrow', numeric: 'always' }),
  fr: new Intl.RelativeTimeFormat('fr', { style: 'short', numeric: 'always' }),
};

const justNow: typeof formats = {
  en: new Intl.RelativeTimeFormat('en', { numeric: 'auto' }),
  fr: new Intl.RelativeTimeFormat('fr', { numeric: 'auto' }),
};
const nowIsMs = 3_000;

/** `4min ago`, rounded towards now. */
export function relativeText(at: string, nowMs: number, language: TextLanguage): string {
  const passedMs = nowMs - Date.parse(at);
  if (Number.isNaN(passedMs)) return at;
  if (Math.abs(passedMs) < nowIsMs) return justNow[language].format(0, 'second');
  const [unit, unitMs] = steps.find(([, ms]) => Math.abs(passedMs) >= ms) ?? ['second', 1_000];
  return formats[language].format(-Math.trunc(passedMs / unitMs), unit);
}

/** The exact local time, to the second. */
export function exactText(at: string, language: TextLanguage): string {
  const time = dayjs(at).locale(language);
  return time.isValid() ? time.format('D MMM YYYY, HH:mm:ss') : at;
}

/** The local day. */
export function dayText(at: string, language: TextLanguage): string {
  const time = dayjs(at).locale(language);
  return time.isValid() ? time.format('D MMM YYYY') : at;
}

/** The local time of day, with the day when it is another one than today. */
export function clockText(at: string, nowMs: number, language: TextLanguage): string {
  const time = dayjs(at).locale(language);
  if (!time.isValid()) return at;
  return time.format(time.isSame(dayjs(nowMs), 'day') ? 'HH:mm' : 'D MMM HH:mm');
}

/** The local day as a date field has it, `YYYY-MM-DD`; empty for none. */
export function dayFieldOf(at: string | null): string {
  return at === null ? '' : dayjs(at).format('YYYY-MM-DD');
}

/** The last moment of a local day out of a date field, in ISO 8601; null when the field is empty. */
export function endOfDay(day: string): string | null {
  return day === '' ? null : dayjs(day).endOf('day').toISOString();
}
