import { IconLanguage, IconRefreshAlert, IconUser } from '@tabler/icons-react';
import type { KioskState } from '@tagtrail/shared/kiosk/kiosk-state.js';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { clockText } from '../data/time-text.js';
import { languageOf } from '../text/text.js';
import { BigButton } from './big-button.js';
import type { Asked, KioskDesk } from './kiosk-client.js';
import { type Kiosk, KioskProvider, noDesk } from './kiosk-context.js';
import { KioskNotices } from './kiosk-notices.js';
import { KioskPageView } from './kiosk-page-view.js';
import { outlives, type Page, pageLastsMs } from './kiosk-pages.js';
import { KioskPhaseView } from './kiosk-phase.js';
import { Message } from './message.js';

export interface KioskScreenProps {
  readonly state: KioskState;
  readonly reachable: boolean;
  /** The cabinet's wall time now. */
  readonly nowMs: number;
  /** How long the present phase has lasted. */
  readonly phaseMs: number;
  readonly client: KioskDesk;
  readonly onLanguage: () => void;
  /** The page that stands open at first. */
  readonly page?: Page | null;
}

/** The whole screen: where I am, what to do now, and whether anything is wrong. */
export function KioskScreen(props: KioskScreenProps) {
  const { state, reachable, nowMs, client } = props;
  const { page, open, close, touch, closesAtMs } = usePage(props);
  const { t } = useTranslation();
  const heed = (answer: Asked<unknown>): boolean => {
    if (!answer.ok) {
      open({ kind: 'said', tone: 'bad', title: t('kiosk.failed'), text: t(`kiosk.failure.${answer.code}`) });
    }
    return answer.ok;
  };
  const kiosk: Kiosk = {
    state,
    desk: state.desk ?? noDesk(),
    nowMs,
    phaseMs: props.phaseMs,
    leavesAt: state.leavesAt ?? (closesAtMs === null ? null : new Date(closesAtMs).toISOString()),
    client,
    open,
    close,
    heed,
  };
  // The keyboard needs the height of the bar.
  const tall = reachable && page !== null && (page.kind === 'find' || page.kind === 'pin');
  return (
    <KioskProvider value={kiosk}>
      <div
        className="tk"
        data-testid="kiosk"
        data-phase={state.phase}
        data-page={page?.kind ?? 'none'}
        data-reachable={reachable}
        onPointerDownCapture={touch}
      >
        {!tall && <Bar {...props} />}
        {!tall && reachable && <KioskNotices state={state} nowMs={nowMs} />}
        {!reachable && <Unreachable />}
        {reachable && (page === null ? <KioskPhaseView /> : <KioskPageView page={page} />)}
      </div>
    </KioskProvider>
  );
}

/** The open page; it goes with the phase, and by itself when nobody is signed in and nobody touches the screen. */
function usePage({ state, nowMs, page: first = null }: KioskScreenProps) {
  const [page, setPage] = useState<Page | null>(first);
  const [phase, setPhase] = useState(state.phase);
  const touchedMs = useRef(nowMs);
  if (phase !== state.phase) {
    setPhase(state.phase);
    if (page !== null && !outlives(page, phase, state.phase)) setPage(null);
  }
  const closesAtMs = page !== null && state.person === null ? touchedMs.current + pageLastsMs : null;
  if (closesAtMs !== null && nowMs >= closesAtMs) setPage(null);
  return {
    page,
    closesAtMs,
    open: (next: Page) => {
      touchedMs.current = nowMs;
      setPage(next);
    },
    close: () => setPage(null),
    touch: () => {
      touchedMs.current = nowMs;
    },
  };
}

function Bar({ state, nowMs, reachable, onLanguage }: KioskScreenProps) {
  const { t, i18n } = useTranslation();
  return (
    <header className="tk-bar">
      <div className="tk-place">
        <strong>{state.cabinet}</strong>
        <span>{state.site}</span>
      </div>
      {reachable && state.person !== null && (
        <span className="tk-who" data-testid="kiosk-person">
          <IconUser size={32} aria-hidden />
          <span>{state.person.displayName}</span>
        </span>
      )}
      <BigButton icon={IconLanguage} label={t('kiosk.language')} onPress={onLanguage} testId="kiosk-language" />
      <time className="tk-clock">{clockText(new Date(nowMs).toISOString(), nowMs, languageOf(i18n))}</time>
    </header>
  );
}

function Unreachable() {
  const { t } = useTranslation();
  return <Message tone="old" icon={IconRefreshAlert} title={t('kiosk.lost')} help={t('kiosk.lostHelp')} />;
}

/** Before the first state. */
export function KioskStarting({ reachable }: { reachable: boolean }) {
  const { t } = useTranslation();
  return (
    <div className="tk" data-testid="kiosk" data-phase="starting" data-page="none" data-reachable={reachable}>
      <Message
        tone="old"
        icon={IconRefreshAlert}
        title={reachable ? t('kiosk.connecting') : t('kiosk.lost')}
        help={reachable ? undefined : t('kiosk.lostHelp')}
      />
    </div>
  );
}
