import type { TakeReason } from '@tagtrail/shared/events/take-reason.js';
import dayjs from 'dayjs';
import 'dayjs/locale/fr';
import type { TFunction } from 'i18next';
import { languageOf, type TextLanguage } from '../text/text.js';

const codes = [
  'quarantine',
  'retired',
  'reported',
  'calibration_overdue',
  'not_in_group',
  'not_granted',
  'denied',
  'outside_window',
  'licence_missing',
  'licence_expired',
  'witness_missing',
  'reader_out_of_order',
  'disk_out_of_order',
  'badge_expired',
  'person_suspended',
] as const satisfies readonly TakeReason['reason'][];

/** A reason as the lines of the receipt carry it: any of it may be absent. */
export interface LooseReason {
  readonly reason: string | null;
  readonly reasonName?: string | null | undefined;
  readonly reasonSince?: string | null | undefined;
}

/** "torque licence expired 3 May": the reason by name where the cabinet knows it, else in general words. */
export function reasonText(t: TFunction, i18n: { language: string }, of: LooseReason, nowMs: number): string {
  const code = codes.find((known) => known === of.reason);
  if (code === undefined) return '';
  const name = of.reasonName ?? '';
  const date = of.reasonSince == null ? '' : dayShort(of.reasonSince, nowMs, languageOf(i18n));
  if (code === 'licence_expired' && name !== '' && date !== '')
    return t('kiosk.reasonBy.licence_expired', { name, date });
  if (code === 'calibration_overdue' && date !== '') return t('kiosk.reasonBy.calibration_overdue', { date });
  if (code === 'reported' && date !== '') return t('kiosk.reasonBy.reported', { date });
  if (code === 'licence_missing' && name !== '') return t('kiosk.reasonBy.licence_missing', { name });
  if (code === 'not_in_group' && name !== '') return t('kiosk.reasonBy.not_in_group', { name });
  if (code === 'outside_window' && name !== '') return t('kiosk.reasonBy.outside_window', { name });
  if (code === 'denied' && name !== '') return t('kiosk.reasonBy.denied', { name });
  return t(`kiosk.reason.${code}`);
}

/** "3 May", with the year when it is another one than this. */
export function dayShort(at: string, nowMs: number, language: TextLanguage): string {
  const day = dayjs(at).locale(language);
  if (!day.isValid()) return at;
  return day.format(day.isSame(dayjs(nowMs), 'year') ? 'D MMMM' : 'D MMM YYYY');
}
