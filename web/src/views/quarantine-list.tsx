import { Table } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { codeText } from '@tagtrail/shared/events/describe.js';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useApi } from '../app/services.js';
import { languageOf } from '../text/text.js';
import { EmptyState, ErrorState, RowsSkeleton } from '../ui/page-states.js';
import { CabinetLink } from '../ui/references.js';
import { TableFoot } from '../ui/table-foot.js';
import { When } from '../ui/when.js';

/** What arrived and could not be believed. */
export function QuarantineList() {
  const { t, i18n } = useTranslation();
  const api = useApi();
  const list = useInfiniteQuery({
    queryKey: ['quarantine'],
    queryFn: ({ pageParam }) => api.quarantine({ limit: 50, ...(pageParam === null ? {} : { cursor: pageParam }) }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => (last.has_more ? last.next_cursor : null),
  });
  if (list.isPending) return <RowsSkeleton />;
  if (list.isError) return <ErrorState error={list.error} retry={() => void list.refetch()} />;
  const records = list.data.pages.flatMap((page) => page.data);
  return (
    <section className="tt-card">
      <p className="tt-lead">{t('settings.quarantineLead')}</p>
      {records.length === 0 ? (
        <EmptyState icon={IconCircleCheck} title={t('home.calm')} next={t('settings.quarantineEmpty')} />
      ) : (
        <>
          <Table verticalSpacing="xs" horizontalSpacing="md">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('settings.ranAt')}</Table.Th>
                <Table.Th>{t('cabinet.one')}</Table.Th>
                <Table.Th>{t('settings.reason')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {records.map((record) => (
                <Table.Tr key={record.id} data-quarantine={record.id}>
                  <Table.Td>
                    <When at={record.at} />
                  </Table.Td>
                  <Table.Td>
                    <CabinetLink cabinet={record.cabinet} />
                  </Table.Td>
                  <Table.Td>
                    <strong>{codeText(record.reason, languageOf(i18n))}</strong>{' '}
                    <span className="tt-soft">{record.detail}</span>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
          <TableFoot
            shown={records.length}
            more={list.hasNextPage}
            loading={list.isFetchingNextPage}
            onMore={() => void list.fetchNextPage()}
          />
        </>
      )}
    </section>
  );
}
