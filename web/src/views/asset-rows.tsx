import type { AssetView } from '@tagtrail/shared/api/asset.js';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { DataTable, type DataTableColumn } from 'mantine-datatable';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../app/services.js';
import type { Query } from '../data/api-client.js';
import { StateBadge } from '../ui/badge.js';
import { EpcCode } from '../ui/epc-code.js';
import { onEnter } from '../ui/on-enter.js';
import { EmptyState, ErrorState, RowsSkeleton } from '../ui/page-states.js';
import { PersonLink, WhereLink } from '../ui/references.js';
import { TableFoot } from '../ui/table-foot.js';
import { When } from '../ui/when.js';

/** Tools as a dense table; a row opens its side panel or its page. */
export function AssetRows({
  query,
  onOpen,
  height,
}: {
  query: Query;
  onOpen?: (asset: AssetView) => void;
  height?: string;
}) {
  const { t } = useTranslation();
  const api = useApi();
  const navigate = useNavigate();
  const columns = useAssetColumns();
  const open = (asset: AssetView): void => {
    if (onOpen !== undefined) onOpen(asset);
    else void navigate({ to: '/assets/$assetId', params: { assetId: asset.id } });
  };
  const found = useInfiniteQuery({
    queryKey: ['assets', 'list', query],
    queryFn: ({ pageParam }) =>
      api.assets({ ...query, limit: 100, ...(pageParam === null ? {} : { cursor: pageParam }) }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => (last.has_more ? last.next_cursor : null),
    placeholderData: (previous) => previous,
  });
  if (found.isPending) return <RowsSkeleton rows={8} height={32} />;
  if (found.isError) return <ErrorState error={found.error} retry={() => void found.refetch()} />;
  const records = found.data.pages.flatMap((page) => page.data);
  if (records.length === 0) {
    const filtered = Object.values(query).some((value) => value !== undefined && value !== '');
    return filtered ? (
      <EmptyState title={t('asset.none')} next={t('asset.noneNext')} />
    ) : (
      <EmptyState title={t('asset.empty')} next={t('asset.emptyNext')} />
    );
  }
  return (
    <div data-testid="assets-table" data-rows={records.length}>
      <DataTable
        records={records}
        columns={columns}
        idAccessor="id"
        highlightOnHover
        verticalSpacing={6}
        {...(height === undefined ? {} : { height })}
        customRowAttributes={(asset) => ({
          'data-asset': asset.id,
          'data-state': asset.state,
          ...onEnter(() => open(asset)),
        })}
        onRowClick={({ record }) => open(record)}
      />
      <TableFoot
        shown={records.length}
        more={found.hasNextPage}
        loading={found.isFetchingNextPage}
        onMore={() => void found.fetchNextPage()}
      />
    </div>
  );
}

function useAssetColumns(): DataTableColumn<AssetView>[] {
  const { t } = useTranslation();
  return useMemo(
    () => [
      {
        accessor: 'name',
        title: t('asset.name'),
        render: (asset) => (
          <span className="tt-name">
            <strong>{asset.name}</strong>
            <small>{[asset.model, asset.serial].filter((text) => text !== null).join(' · ')}</small>
          </span>
        ),
      },
      {
        accessor: 'state',
        title: t('asset.state'),
        render: (asset) => <StateBadge state={asset.state} fresh={asset.fresh} />,
      },
      { accessor: 'holder', title: t('asset.holder'), render: (asset) => <PersonLink person={asset.holder} /> },
      { accessor: 'cabinet', title: t('asset.where'), render: (asset) => <WhereLink asset={asset} /> },
      {
        accessor: 'site',
        title: t('asset.site'),
        visibleMediaQuery: '(min-width: 1100px)',
        render: (asset) => asset.site?.name ?? '–',
      },
      {
        accessor: 'since',
        title: t('asset.since'),
        render: (asset) => (asset.since === null ? '–' : <When at={asset.since} />),
      },
      {
        accessor: 'epc',
        title: t('asset.epc'),
        visibleMediaQuery: '(min-width: 1100px)',
        render: (asset) => <EpcCode value={asset.epc} />,
      },
    ],
    [t],
  );
}
