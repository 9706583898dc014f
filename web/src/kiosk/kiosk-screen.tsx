import { IconClock, IconCloudOff, IconLanguage, IconPlugConnectedX, IconRefreshAlert } from '@tabler/icons-react';
import type { KioskState } from '@tagtrail/shared/kiosk/kiosk-state.js';
import { useTranslation } from 'react-i18next';
import { clockText } from '../data/time-text.js';
import { languageOf } from '../text/text.js';
import { KioskPhaseView, type KioskScreenProps } from './kiosk-phase.js';

/** The whole screen: where I am, what to do now, and whether anything is wrong. */
export function KioskScreen(props: KioskScreenProps) {
  const { t, i18n } = useTranslation();
  const { state, reachable } = props;
  const now = clockText(new Date(props.nowMs).toISOString(), props.nowMs, languageOf(i18n));
  return (
    <div className="tk" data-testid="kiosk" data-phase={state.phase} data-reachable={reachable}>
      <header className="tk-bar">
        <div className="tk-place">
          <strong>{state.cabinet}</strong>
          <span>{state.site}</span>
        </div>
        <button type="button" className="tk-button" onClick={props.onLanguage} data-testid="kiosk-language">
          <IconLanguage size={30} aria-hidden />
          {t('kiosk.language')}
        </button>
        <span className="tk-clock">
          <IconClock size={28} aria-hidden />
          {now}
        </span>
      </header>
      {reachable ? <KioskPhaseView {...props} /> : <Unreachable />}
      {reachable && <Notices state={state} nowMs={props.nowMs} />}
    </div>
  );
}

function Unreachable() {
  const { t } = useTranslation();
  return (
    <main className="tk-main" data-tone="old" role="alert">
      <IconRefreshAlert className="tk-glyph" stroke={1.4} aria-hidden />
      <div>
        <h1>{t('kiosk.lost')}</h1>
        <p>{t('kiosk.lostHelp')}</p>
      </div>
    </main>
  );
}

/** Before the first state. */
export function KioskStarting({ reachable }: { reachable: boolean }) {
  const { t } = useTranslation();
  return (
    <div className="tk" data-testid="kiosk" data-phase="starting" data-reachable={reachable}>
      <main className="tk-main" data-tone="old">
        <div>
          <h1>{reachable ? t('kiosk.connecting') : t('kiosk.lost')}</h1>
          {!reachable && <p>{t('kiosk.lostHelp')}</p>}
        </div>
      </main>
    </div>
  );
}

/** Offline and faults, said openly and without alarm. */
function Notices({ state, nowMs }: { state: KioskState; nowMs: number }) {
  const { t, i18n } = useTranslation();
  const faults = state.faults.filter((fault) => fault.status !== 'ok');
  if (state.offlineSince === null && faults.length === 0) return null;
  return (
    <footer className="tk-notices">
      {state.offlineSince !== null && (
        <span data-tone="old" data-testid="kiosk-offline">
          <IconCloudOff size={28} aria-hidden />
          {t('kiosk.offline', { time: clockText(state.offlineSince, nowMs, languageOf(i18n)) })}
          {state.pending > 0 && <small>{t('kiosk.pending', { count: state.pending })}</small>}
        </span>
      )}
      {faults.map((fault) => (
        <span key={fault.device} data-tone="bad" data-device={fault.device}>
          <IconPlugConnectedX size={28} aria-hidden />
          {t('kiosk.fault', {
            device: t(`device.${fault.device as 'uhf'}`, { defaultValue: fault.device }),
            status: t(`device.${fault.status as 'ok'}`, { defaultValue: fault.status }),
          })}
        </span>
      ))}
    </footer>
  );
}
