import { TextInput, Title } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import type { PersonView } from '@tagtrail/shared/api/person.js';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { DataTable, type DataTableColumn } from 'mantine-datatable';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../app/services.js';
import { onEnter } from '../ui/on-enter.js';
import { EmptyState, ErrorState, RowsSkeleton } from '../ui/page-states.js';
import { PersonStatus } from '../ui/person-status.js';
import { TableFoot } from '../ui/table-foot.js';
import { When } from '../ui/when.js';

/** The people who use the cabinets. */
export function PeoplePage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { q } = useSearch({ from: '/inside/people' });
  const [text, setText] = useState(q ?? '');
  const later = useDebouncedCallback((value: string) => {
    void navigate({ to: '/people', search: value === '' ? {} : { q: value }, replace: true });
  }, 200);
  return (
    <>
      <header className="tt-page-head">
        <Title order={1} size={22}>
          {t('person.many')}
        </Title>
      </header>
      <search className="tt-filters">
        <TextInput
          aria-label={t('person.search')}
          placeholder={t('person.search')}
          leftSection={<IconSearch size={16} aria-hidden />}
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value);
            later(event.currentTarget.value.trim());
          }}
        />
      </search>
      <div className="tt-card">
        <PeopleRows q={q} />
      </div>
    </>
  );
}

function PeopleRows({ q }: { q: string | undefined }) {
  const { t } = useTranslation();
  const api = useApi();
  const navigate = useNavigate();
  const columns = usePersonColumns();
  const open = (person: PersonView): void => {
    void navigate({ to: '/people/$personId', params: { personId: person.id } });
  };
  const found = useInfiniteQuery({
    queryKey: ['people', 'list', q ?? ''],
    queryFn: ({ pageParam }) => api.people({ q, limit: 100, ...(pageParam === null ? {} : { cursor: pageParam }) }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => (last.has_more ? last.next_cursor : null),
    placeholderData: (previous) => previous,
  });
  if (found.isPending) return <RowsSkeleton rows={8} height={32} />;
  if (found.isError) return <ErrorState error={found.error} retry={() => void found.refetch()} />;
  const records = found.data.pages.flatMap((page) => page.data);
  if (records.length === 0) {
    return q === undefined ? (
      <EmptyState title={t('person.empty')} next={t('person.emptyNext')} />
    ) : (
      <EmptyState title={t('person.none')} next={t('person.noneNext')} />
    );
  }
  return (
    <div data-testid="people-table" data-rows={records.length}>
      <DataTable
        records={records}
        columns={columns}
        highlightOnHover
        verticalSpacing={6}
        customRowAttributes={(person) => ({ 'data-person': person.id, ...onEnter(() => open(person)) })}
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

function usePersonColumns(): DataTableColumn<PersonView>[] {
  const { t } = useTranslation();
  return useMemo(
    () => [
      {
        accessor: 'name',
        title: t('person.name'),
        render: (person) => <strong>{person.name ?? t('common.formerColleague')}</strong>,
      },
      { accessor: 'status', title: t('person.status'), render: (person) => <PersonStatus status={person.status} /> },
      {
        accessor: 'holding',
        title: t('person.holding'),
        textAlign: 'right',
        render: (person) => <span className="tt-figure">{person.holding}</span>,
      },
      {
        accessor: 'last_session_at',
        title: t('person.lastSession'),
        render: (person) => <When at={person.last_session_at} />,
      },
      { accessor: 'groups', title: t('person.groups'), render: (person) => person.groups.join(', ') || '–' },
    ],
    [t],
  );
}
