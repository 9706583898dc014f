import {
  type Icon,
  IconAlertOctagon,
  IconArrowsExchange,
  IconHandStop,
  IconIdBadge2,
  IconLockOpen,
} from '@tabler/icons-react';
import type { KioskState } from '@tagtrail/shared/kiosk/kiosk-state.js';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { KioskMissing } from './kiosk-missing.js';
import { KioskReceipt } from './kiosk-receipt.js';

export interface KioskScreenProps {
  readonly state: KioskState;
  readonly reachable: boolean;
  /** The cabinet's wall time now. */
  readonly nowMs: number;
  /** How long the present phase has lasted. */
  readonly phaseMs: number;
  readonly onSignOut: () => void;
  readonly onLanguage: () => void;
}

/** What to do now: one picture, one sentence, one line of help. */
export function KioskPhaseView(props: KioskScreenProps) {
  const { t } = useTranslation();
  const { state } = props;
  const name = state.person?.displayName;
  switch (state.phase) {
    case 'idle':
      return (
        <Message
          tone="idle"
          icon={IconIdBadge2}
          title={t('kiosk.idle')}
          text={t('kiosk.idleHelp')}
          extra={<KioskMissing missing={state.missing} />}
        />
      );
    case 'refused':
      return (
        <Message
          tone="bad"
          icon={IconHandStop}
          title={t('kiosk.refusedTitle')}
          text={t(`kiosk.refusal.${state.refusal ?? 'unknown'}`)}
          extra={<p>{t('kiosk.ask')}</p>}
        />
      );
    case 'unlocked':
      return (
        <Message
          tone="ok"
          icon={IconLockOpen}
          title={name === undefined ? t('kiosk.helloUnknown') : t('kiosk.hello', { name })}
          text={t('kiosk.unlocked')}
          extra={<p>{t('kiosk.unlockedHelp')}</p>}
        />
      );
    case 'open':
      return name === undefined ? (
        <Message
          tone="bad"
          icon={IconAlertOctagon}
          title={t('kiosk.openUnsigned')}
          text={t('kiosk.openUnsignedHelp')}
        />
      ) : (
        <Message
          tone="ok"
          icon={IconArrowsExchange}
          title={t('kiosk.open')}
          text={t('kiosk.openHelp')}
          extra={<Holding state={state} />}
        />
      );
    case 'reading':
      return <Reading state={state} phaseMs={props.phaseMs} />;
    case 'receipt':
      return <KioskReceipt state={state} nowMs={props.nowMs} onDone={props.onSignOut} />;
    case 'witness':
      return (
        <Message
          tone="idle"
          icon={IconIdBadge2}
          title={t('kiosk.witness')}
          text={t('kiosk.witnessHelp', { name: name ?? '' })}
        />
      );
    case 'hand_over':
      return <Message tone="idle" icon={IconIdBadge2} title={t('kiosk.handOver')} text={t('kiosk.handOverHelp')} />;
    case 'out_of_order':
      return (
        <Message tone="bad" icon={IconAlertOctagon} title={t('kiosk.outOfOrder')} text={t('kiosk.outOfOrderHelp')} />
      );
    default:
      return state.phase satisfies never;
  }
}

function Message(props: { tone: string; icon: Icon; title: string; text: string; extra?: ReactNode }) {
  const Glyph = props.icon;
  return (
    <main className="tk-main" data-tone={props.tone} aria-live="assertive">
      <Glyph className="tk-glyph" stroke={1.4} aria-hidden />
      <div>
        <h1>{props.title}</h1>
        <p className="tk-text">{props.text}</p>
        {props.extra}
      </div>
    </main>
  );
}

function Reading({ state, phaseMs }: { state: KioskState; phaseMs: number }) {
  const { t } = useTranslation();
  return (
    <main className="tk-main" data-tone="busy" aria-live="polite">
      <div className="tk-ring" aria-hidden>
        <span>{Math.floor(phaseMs / 1000)}</span>
      </div>
      <div>
        <h1>{t('kiosk.reading')}</h1>
        <p className="tk-text">
          {t('kiosk.readingSeconds', { seconds: Math.floor(phaseMs / 1000) })}
          {state.reading !== null && <> · {t('kiosk.readingSeen', { count: state.reading.seen })}</>}
        </p>
        <p>{t('kiosk.readingHelp')}</p>
      </div>
    </main>
  );
}

function Holding({ state }: { state: KioskState }) {
  const { t } = useTranslation();
  const count = state.holding.length;
  return <p>{count === 0 ? t('kiosk.holdNone') : t('kiosk.hold', { count })}</p>;
}
