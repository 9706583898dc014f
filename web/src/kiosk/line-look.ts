import {
  type Icon,
  IconAlertTriangle,
  IconArrowBackUp,
  IconArrowUpRight,
  IconBan,
  IconCircleCheck,
  IconHelpTriangle,
  IconTool,
} from '@tabler/icons-react';
import type { KioskLine } from '@tagtrail/shared/kiosk/kiosk-state.js';
import type { TFunction } from 'i18next';
import { languageOf } from '../text/text.js';
import { dayShort, reasonText } from './kiosk-words.js';
import type { RowState } from './row.js';

export interface LineLook {
  readonly state: RowState;
  readonly icon: Icon;
  /** The line's state in words. */
  readonly note: string;
  /** Lower stands first: what somebody has to act on is never on the second page. */
  readonly rank: number;
}

/** One line of the receipt as colour, icon and words. Doubt stands before everything that the line also says. */
export function lineLook(t: TFunction, i18n: { language: string }, line: KioskLine, nowMs: number): LineLook {
  if (line.dispute === 'corrected') {
    return { state: 'ok', icon: IconCircleCheck, note: t('dispute.lineCorrected'), rank: 4 };
  }
  if (line.disputed || line.dispute !== undefined) {
    const note = line.dispute === undefined ? t('kiosk.doubt') : t('dispute.lineDisputed');
    return { state: 'doubt', icon: IconHelpTriangle, note, rank: 1 };
  }
  if (line.reported !== undefined) {
    return { state: 'bad', icon: IconTool, note: t(`report.line_${line.reported}`), rank: 2 };
  }
  if (line.movement === 'returned') {
    const note = line.takenBy === null ? t('kiosk.lineReturned') : t('kiosk.lineReturnedBy', { name: line.takenBy });
    return { state: 'returned', icon: IconArrowBackUp, note, rank: 4 };
  }
  if (line.authority === 'forbidden') {
    const reason = reasonText(t, i18n, line, nowMs);
    const note = reason === '' ? t('kiosk.forbidden') : t('kiosk.forbiddenBecause', { reason });
    return { state: 'forbidden', icon: IconBan, note, rank: 0 };
  }
  if (line.authority === 'unsigned') {
    return { state: 'missing', icon: IconAlertTriangle, note: t('kiosk.lineUnsigned'), rank: 1 };
  }
  if (line.calibrationDueAt !== undefined) {
    const date = dayShort(line.calibrationDueAt, nowMs, languageOf(i18n));
    return { state: 'warn', icon: IconArrowUpRight, note: t('kiosk.lineTakenDue', { date }), rank: 3 };
  }
  return { state: 'taken', icon: IconArrowUpRight, note: t('kiosk.lineTaken'), rank: 3 };
}
