import { Button, Table } from '@mantine/core';
import type { RetentionRule } from '@tagtrail/shared/api/retention.js';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../app/services.js';
import { EmptyState, ErrorState, RowsSkeleton } from '../ui/page-states.js';
import { When } from '../ui/when.js';
import { RetentionDialog } from './retention-dialog.js';

/** The rules, one for each kind of line, and what they have done so far. */
export function RetentionSettings() {
  const { t } = useTranslation();
  const api = useApi();
  const rules = useQuery({ queryKey: ['retention', 'rules'], queryFn: api.retentionRules });
  const me = useQuery({ queryKey: ['me'], queryFn: api.me, staleTime: Number.POSITIVE_INFINITY });
  const [edited, setEdited] = useState<RetentionRule | null>(null);
  if (rules.isPending) return <RowsSkeleton />;
  if (rules.isError) return <ErrorState error={rules.error} retry={() => void rules.refetch()} />;
  const mayChange = me.data?.role === 'admin';
  return (
    <>
      <section className="tt-card">
        <p className="tt-lead">
          {t('settings.retentionLead')} {!mayChange && t('settings.viewerOnly')}
        </p>
        <Table verticalSpacing="sm" horizontalSpacing="md">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('settings.category')}</Table.Th>
              <Table.Th>{t('settings.keep')}</Table.Th>
              <Table.Th>{t('settings.afterwards')}</Table.Th>
              <Table.Th>{t('settings.changed')}</Table.Th>
              <Table.Th />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rules.data.data.map((rule) => (
              <Table.Tr key={rule.category} data-category={rule.category} data-keep-days={rule.keep_days ?? 'forever'}>
                <Table.Td>
                  <strong>{t(`category.${rule.category}`)}</strong>
                </Table.Td>
                <Table.Td className="tt-figure">
                  {rule.keep_days === null ? t('settings.forever') : t('common.day', { count: rule.keep_days })}
                </Table.Td>
                <Table.Td>{rule.keep_days === null ? '–' : t(`settings.${rule.action}`)}</Table.Td>
                <Table.Td>
                  {rule.updated_at === null ? t('settings.neverChanged') : <When at={rule.updated_at} />}
                </Table.Td>
                <Table.Td ta="right">
                  {mayChange && (
                    <Button
                      variant="default"
                      size="xs"
                      onClick={() => setEdited(rule)}
                      aria-label={t('settings.editOf', { category: t(`category.${rule.category}`) })}
                    >
                      {t('settings.edit')}
                    </Button>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </section>
      <Runs />
      {edited !== null && <RetentionDialog rule={edited} onClose={() => setEdited(null)} />}
    </>
  );
}

function Runs() {
  const { t } = useTranslation();
  const api = useApi();
  const runs = useQuery({ queryKey: ['retention', 'runs'], queryFn: () => api.retentionRuns({ limit: 20 }) });
  return (
    <section className="tt-card">
      <h2 className="tt-section-title">{t('settings.runs')}</h2>
      {runs.isPending && <RowsSkeleton rows={3} />}
      {runs.isError && <ErrorState error={runs.error} retry={() => void runs.refetch()} />}
      {runs.data?.data.length === 0 && <EmptyState title={t('settings.runs')} next={t('settings.runsEmpty')} />}
      {runs.data !== undefined && runs.data.data.length > 0 && (
        <Table verticalSpacing="xs" horizontalSpacing="md">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('settings.ranAt')}</Table.Th>
              <Table.Th>{t('settings.category')}</Table.Th>
              <Table.Th>{t('settings.action')}</Table.Th>
              <Table.Th ta="right">{t('settings.lines')}</Table.Th>
              <Table.Th>{t('settings.before')}</Table.Th>
              <Table.Th>{t('settings.trailLine')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {runs.data.data.map((run) => (
              <Table.Tr key={run.id} data-run={run.id}>
                <Table.Td>
                  <When at={run.ran_at} />
                </Table.Td>
                <Table.Td>{t(`category.${run.category}`)}</Table.Td>
                <Table.Td>{t(`settings.${run.action}`)}</Table.Td>
                <Table.Td ta="right" className="tt-figure">
                  {run.entries}
                </Table.Td>
                <Table.Td>
                  <When at={run.before} look="clock" />
                </Table.Td>
                <Table.Td className="tt-figure">#{run.index}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </section>
  );
}
