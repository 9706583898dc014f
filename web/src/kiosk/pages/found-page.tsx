import { IconAlertTriangle, IconBan, IconMessageReport, IconSearch } from '@tabler/icons-react';
import type { KioskFound } from '@tagtrail/shared/kiosk/kiosk-actions.js';
import { useTranslation } from 'react-i18next';
import { languageOf } from '../../text/text.js';
import { BigButton } from '../big-button.js';
import { foundLook } from '../found-look.js';
import { useKiosk } from '../kiosk-context.js';
import { dayShort } from '../kiosk-words.js';
import { PageFrame } from '../page-frame.js';

/** One tool: where it is, who has it for those who may know, and whether it may be taken. */
export function FoundPage({ tool, text }: { tool: KioskFound; text: string }) {
  const { t, i18n } = useTranslation();
  const { state, nowMs, open } = useKiosk();
  const look = foundLook(t, i18n, tool, nowMs);
  const Glyph = look.icon;
  const name = { epc: tool.epc, name: tool.name };
  return (
    <PageFrame
      title={tool.name}
      note={tool.model ?? undefined}
      back={{ kind: 'find', text }}
      actions={
        <>
          {state.person !== null && (
            <BigButton
              icon={IconMessageReport}
              label={t('report.short')}
              onPress={() => open({ kind: 'report', tool: name })}
              testId="kiosk-report"
            />
          )}
          {tool.where === 'missing' && (
            <BigButton
              icon={IconSearch}
              look="primary"
              label={t('find.startSearch')}
              onPress={() => open({ kind: 'missing_tool', tool: name })}
              testId="kiosk-search-open"
            />
          )}
        </>
      }
    >
      <div className="tk-answer">
        <div className="tk-answer-where" data-state={look.state} data-testid="kiosk-where">
          <Glyph size={88} stroke={1.8} aria-hidden />
          <strong>{look.where}</strong>
        </div>
        {look.reason !== '' && (
          <p data-bad="true">
            <IconBan size={36} aria-hidden />
            {t('find.forbidden', { reason: look.reason })}
          </p>
        )}
        {tool.calibrationDueAt !== null && look.reason === '' && (
          <p>
            <IconAlertTriangle size={36} aria-hidden />
            {t('find.calibrationDue', { date: dayShort(tool.calibrationDueAt, nowMs, languageOf(i18n)) })}
          </p>
        )}
        {tool.where === 'out' && tool.holder === null && <p>{t('find.personHidden')}</p>}
      </div>
    </PageFrame>
  );
}
