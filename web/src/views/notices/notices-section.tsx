import { Button, Table } from '@mantine/core';
import { IconFileText } from '@tabler/icons-react';
import type { NoticeView } from '@tagtrail/shared/api/notice.js';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../app/may.js';
import { useApi } from '../../app/services.js';
import { languageOf } from '../../text/text.js';
import { EmptyState, ErrorState, RowsSkeleton } from '../../ui/page-states.js';
import { RecordTable } from '../../ui/record-table.js';
import { Section } from '../../ui/section.js';
import { When } from '../../ui/when.js';
import { NoticeDialog } from './notice-dialog.js';

/** What the cabinets tell people about their data: the newest version in full, the earlier ones in a list. */
export function NoticesSection() {
  const { t } = useTranslation();
  const api = useApi();
  const mayPublish = useMay('admin');
  const [isWriting, setIsWriting] = useState(false);
  const list = useQuery({ queryKey: ['notices'], queryFn: () => api.notices({ limit: 20 }) });
  const [newest, ...earlier] = list.data?.data ?? [];
  return (
    <>
      <Section
        title={t('notices.title')}
        lead={t('notices.lead')}
        testId="notices"
        {...(mayPublish && {
          actions: (
            <Button variant="default" size="xs" onClick={() => setIsWriting(true)} data-testid="write-notice">
              {t('notices.write')}
            </Button>
          ),
        })}
      >
        {list.isPending && <RowsSkeleton rows={3} />}
        {list.isError && <ErrorState error={list.error} retry={() => void list.refetch()} />}
        {list.isSuccess && newest === undefined && (
          <EmptyState icon={IconFileText} title={t('notices.none')} next={t('notices.noneNext')} />
        )}
        {newest !== undefined && <Notice notice={newest} />}
      </Section>
      {earlier.length > 0 && (
        <Section title={t('notices.earlier')} testId="earlier-notices">
          <EarlierTable notices={earlier} />
        </Section>
      )}
      {isWriting && <NoticeDialog before={newest ?? null} onClose={() => setIsWriting(false)} />}
    </>
  );
}

function Notice({ notice }: { notice: NoticeView }) {
  const { t, i18n } = useTranslation();
  const language = languageOf(i18n);
  const changes = notice.changes[language];
  return (
    <div className="tt-notice-text" data-notice={notice.version}>
      <p>
        <strong>{t('notices.version', { version: notice.version })}</strong> · <When at={notice.published_at} /> ·{' '}
        {t('notices.seenBy', { count: notice.acknowledged })}
      </p>
      {changes.length > 0 && (
        <ul>
          {changes.map((change) => (
            <li key={change}>{change}</li>
          ))}
        </ul>
      )}
      <blockquote>{notice.text[language]}</blockquote>
      {notice.contact !== null && <p className="tt-soft">{t('notices.ask', { contact: notice.contact })}</p>}
    </div>
  );
}

function EarlierTable({ notices }: { notices: readonly NoticeView[] }) {
  const { t, i18n } = useTranslation();
  return (
    <RecordTable verticalSpacing="xs">
      <Table.Tbody>
        {notices.map((notice) => (
          <Table.Tr key={notice.version} data-notice={notice.version}>
            <Table.Td>
              <strong>{t('notices.version', { version: notice.version })}</strong>
            </Table.Td>
            <Table.Td>
              <When at={notice.published_at} />
            </Table.Td>
            <Table.Td>{t('notices.seenBy', { count: notice.acknowledged })}</Table.Td>
            <Table.Td>
              <details>
                <summary>{t('notices.read')}</summary>
                <blockquote>{notice.text[languageOf(i18n)]}</blockquote>
              </details>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </RecordTable>
  );
}
