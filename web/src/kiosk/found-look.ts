import {
  type Icon,
  IconAlertTriangle,
  IconArrowUpRight,
  IconBan,
  IconBuildingWarehouse,
  IconCheck,
  IconHelp,
} from '@tabler/icons-react';
import type { KioskFound } from '@tagtrail/shared/kiosk/kiosk-actions.js';
import type { TFunction } from 'i18next';
import { clockText } from '../data/time-text.js';
import { languageOf } from '../text/text.js';
import { reasonText } from './kiosk-words.js';
import type { RowState } from './row.js';

export interface FoundLook {
  readonly state: RowState;
  readonly icon: Icon;
  /** Where it is or who has it. */
  readonly where: string;
  /** Why it should not be taken; empty when it may be. */
  readonly reason: string;
}

/** Where a tool is, as colour, icon and words. Nothing that should not be taken is ever green. */
export function foundLook(t: TFunction, i18n: { language: string }, tool: KioskFound, nowMs: number): FoundLook {
  const reason = tool.forbidden === null ? '' : reasonText(t, i18n, tool.forbidden, nowMs);
  const time = tool.since === null ? '' : clockText(tool.since, nowMs, languageOf(i18n));
  switch (tool.where) {
    case 'inside':
      return {
        state: reason === '' ? 'inside' : 'forbidden',
        icon: reason === '' ? IconCheck : IconBan,
        where: t('find.inside'),
        reason,
      };
    case 'out': {
      const known = tool.holder === null ? t('find.out', { time }) : t('find.outWith', { name: tool.holder, time });
      return {
        state: 'out',
        icon: IconArrowUpRight,
        where: time === '' ? t('find.outNoTime') : known,
        reason,
      };
    }
    case 'missing':
      return { state: 'missing', icon: IconAlertTriangle, where: t('find.missing'), reason };
    case 'elsewhere':
      return { state: 'unknown', icon: IconBuildingWarehouse, where: t('find.elsewhere'), reason };
    default:
      return { state: 'unknown', icon: IconHelp, where: t('find.unknown'), reason };
  }
}
