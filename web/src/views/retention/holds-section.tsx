import { Button, Group, Table } from '@mantine/core';
import { IconClockExclamation, IconLock, IconLockOpen } from '@tabler/icons-react';
import type { LegalHold } from '@tagtrail/shared/api/retention.js';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../app/services.js';
import { dayText } from '../../data/time-text.js';
import { languageOf } from '../../text/text.js';
import { ActionsHead } from '../../ui/actions-head.js';
import { Badge } from '../../ui/badge.js';
import { EmptyState, ErrorState, RowsSkeleton } from '../../ui/page-states.js';
import { RecordTable } from '../../ui/record-table.js';
import { Section } from '../../ui/section.js';
import { TableFoot } from '../../ui/table-foot.js';
import { useWhenText } from '../../ui/when.js';
import { HoldDialog } from './hold-dialog.js';
import { ReleaseDialog } from './release-dialog.js';
import type { Sites } from './use-sites.js';

interface HoldsProps {
  readonly seesAllSites: boolean;
  readonly sites: Sites;
}

/** What no rule may take, and why. */
export function HoldsSection({ seesAllSites, sites }: HoldsProps) {
  const { t } = useTranslation();
  const [isPlacing, setIsPlacing] = useState(false);
  return (
    <Section
      title={t('retention.holds')}
      lead={`${t('retention.holdsLead')} ${seesAllSites ? '' : t('retention.holdsAllSites')}`}
      testId="legal-holds"
      {...(seesAllSites && {
        actions: (
          <Button variant="default" size="xs" onClick={() => setIsPlacing(true)} data-testid="place-hold">
            {t('retention.placeHold')}
          </Button>
        ),
      })}
    >
      {seesAllSites && <HoldList />}
      {isPlacing && <HoldDialog sites={sites} onClose={() => setIsPlacing(false)} />}
    </Section>
  );
}

function HoldList() {
  const { t } = useTranslation();
  const api = useApi();
  const [all, setAll] = useState(false);
  const [ending, setEnding] = useState<LegalHold | null>(null);
  const list = useInfiniteQuery({
    queryKey: ['retention', 'holds'],
    queryFn: ({ pageParam }) => api.holds({ limit: 50, ...(pageParam === null ? {} : { cursor: pageParam }) }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => (last.has_more ? last.next_cursor : null),
  });
  if (list.isPending) return <RowsSkeleton rows={2} />;
  if (list.isError) return <ErrorState error={list.error} retry={() => void list.refetch()} />;
  const known = list.data.pages.flatMap((page) => page.data);
  const shown = known.filter(({ released_at }) => all || released_at === null);
  return (
    <>
      {shown.length === 0 ? (
        <EmptyState icon={IconLockOpen} title={t('retention.holds')} next={t('retention.holdsEmpty')} />
      ) : (
        <RecordTable verticalSpacing="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('retention.held')}</Table.Th>
              <Table.Th>{t('retention.holdReason')}</Table.Th>
              <Table.Th>{t('retention.reviewOn')}</Table.Th>
              <Table.Th>{t('retention.placed')}</Table.Th>
              <ActionsHead />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {shown.map((hold) => (
              <HoldRow key={hold.id} hold={hold} onRelease={() => setEnding(hold)} />
            ))}
          </Table.Tbody>
        </RecordTable>
      )}
      <Group justify="center" gap="xs">
        {!all && known.length > shown.length && (
          <Button variant="subtle" size="xs" onClick={() => setAll(true)}>
            {t('retention.showReleased')}
          </Button>
        )}
      </Group>
      {list.hasNextPage && (
        <TableFoot
          shown={known.length}
          more
          loading={list.isFetchingNextPage}
          onMore={() => void list.fetchNextPage()}
        />
      )}
      {ending !== null && <ReleaseDialog hold={ending} onClose={() => setEnding(null)} />}
    </>
  );
}

function HoldRow({ hold, onRelease }: { hold: LegalHold; onRelease: () => void }) {
  const { t, i18n } = useTranslation();
  const whenText = useWhenText();
  const language = languageOf(i18n);
  const by = (when: string, name: string | null | undefined): string =>
    t('retention.placedBy', { when: whenText(when), name: name ?? t('common.formerColleague') });
  return (
    <Table.Tr data-hold={hold.id} data-kind={hold.kind} data-released={hold.released_at !== null}>
      <Table.Td>
        <Badge
          tone={hold.released_at === null ? 'hold' : 'mute'}
          icon={hold.released_at === null ? IconLock : IconLockOpen}
          label={t(`retention.holdKind.${hold.kind}`)}
          title={t(hold.released_at === null ? 'retention.inForce' : 'retention.released')}
        />{' '}
        <strong>
          {hold.from !== null && hold.to !== null
            ? `${dayText(hold.from, language)} – ${dayText(hold.to, language)}`
            : (hold.subject?.name ?? hold.subject?.id)}
        </strong>
      </Table.Td>
      <Table.Td>
        {hold.reason}
        {hold.release_reason !== null && (
          <div className="tt-soft">
            {t('retention.released')}: {hold.release_reason}
          </div>
        )}
      </Table.Td>
      <Table.Td>
        <span className="tt-figure">{dayText(hold.review_on, language)}</span>
        {hold.review_over && (
          <div>
            <Badge tone="due" icon={IconClockExclamation} label={t('retention.reviewOver')} />
          </div>
        )}
      </Table.Td>
      <Table.Td className="tt-soft">{by(hold.placed_at, hold.placed_by.name)}</Table.Td>
      <Table.Td className="tt-end">
        {hold.released_at === null ? (
          <Button variant="default" size="xs" onClick={onRelease} data-testid="release-hold">
            {t('retention.release')}
          </Button>
        ) : (
          <span className="tt-soft">{by(hold.released_at, hold.released_by?.name)}</span>
        )}
      </Table.Td>
    </Table.Tr>
  );
}
