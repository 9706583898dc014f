import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useApi } from '../app/services.js';
import type { TimelineOwner } from '../data/api.js';
import { EmptyState, ErrorState, RowsSkeleton } from './page-states.js';
import { TrailLine } from './trail-line.js';

/** The timeline of one object, newest first; new lines appear as the trail reports them. */
export function Timeline({ owner, id, pageSize = 50 }: { owner: TimelineOwner; id: string; pageSize?: number }) {
  const { t } = useTranslation();
  const api = useApi();
  const query = useInfiniteQuery({
    queryKey: ['timeline', owner, id, pageSize],
    queryFn: ({ pageParam }) =>
      api.timeline(owner, id, { limit: pageSize, ...(pageParam === null ? {} : { cursor: pageParam }) }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => (last.has_more ? last.next_cursor : null),
  });
  if (query.isPending) return <RowsSkeleton />;
  if (query.isError) return <ErrorState error={query.error} retry={() => void query.refetch()} />;
  const entries = [...new Map(query.data.pages.flatMap((page) => page.data).map((e) => [e.index, e])).values()];
  if (entries.length === 0) return <EmptyState title={t('timeline.empty')} next={t('timeline.emptyNext')} />;
  return (
    <div data-testid="timeline">
      <ol className="tt-lines">
        {entries.map((entry) => (
          <TrailLine key={entry.index} entry={entry} />
        ))}
      </ol>
      <div className="tt-more">
        {query.hasNextPage ? (
          <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {t('common.more')}
          </Button>
        ) : (
          <span className="tt-soft">{t('common.end')}</span>
        )}
      </div>
    </div>
  );
}
