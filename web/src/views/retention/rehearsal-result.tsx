import { Alert } from '@mantine/core';
import type { Rehearsal } from '@tagtrail/shared/api/retention.js';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { dayText } from '../../data/time-text.js';
import { languageOf } from '../../text/text.js';

/** What a rule would do if it ran now, in sentences. */
export function RehearsalResult({ result }: { result: Rehearsal }) {
  const { t } = useTranslation();
  return (
    <Alert title={t('settings.rehearsal')} data-testid="rehearsal" data-entries={result.entries} color="accent">
      <RehearsalSentences result={result} />
    </Alert>
  );
}

export function RehearsalSentences({ result }: { result: Rehearsal }) {
  const { t, i18n } = useTranslation();
  const language = languageOf(i18n);
  const isDelete = result.action === 'delete';
  const what = isDelete ? 'settings.rehearsalDelete' : 'settings.rehearsalPseudonymise';
  const lines: ReactNode[] = [];
  if (result.entries === 0) lines.push(t('settings.rehearsalNone'));
  else {
    const { oldest, newest } = result;
    const days = (at: string): string => dayText(at, language);
    const span =
      oldest === null || newest === null
        ? ''
        : t('settings.rehearsalSpan', { oldest: days(oldest), newest: days(newest) });
    lines.push(`${t(what, { count: result.entries })} ${span}`);
    const people = isDelete ? 'retention.peopleGone' : 'retention.people';
    if (result.people > 0) lines.push(t(people, { count: result.people }));
    if (result.carried > 0) lines.push(t('retention.carried', { count: result.carried }));
    lines.push(t('retention.proofStays'));
  }
  if (result.held > 0) lines.push(t('retention.heldLines', { count: result.held }));
  return lines.map((line) => <div key={String(line)}>{line}</div>);
}
