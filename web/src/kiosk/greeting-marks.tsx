import { IconAlertTriangle, IconUsers } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { languageOf } from '../text/text.js';
import { useKiosk } from './kiosk-context.js';
import { dayShort } from './kiosk-words.js';

/** How many fit under the greeting on the smaller screen. */
const room = 2;

/** What the person should know before the first grip: what runs out, and what needs a second person. */
export function GreetingMarks() {
  const { t, i18n } = useTranslation();
  const { desk, nowMs } = useKiosk();
  // What has run out stands before what will.
  const warnings = [...desk.warnings].sort((a, b) => Number(isOver(b.kind)) - Number(isOver(a.kind)));
  const witness = desk.witness;
  const marks = warnings.map(({ kind, name, dueAt }) => ({
    key: `${kind}${name}`,
    text: t(`kiosk.warning.${kind}`, { name, date: dayShort(dueAt, nowMs, languageOf(i18n)) }),
  }));
  const shown = marks.slice(0, marks.length > room ? room - 1 : room);
  const more = marks.length - shown.length;
  return (
    <>
      {shown.map(({ key, text }) => (
        <p key={key} className="tk-marked" data-tone="warn" data-testid="kiosk-warning">
          <IconAlertTriangle size={32} aria-hidden />
          {text}
        </p>
      ))}
      {more > 0 && (
        <p className="tk-marked" data-tone="warn">
          <IconAlertTriangle size={32} aria-hidden />
          {t('kiosk.warningsMore', { count: more })}
        </p>
      )}
      {witness !== null && shown.length < room && (
        <p className="tk-marked" data-tone="warn" data-testid="kiosk-witness">
          <IconUsers size={32} aria-hidden />
          {witness.confirmedBy === null
            ? t('kiosk.witnessItems', { names: witness.items.slice(0, 2).join(', ') })
            : t('kiosk.witnessBy', { name: witness.confirmedBy })}
        </p>
      )}
    </>
  );
}

function isOver(kind: string): boolean {
  return kind === 'calibration_overdue' || kind === 'licence_expired';
}
