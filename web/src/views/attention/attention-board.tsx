import type { AttentionFigures } from '@tagtrail/shared/api/attention.js';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../app/services.js';
import { LinkButton } from '../../ui/link-button.js';
import { ErrorState, RowsSkeleton } from '../../ui/page-states.js';
import { Section } from '../../ui/section.js';
import { AttentionRows } from './attention-rows.js';

const shown = 5;

/** The newest of what nobody looks after yet, on the board; nothing while there is none. */
export function AttentionBoard({ figures }: { figures: AttentionFigures }) {
  const { t } = useTranslation();
  const api = useApi();
  const list = useQuery({
    // The figures come live: when they change, the list behind them has changed.
    queryKey: ['attention', 'board', figures],
    queryFn: () => api.attention({ limit: shown, state: 'open' }),
    placeholderData: keepPreviousData,
    enabled: figures.open > 0,
  });
  const isQuiet = figures.open === 0;
  if (isQuiet && figures.acknowledged === 0) return null;
  return (
    <Section
      title={t('attention.figure', { count: figures.open })}
      testId="attention-board"
      actions={
        <LinkButton to="/attention" search={isQuiet ? { state: 'acknowledged' } : {}} variant="default" size="xs">
          {isQuiet ? t('attention.acknowledged') : t('attention.all')}
        </LinkButton>
      }
    >
      {!isQuiet && list.isPending && <RowsSkeleton rows={2} />}
      {!isQuiet && list.isError && <ErrorState error={list.error} retry={() => void list.refetch()} />}
      {!isQuiet && list.data !== undefined && <AttentionRows items={list.data.data} />}
    </Section>
  );
}
