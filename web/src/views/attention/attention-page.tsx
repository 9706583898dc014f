import { SegmentedControl, Title } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../app/services.js';
import { EmptyState, ErrorState, RowsSkeleton } from '../../ui/page-states.js';
import { TableFoot } from '../../ui/table-foot.js';
import { AttentionRows } from './attention-rows.js';

/** All that needs somebody now, and what somebody looks after already. */
export function AttentionPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { state } = useSearch({ from: '/inside/attention' });
  return (
    <>
      <header className="tt-page-head">
        <Title order={1} size={22}>
          {t('attention.title')}
        </Title>
        <SegmentedControl
          aria-label={t('attention.show')}
          value={state ?? 'open'}
          onChange={(value) =>
            void navigate({
              to: '/attention',
              search: value === 'acknowledged' ? { state: 'acknowledged' } : {},
              replace: true,
            })
          }
          data={(['open', 'acknowledged'] as const).map((value) => ({ value, label: t(`attention.${value}`) }))}
        />
      </header>
      <p className="tt-page-lead">{t('attention.lead')}</p>
      <section className="tt-card tt-section">
        <Pages state={state ?? 'open'} />
      </section>
    </>
  );
}

function Pages({ state }: { state: 'open' | 'acknowledged' }) {
  const { t } = useTranslation();
  const api = useApi();
  const list = useInfiniteQuery({
    queryKey: ['attention', state],
    queryFn: ({ pageParam }) =>
      api.attention({ limit: 50, state, ...(pageParam === null ? {} : { cursor: pageParam }) }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => (last.has_more ? last.next_cursor : null),
  });
  if (list.isPending) return <RowsSkeleton />;
  if (list.isError) return <ErrorState error={list.error} retry={() => void list.refetch()} />;
  const items = list.data.pages.flatMap((page) => page.data);
  if (items.length === 0) {
    return (
      <EmptyState icon={IconCircleCheck} title={t(`attention.${state}None`)} next={t(`attention.${state}NoneNext`)} />
    );
  }
  return (
    <>
      <AttentionRows items={items} />
      <TableFoot
        shown={items.length}
        more={list.hasNextPage}
        loading={list.isFetchingNextPage}
        onMore={() => void list.fetchNextPage()}
      />
    </>
  );
}
