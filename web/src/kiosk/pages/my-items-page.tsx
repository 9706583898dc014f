import { IconAlertTriangle, IconArrowUpRight } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { clockText } from '../../data/time-text.js';
import { languageOf } from '../../text/text.js';
import { useKiosk } from '../kiosk-context.js';
import { dayShort } from '../kiosk-words.js';
import { PageFrame, PageText } from '../page-frame.js';
import { Paged } from '../paged.js';
import { Row } from '../row.js';

/** What the person holds; a tap on a line reports it. */
export function MyItemsPage() {
  const { t, i18n } = useTranslation();
  const { state, desk, nowMs, open } = useKiosk();
  const language = languageOf(i18n);
  return (
    <PageFrame
      title={t('mine.items')}
      note={t('mine.itemsNote', { count: state.holding.length })}
      back={{ kind: 'mine' }}
    >
      {state.holding.length === 0 ? (
        <PageText>{t('mine.noItems')}</PageText>
      ) : (
        <Paged
          items={state.holding}
          keyOf={({ epc, name, since }) => epc ?? name + since}
          label={t('mine.items')}
          render={({ epc, name, since }) => {
            const due = desk.warnings.find(
              (warning) => warning.name === name && warning.held && warning.kind.startsWith('calibration'),
            );
            const over = due?.kind === 'calibration_overdue';
            const date = due === undefined ? '' : dayShort(due.dueAt, nowMs, language);
            const held = t('mine.heldSince', { time: clockText(since, nowMs, language) });
            return (
              <Row
                state={due === undefined ? 'taken' : over ? 'bad' : 'warn'}
                icon={due === undefined ? IconArrowUpRight : IconAlertTriangle}
                isTool
                name={name}
                note={due === undefined ? held : over ? t('mine.overdue', { date }) : t('mine.due', { date })}
                onPress={epc === undefined ? undefined : () => open({ kind: 'report', tool: { epc, name } })}
                testId="kiosk-held"
              />
            );
          }}
        />
      )}
    </PageFrame>
  );
}
