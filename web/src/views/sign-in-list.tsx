import { Button, Table } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useApi } from '../app/services.js';
import { ActionsHead } from '../ui/actions-head.js';
import { ErrorState, RowsSkeleton } from '../ui/page-states.js';
import { RecordTable } from '../ui/record-table.js';
import { Section } from '../ui/section.js';
import { When } from '../ui/when.js';

/** The browsers that are signed in as this person, each with a way to end it. */
export function SignInList() {
  const { t } = useTranslation();
  const api = useApi();
  const queries = useQueryClient();
  const list = useQuery({ queryKey: ['sign-ins'], queryFn: api.signIns });
  const end = useMutation({
    mutationFn: (id: string) => api.endSignIn(id),
    onSettled: () => queries.invalidateQueries({ queryKey: ['sign-ins'] }),
  });
  if (list.isPending) return <RowsSkeleton />;
  if (list.isError) return <ErrorState error={list.error} retry={() => void list.refetch()} />;
  return (
    <Section title={t('settings.signIns')} lead={t('settings.signInsLead')} testId="sign-ins">
      <RecordTable verticalSpacing="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('settings.browser')}</Table.Th>
            <Table.Th>{t('settings.address')}</Table.Th>
            <Table.Th>{t('settings.created')}</Table.Th>
            <Table.Th>{t('settings.used')}</Table.Th>
            <ActionsHead />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {list.data.data.map((signIn) => (
            <Table.Tr key={signIn.id} data-sign-in={signIn.id} data-current={signIn.current}>
              <Table.Td title={signIn.user_agent ?? ''}>
                {browserName(signIn.user_agent) ?? t('common.unknown')}
              </Table.Td>
              <Table.Td className="tt-figure">{signIn.ip ?? '–'}</Table.Td>
              <Table.Td>
                <When at={signIn.created_at} />
              </Table.Td>
              <Table.Td>
                <When at={signIn.last_used_at} />
              </Table.Td>
              <Table.Td className="tt-end">
                {signIn.current ? (
                  <strong>{t('settings.current')}</strong>
                ) : (
                  <Button variant="default" size="xs" loading={end.isPending} onClick={() => end.mutate(signIn.id)}>
                    {t('settings.endIt')}
                  </Button>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </RecordTable>
    </Section>
  );
}

/** `Firefox on Linux` out of a user agent text; null when it says nothing known. */
export function browserName(userAgent: string | null): string | null {
  if (userAgent === null) return null;
  const browser = /(Edg|OPR|Firefox|Chrome|Safari)\//.exec(userAgent)?.[1];
  const system = /(Windows|Android|iPhone|iPad|Mac OS X|Linux)/.exec(userAgent)?.[1];
  const name = browser === 'Edg' ? 'Edge' : browser === 'OPR' ? 'Opera' : browser;
  return [name, system].filter((part) => part !== undefined).join(' · ') || null;
}
