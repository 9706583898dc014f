import {
  type Icon,
  IconAlertTriangle,
  IconArrowBackUp,
  IconArrowUpRight,
  IconCheck,
  IconHelpTriangle,
} from '@tabler/icons-react';
import type { KioskLine, KioskState } from '@tagtrail/shared/kiosk/kiosk-state.js';
import { useTranslation } from 'react-i18next';
import { KioskMissing } from './kiosk-missing.js';

/** How many lines fit without scrolling on the smallest screen, by the number of columns. */
const shownWith: Readonly<Record<number, number>> = { 1: 4, 2: 4, 3: 3 };

/** What was taken, what was returned, what is in doubt, what is still held. No button is needed to leave. */
export function KioskReceipt({ state, nowMs, onDone }: { state: KioskState; nowMs: number; onDone: () => void }) {
  const { t } = useTranslation();
  const signed = state.person !== null;
  const sure = state.lines.filter((line) => !line.disputed);
  const groups = [
    {
      key: 'taken',
      tone: 'out',
      icon: IconArrowUpRight,
      title: signed ? t('kiosk.took') : t('kiosk.unsignedTook'),
      lines: sure.filter((line) => line.movement === 'taken'),
    },
    {
      key: 'returned',
      tone: 'ok',
      icon: IconArrowBackUp,
      title: signed ? t('kiosk.returned') : t('kiosk.unsignedReturned'),
      lines: sure.filter((line) => line.movement === 'returned'),
    },
    {
      key: 'doubt',
      tone: 'doubt',
      icon: IconHelpTriangle,
      title: t('kiosk.doubtTitle'),
      lines: state.lines.filter((line) => line.disputed),
    },
  ].filter((group) => group.lines.length > 0);
  return (
    <main className="tk-main tk-receipt" data-tone="plain" aria-live="polite">
      {groups.length === 0 && (
        <h1>
          <IconCheck size={56} aria-hidden /> {t('kiosk.nothing')}
        </h1>
      )}
      <div className="tk-groups" data-groups={groups.length}>
        {groups.map(({ key, ...group }) => (
          <Group key={key} {...group} room={shownWith[groups.length] ?? 3} />
        ))}
      </div>
      <div className="tk-foot">
        <div>
          {signed && (
            <strong data-testid="kiosk-holding" data-count={state.holding.length}>
              {state.holding.length === 0 ? t('kiosk.holdNone') : t('kiosk.hold', { count: state.holding.length })}
            </strong>
          )}
          <KioskMissing missing={state.missing} />
        </div>
        <button type="button" className="tk-button tk-done" onClick={onDone} data-testid="kiosk-done">
          <IconCheck size={34} aria-hidden />
          <span>
            {t('kiosk.done')}
            {state.leavesAt !== null && (
              <small>{t('kiosk.leaves', { seconds: secondsUntil(state.leavesAt, nowMs) })}</small>
            )}
          </span>
        </button>
      </div>
    </main>
  );
}

function secondsUntil(at: string, nowMs: number): number {
  return Math.max(0, Math.ceil((Date.parse(at) - nowMs) / 1000));
}

function Group(props: { tone: string; icon: Icon; title: string; lines: readonly KioskLine[]; room: number }) {
  const { t } = useTranslation();
  const Glyph = props.icon;
  // What should not have been taken stands first, so that it is never behind "and 3 more".
  const sorted = [...props.lines].sort((a, b) => Number(isForbidden(b)) - Number(isForbidden(a)));
  const visible = sorted.length > props.room ? sorted.slice(0, props.room - 1) : sorted;
  const more = props.lines.length - visible.length;
  return (
    <section className="tk-group" data-tone={props.tone}>
      <h2>
        <Glyph size={34} stroke={2.2} aria-hidden />
        {props.title}
        <b>{props.lines.length}</b>
      </h2>
      <ul>
        {visible.map((line) => (
          <Line key={`${line.epc}${line.movement}`} line={line} />
        ))}
        {more > 0 && <li className="tk-more">{t('kiosk.andMore', { count: more })}</li>}
      </ul>
    </section>
  );
}

function isForbidden(line: KioskLine): boolean {
  return line.movement === 'taken' && line.authority === 'forbidden';
}

const reasons = ['quarantine', 'retired', 'calibration_overdue', 'not_in_group'] as const;

function Line({ line }: { line: KioskLine }) {
  const { t } = useTranslation();
  const forbidden = isForbidden(line);
  const reason = reasons.find((known) => known === line.reason);
  return (
    <li
      data-testid="kiosk-line"
      data-epc={line.epc}
      data-movement={line.movement}
      data-disputed={line.disputed}
      data-authority={line.authority}
    >
      <span>{line.name}</span>
      {line.disputed && <small>{t('kiosk.doubt')}</small>}
      {line.takenBy !== null && <small>{t('kiosk.takenBy', { name: line.takenBy })}</small>}
      {forbidden && (
        <small className="tk-forbidden">
          <IconAlertTriangle size={26} aria-hidden />
          {t('kiosk.forbidden')}
          {reason !== undefined && ` (${t(`kiosk.reason.${reason}`)})`}
        </small>
      )}
    </li>
  );
}
