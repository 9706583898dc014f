import { Button, Table } from '@mantine/core';
import { IconDownload, IconReceipt } from '@tabler/icons-react';
import type { RetentionRun } from '@tagtrail/shared/api/retention.js';
import { errorText } from '@tagtrail/shared/error.js';
import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../app/services.js';
import { statusOf } from '../../data/api-client.js';
import { EmptyState, ErrorState, RowsSkeleton } from '../../ui/page-states.js';
import { RecordTable } from '../../ui/record-table.js';
import { Section } from '../../ui/section.js';
import { TableFoot } from '../../ui/table-foot.js';
import { When } from '../../ui/when.js';
import { saveText } from './save-text.js';
import type { Sites } from './use-sites.js';

interface RunsProps {
  readonly sites: Sites;
  readonly mayDownload: boolean;
}

/** What the rules have done so far, each run with its signed receipt. */
export function RunsSection({ sites, mayDownload }: RunsProps) {
  const { t } = useTranslation();
  const api = useApi();
  const runs = useInfiniteQuery({
    queryKey: ['retention', 'runs'],
    queryFn: ({ pageParam }) => api.retentionRuns({ limit: 20, ...(pageParam === null ? {} : { cursor: pageParam }) }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => (last.has_more ? last.next_cursor : null),
  });
  const known = runs.data?.pages.flatMap((page) => page.data) ?? [];
  return (
    <Section title={t('settings.runs')} lead={t('retention.receiptsLead')} testId="retention-runs">
      {runs.isPending && <RowsSkeleton rows={3} />}
      {runs.isError && <ErrorState error={runs.error} retry={() => void runs.refetch()} />}
      {runs.isSuccess && known.length === 0 && (
        <EmptyState icon={IconReceipt} title={t('retention.receipts')} next={t('settings.runsEmpty')} />
      )}
      {known.length > 0 && (
        <>
          <RecordTable verticalSpacing="xs">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('settings.ranAt')}</Table.Th>
                <Table.Th>{t('settings.category')}</Table.Th>
                <Table.Th>{t('settings.action')}</Table.Th>
                <Table.Th className="tt-end">{t('settings.lines')}</Table.Th>
                <Table.Th>{t('settings.before')}</Table.Th>
                <Table.Th>{t('retention.rule')}</Table.Th>
                <Table.Th>{t('settings.trailLine')}</Table.Th>
                {mayDownload && <Table.Th>{t('retention.receipt')}</Table.Th>}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {known.map((run) => (
                <RunRow key={run.id} run={run} sites={sites} mayDownload={mayDownload} />
              ))}
            </Table.Tbody>
          </RecordTable>
          <TableFoot
            shown={known.length}
            more={runs.hasNextPage}
            loading={runs.isFetchingNextPage}
            onMore={() => void runs.fetchNextPage()}
          />
        </>
      )}
    </Section>
  );
}

function RunRow({ run, sites, mayDownload }: RunsProps & { readonly run: RetentionRun }) {
  const { t } = useTranslation();
  return (
    <Table.Tr data-run={run.id}>
      <Table.Td>
        <When at={run.ran_at} />
      </Table.Td>
      <Table.Td>
        {t(`category.${run.category}`)}
        {run.site !== null && <div className="tt-soft">{sites.name(run.site)}</div>}
      </Table.Td>
      <Table.Td>{t(`settings.${run.action}`)}</Table.Td>
      <Table.Td className="tt-figure tt-end">
        {t('retention.lines', { count: run.entries })}
        {run.held > 0 && <div className="tt-soft">{t('retention.heldBack', { count: run.held })}</div>}
      </Table.Td>
      <Table.Td>
        <When at={run.before} look="clock" />
      </Table.Td>
      <Table.Td>
        {t(`retention.sources.${run.source}`)}
        <div className="tt-soft">
          {t('retention.version', { version: run.version })}
          {run.reason !== null && ` · ${t(`retention.reasons.${run.reason}`)}`}
        </div>
      </Table.Td>
      <Table.Td className="tt-figure">#{run.index}</Table.Td>
      {mayDownload && (
        <Table.Td>
          <Receipt run={run} />
        </Table.Td>
      )}
    </Table.Tr>
  );
}

function Receipt({ run }: { run: RetentionRun }) {
  const { t } = useTranslation();
  const api = useApi();
  const download = useMutation({
    mutationFn: () => api.retentionReceipt(run.id),
    onSuccess: ({ note }) => saveText(`receipt-${run.id}.txt`, note),
  });
  return (
    <>
      <Button
        variant="default"
        size="xs"
        leftSection={<IconDownload size={14} aria-hidden />}
        loading={download.isPending}
        onClick={() => download.mutate()}
        aria-label={t('retention.receiptOf', { index: run.index })}
        data-testid="receipt"
      >
        {t('retention.receipt')}
      </Button>
      {download.error !== null && (
        <div role="alert">
          {statusOf(download.error) === 404 ? t('retention.receiptSoon') : errorText(download.error)}
        </div>
      )}
    </>
  );
}
