import { Button, Group, Table } from '@mantine/core';
import { IconCheck, IconHourglass, IconX } from '@tabler/icons-react';
import type { RetentionChange, RetentionRule } from '@tagtrail/shared/api/retention.js';
import { errorText } from '@tagtrail/shared/error.js';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../app/services.js';
import { ActionsHead } from '../../ui/actions-head.js';
import { Badge, type Tone } from '../../ui/badge.js';
import { ErrorState } from '../../ui/page-states.js';
import { RecordTable } from '../../ui/record-table.js';
import { Section } from '../../ui/section.js';
import { When } from '../../ui/when.js';
import { RehearsalSentences } from './rehearsal-result.js';
import type { Sites } from './use-sites.js';

interface ChangesProps {
  readonly ownId: string;
  readonly rules: readonly RetentionRule[];
  readonly sites: Sites;
}

/** Changes that take a second administrator; nothing is shown while none ever did. */
export function ChangesSection(props: ChangesProps) {
  const { t } = useTranslation();
  const api = useApi();
  const [all, setAll] = useState(false);
  const changes = useQuery({
    queryKey: ['retention', 'changes'],
    queryFn: () => api.retentionChanges({ limit: 50 }),
  });
  if (changes.isPending) return null;
  if (changes.isError) return <ErrorState error={changes.error} retry={() => void changes.refetch()} />;
  const known = changes.data.data;
  if (known.length === 0) return null;
  const shown = known.filter(({ status }) => all || status === 'waiting');
  return (
    <Section
      title={t('retention.changes')}
      lead={t(shown.length === 0 ? 'retention.changesEmpty' : 'retention.changesLead')}
      testId="retention-changes"
      {...(!all &&
        known.some(({ status }) => status !== 'waiting') && {
          actions: (
            <Button variant="subtle" size="xs" onClick={() => setAll(true)}>
              {t('retention.showDecided')}
            </Button>
          ),
        })}
    >
      {shown.length > 0 && (
        <RecordTable verticalSpacing="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('retention.change')}</Table.Th>
              <Table.Th>{t('retention.effect')}</Table.Th>
              <Table.Th>{t('retention.askedBy')}</Table.Th>
              <Table.Th>{t('retention.expires')}</Table.Th>
              <ActionsHead />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {shown.map((change) => (
              <ChangeRow key={change.id} change={change} {...props} />
            ))}
          </Table.Tbody>
        </RecordTable>
      )}
    </Section>
  );
}

function ChangeRow({ change, ownId, rules, sites }: ChangesProps & { readonly change: RetentionChange }) {
  const { t } = useTranslation();
  const before = rules.find(({ category, site }) => category === change.category && site === change.site);
  const kept = (days: number | null): string =>
    days === null ? t('settings.forever') : t('common.day', { count: days });
  return (
    <Table.Tr data-change={change.id} data-status={change.status}>
      <Table.Td>
        <strong>{t(`category.${change.category}`)}</strong>
        {change.site !== null && `, ${sites.name(change.site)}`}
        <div className="tt-figure">
          {change.status === 'waiting' && before !== undefined && `${kept(before.keep_days)} → `}
          {kept(change.keep_days)}
          {change.keep_days !== null && ` · ${t(`settings.${change.action}`)}`}
        </div>
        <div className="tt-soft">{t(`retention.sources.${change.source}`)}</div>
      </Table.Td>
      <Table.Td>
        <RehearsalSentences result={change.rehearsal} />
      </Table.Td>
      <Table.Td>
        {change.asked_by.name ?? t('common.formerColleague')}
        <div className="tt-soft">
          <When at={change.asked_at} />
        </div>
      </Table.Td>
      <Table.Td>
        <When at={change.expires_at} look="clock" />
      </Table.Td>
      <Table.Td className="tt-end">
        {change.status === 'waiting' ? (
          <Verdict change={change} isOwn={change.asked_by.id === ownId} />
        ) : (
          <Decided change={change} />
        )}
      </Table.Td>
    </Table.Tr>
  );
}

function Verdict({ change, isOwn }: { change: RetentionChange; isOwn: boolean }) {
  const { t } = useTranslation();
  const api = useApi();
  const queries = useQueryClient();
  const decide = useMutation({
    mutationFn: (verdict: 'approve' | 'reject') => api.decideChange(change.id, verdict),
    onSettled: () => queries.invalidateQueries({ queryKey: ['retention'] }),
  });
  return (
    <>
      <Group gap="xs" justify="flex-end" wrap="nowrap">
        <Button
          variant="default"
          size="xs"
          disabled={decide.isPending}
          onClick={() => decide.mutate('reject')}
          data-testid="reject-change"
        >
          {isOwn ? t('retention.withdraw') : t('retention.reject')}
        </Button>
        {!isOwn && (
          <Button
            size="xs"
            loading={decide.isPending}
            onClick={() => decide.mutate('approve')}
            data-testid="approve-change"
          >
            {t('retention.approve')}
          </Button>
        )}
      </Group>
      {isOwn && <div className="tt-soft">{t('retention.yourOwn')}</div>}
      {decide.error !== null && <div role="alert">{errorText(decide.error)}</div>}
    </>
  );
}

const looks: Readonly<Record<RetentionChange['status'], { tone: Tone; icon: typeof IconCheck }>> = {
  waiting: { tone: 'due', icon: IconHourglass },
  approved: { tone: 'ok', icon: IconCheck },
  rejected: { tone: 'mute', icon: IconX },
  withdrawn: { tone: 'mute', icon: IconX },
  expired: { tone: 'mute', icon: IconHourglass },
};

function Decided({ change }: { change: RetentionChange }) {
  const { t } = useTranslation();
  return (
    <>
      <Badge {...looks[change.status]} label={t(`retention.changeStatus.${change.status}`)} />
      {change.decided_at !== null && (
        <div className="tt-soft">
          {t('retention.decided')} <When at={change.decided_at} /> · {change.decided_by?.name}
        </div>
      )}
    </>
  );
}
