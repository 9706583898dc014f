import { IconCloudOff, IconPlugConnectedX } from '@tabler/icons-react';
import type { KioskState } from '@tagtrail/shared/kiosk/kiosk-state.js';
import { useTranslation } from 'react-i18next';
import { clockText } from '../data/time-text.js';
import { languageOf } from '../text/text.js';

/** Offline and faults, said openly and without alarm; work goes on as far as the rules that it goes by are known. */
export function KioskNotices({ state, nowMs }: { state: KioskState; nowMs: number }) {
  const { t, i18n } = useTranslation();
  const faults = state.faults.filter((fault) => fault.status !== 'ok');
  if (state.offlineSince === null && faults.length === 0) return null;
  const time = (at: string): string => clockText(at, nowMs, languageOf(i18n));
  const kept = [
    ...(state.rulebookIssuedAt === null ? [] : [t('kiosk.rulesOf', { time: time(state.rulebookIssuedAt) })]),
    ...(state.pending > 0 ? [t('kiosk.pending', { count: state.pending })] : []),
  ];
  return (
    <footer className="tk-notices">
      {state.offlineSince !== null && (
        <span data-tone="old" data-testid="kiosk-offline">
          <IconCloudOff size={32} aria-hidden />
          <span>
            {t('kiosk.offline', { time: time(state.offlineSince) })}
            {faults.length === 0 && kept.length > 0 && <small>{kept.join(' · ')}</small>}
          </span>
        </span>
      )}
      {faults.map((fault) => (
        <span key={fault.device} data-tone="bad" data-device={fault.device}>
          <IconPlugConnectedX size={32} aria-hidden />
          {t('kiosk.fault', {
            device: t(`device.${fault.device as 'uhf'}`, { defaultValue: fault.device }),
            status: t(`device.${fault.status as 'ok'}`, { defaultValue: fault.status }),
          })}
        </span>
      ))}
    </footer>
  );
}
