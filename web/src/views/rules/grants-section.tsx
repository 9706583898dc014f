import { Button, Table } from '@mantine/core';
import { IconBan, IconCircleCheck, IconKey } from '@tabler/icons-react';
import type { Reference } from '@tagtrail/shared/api/common.js';
import type { GrantView } from '@tagtrail/shared/api/grant.js';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../app/services.js';
import { ActionsHead } from '../../ui/actions-head.js';
import { Badge } from '../../ui/badge.js';
import { DecisionDialog } from '../../ui/decision-dialog.js';
import { EmptyState, ErrorState, RowsSkeleton } from '../../ui/page-states.js';
import { RecordTable } from '../../ui/record-table.js';
import { PersonLink } from '../../ui/references.js';
import { Section } from '../../ui/section.js';
import { TableFoot } from '../../ui/table-foot.js';
import { GrantDialog } from './grant-dialog.js';
import { useGrantWords } from './grant-words.js';

interface GrantsProps {
  /** Only those for this person, on the page of that person. */
  readonly person?: Reference;
  readonly mayChange: boolean;
}

/** Rights beyond groups: who may or may not take what, when, and why. */
export function GrantsSection({ person, mayChange }: GrantsProps) {
  const { t } = useTranslation();
  const api = useApi();
  const [isAdding, setIsAdding] = useState(false);
  const [ending, setEnding] = useState<GrantView | null>(null);
  const query = person === undefined ? {} : { person_id: person.id };
  const list = useInfiniteQuery({
    queryKey: ['rules', 'grants', query],
    queryFn: ({ pageParam }) =>
      api.grants({ ...query, limit: 50, ...(pageParam === null ? {} : { cursor: pageParam }) }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => (last.has_more ? last.next_cursor : null),
  });
  const grants = list.data?.pages.flatMap((page) => page.data) ?? [];
  return (
    <Section
      title={t('grant.many')}
      lead={t('grant.lead')}
      testId="grants"
      {...(mayChange && {
        actions: (
          <Button variant="default" size="xs" onClick={() => setIsAdding(true)} data-testid="add-grant">
            {t('grant.add')}
          </Button>
        ),
      })}
    >
      {list.isPending && <RowsSkeleton rows={2} />}
      {list.isError && <ErrorState error={list.error} retry={() => void list.refetch()} />}
      {list.isSuccess && grants.length === 0 && (
        <EmptyState icon={IconKey} title={t('grant.none')} next={t('grant.noneNext')} />
      )}
      {grants.length > 0 && (
        <>
          <GrantTable grants={grants} showWho={person === undefined} onEnd={mayChange ? setEnding : null} />
          <TableFoot
            shown={grants.length}
            more={list.hasNextPage}
            loading={list.isFetchingNextPage}
            onMore={() => void list.fetchNextPage()}
          />
        </>
      )}
      {isAdding && <GrantDialog person={person ?? null} onClose={() => setIsAdding(false)} />}
      {ending !== null && <EndDialog grant={ending} onClose={() => setEnding(null)} />}
    </Section>
  );
}

interface TableProps {
  readonly grants: readonly GrantView[];
  readonly showWho: boolean;
  /** Null for whoever may only look. */
  readonly onEnd: ((grant: GrantView) => void) | null;
}

export function GrantTable({ grants, showWho, onEnd }: TableProps) {
  const { t } = useTranslation();
  const words = useGrantWords();
  return (
    <RecordTable verticalSpacing="sm">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('grant.effect')}</Table.Th>
          {showWho && <Table.Th>{t('grant.who')}</Table.Th>}
          <Table.Th>{t('grant.what')}</Table.Th>
          <Table.Th>{t('grant.when')}</Table.Th>
          <Table.Th>{t('grant.why')}</Table.Th>
          {onEnd !== null && <ActionsHead />}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {grants.map((grant) => (
          <Table.Tr key={grant.id} data-grant={grant.id} data-effect={grant.effect}>
            <Table.Td>
              <Badge
                tone={grant.effect === 'allow' ? 'ok' : 'bad'}
                icon={grant.effect === 'allow' ? IconCircleCheck : IconBan}
                label={t(`grant.${grant.effect}`)}
              />
            </Table.Td>
            {showWho && (
              <Table.Td>
                {grant.group === null ? (
                  <PersonLink person={grant.person} />
                ) : (
                  t('grant.groupOf', { name: grant.group })
                )}
              </Table.Td>
            )}
            <Table.Td>{words.what(grant)}</Table.Td>
            <Table.Td>{words.when(grant)}</Table.Td>
            <Table.Td>{grant.note ?? <span className="tt-soft">–</span>}</Table.Td>
            {onEnd !== null && (
              <Table.Td className="tt-end">
                <Button variant="default" size="xs" onClick={() => onEnd(grant)} data-testid="end-grant">
                  {t('grant.end')}
                </Button>
              </Table.Td>
            )}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </RecordTable>
  );
}

function EndDialog({ grant, onClose }: { grant: GrantView; onClose: () => void }) {
  const { t } = useTranslation();
  const api = useApi();
  return (
    <DecisionDialog
      title={t('grant.endTitle')}
      text={t(grant.effect === 'allow' ? 'grant.endAllow' : 'grant.endDeny')}
      confirm={t('grant.end')}
      decide={() => api.endGrant(grant.id)}
      touches={['rules']}
      onClose={onClose}
    />
  );
}
