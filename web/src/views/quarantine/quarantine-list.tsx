import { Button, Group, SegmentedControl, Table } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { type QuarantineView, quarantineState } from '@tagtrail/shared/api/quarantine.js';
import { codeText } from '@tagtrail/shared/events/describe.js';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../app/services.js';
import { languageOf } from '../../text/text.js';
import { EpcCode } from '../../ui/epc-code.js';
import { EmptyState, ErrorState, RowsSkeleton } from '../../ui/page-states.js';
import { RecordTable } from '../../ui/record-table.js';
import { CabinetLink } from '../../ui/references.js';
import { Section } from '../../ui/section.js';
import { TableFoot } from '../../ui/table-foot.js';
import { When } from '../../ui/when.js';
import { AdoptDialog } from './adopt-dialog.js';
import { RejectDialog } from './reject-dialog.js';

interface Deciding {
  readonly record: QuarantineView;
  readonly how: 'adopt' | 'reject';
}

/** What arrived and could not be believed, and tags that nobody registered: what is open first. */
export function QuarantineList() {
  const { t } = useTranslation();
  const api = useApi();
  const [state, setState] = useState<QuarantineView['state']>('open');
  const [deciding, setDeciding] = useState<Deciding | null>(null);
  const me = useQuery({ queryKey: ['me'], queryFn: api.me });
  const list = useInfiniteQuery({
    queryKey: ['quarantine', state],
    queryFn: ({ pageParam }) =>
      api.quarantine({ limit: 50, state, ...(pageParam === null ? {} : { cursor: pageParam }) }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => (last.has_more ? last.next_cursor : null),
  });
  const role = me.data?.role;
  const mayDecide = ({ reason }: QuarantineView): boolean =>
    role === 'admin' || (role === 'manager' && reason === 'unknown_tag');
  const close = (): void => setDeciding(null);
  const records = list.data?.pages.flatMap((page) => page.data) ?? [];
  return (
    <Section
      title={t('settings.quarantine')}
      lead={t('settings.quarantineLead')}
      testId="quarantine"
      actions={
        <SegmentedControl
          size="xs"
          aria-label={t('quarantine.show')}
          value={state}
          onChange={(next) => setState(quarantineState.parse(next))}
          data={quarantineState.options.map((value) => ({ value, label: t(`quarantine.state.${value}`) }))}
        />
      }
    >
      {list.isPending && <RowsSkeleton />}
      {list.isError && <ErrorState error={list.error} retry={() => void list.refetch()} />}
      {list.isSuccess && records.length === 0 && (
        <EmptyState icon={IconCircleCheck} title={t('home.calm')} next={t('settings.quarantineEmpty')} />
      )}
      {records.length > 0 && (
        <>
          <RecordTable verticalSpacing="xs">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('quarantine.when')}</Table.Th>
                <Table.Th>{t('cabinet.one')}</Table.Th>
                <Table.Th>{t('quarantine.what')}</Table.Th>
                <Table.Th>{t('quarantine.decision')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {records.map((record) => (
                <Row key={record.id} record={record} may={mayDecide(record)} onDecide={setDeciding} />
              ))}
            </Table.Tbody>
          </RecordTable>
          <TableFoot
            shown={records.length}
            more={list.hasNextPage}
            loading={list.isFetchingNextPage}
            onMore={() => void list.fetchNextPage()}
          />
        </>
      )}
      {deciding?.how === 'adopt' && <AdoptDialog record={deciding.record} onClose={close} />}
      {deciding?.how === 'reject' && <RejectDialog record={deciding.record} onClose={close} />}
    </Section>
  );
}

interface RowProps {
  readonly record: QuarantineView;
  readonly may: boolean;
  readonly onDecide: (deciding: Deciding) => void;
}

const adoptable = new Set(['unknown_tag', 'unknown_cabinet', 'bad_content']);

function Row({ record, may, onDecide }: RowProps) {
  const { t, i18n } = useTranslation();
  const canAdopt = adoptable.has(record.reason);
  return (
    <Table.Tr data-quarantine={record.id} data-state={record.state}>
      <Table.Td>
        <When at={record.last_at} />
      </Table.Td>
      <Table.Td>
        <CabinetLink cabinet={record.cabinet} />
      </Table.Td>
      <Table.Td>
        <strong className="tt-sentence">{codeText(record.reason, languageOf(i18n))}</strong>{' '}
        <span className="tt-soft">({t('quarantine.times', { count: record.occurrences })})</span>
        <div>
          {record.epc === null ? <span className="tt-soft">{record.detail}</span> : <EpcCode value={record.epc} />}
        </div>
      </Table.Td>
      <Table.Td>
        {record.state !== 'open' && <Decided record={record} />}
        {record.state === 'open' && may && (
          <Group gap="xs">
            {canAdopt ? (
              <Button size="xs" onClick={() => onDecide({ record, how: 'adopt' })} data-testid="adopt">
                {t('quarantine.adopt')}
              </Button>
            ) : (
              <span className="tt-soft">{t('quarantine.neverAdopted')}</span>
            )}
            <Button
              size="xs"
              variant="default"
              onClick={() => onDecide({ record, how: 'reject' })}
              data-testid="reject"
            >
              {t('quarantine.reject')}
            </Button>
          </Group>
        )}
      </Table.Td>
    </Table.Tr>
  );
}

function Decided({ record }: { record: QuarantineView }) {
  const { t } = useTranslation();
  const said = [record.asset?.name, record.note, record.decided_by?.name ?? t('quarantine.byItself')];
  return (
    <>
      {record.decided_at !== null && <When at={record.decided_at} />}{' '}
      <span className="tt-soft">{said.filter((part) => part !== null && part !== undefined).join(' · ')}</span>
    </>
  );
}
