import { Button, Skeleton, Stack } from '@mantine/core';
import { type Icon, IconCloudOff, IconMoodEmpty, IconRefresh, IconZoomQuestion } from '@tabler/icons-react';
import { errorText, isAppError } from '@tagtrail/shared/error.js';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { problemOf, statusOf } from '../data/api-client.js';

interface NoticeProps {
  readonly icon: Icon;
  readonly title: string;
  readonly text: string;
  readonly action?: ReactNode;
  readonly testId: string;
}

function Notice({ icon: Glyph, title, text, action, testId }: NoticeProps) {
  return (
    <Stack align="center" gap={8} className="tt-notice" data-testid={testId}>
      <Glyph size={36} stroke={1.4} aria-hidden />
      <strong>{title}</strong>
      <span className="tt-soft">{text}</span>
      {action}
    </Stack>
  );
}

/** Nothing is here: what this is, and the one next step. */
export function EmptyState(props: { title: string; next: string; action?: ReactNode; icon?: Icon }) {
  return (
    <Notice
      icon={props.icon ?? IconMoodEmpty}
      title={props.title}
      text={props.next}
      testId="empty"
      {...(props.action === undefined ? {} : { action: props.action })}
    />
  );
}

/** What happened, what to do, and the way to try again. */
export function ErrorState({ error, retry }: { error: unknown; retry: () => void }) {
  const { t } = useTranslation();
  if (statusOf(error) === 404) {
    return (
      <Notice icon={IconZoomQuestion} title={t('error.notFound')} text={t('error.notFoundNext')} testId="not-found" />
    );
  }
  const text = isAppError(error, 'api.unreachable') ? t('error.unreachable') : errorText(error);
  const problem = problemOf(error);
  return (
    <div role="alert">
      <Notice
        icon={IconCloudOff}
        title={t('error.title')}
        text={problem === null ? text : `${text} ${t('error.reference', { id: problem.request_id })}`}
        testId="error"
        action={
          <Button variant="default" leftSection={<IconRefresh size={16} aria-hidden />} onClick={retry}>
            {t('common.retry')}
          </Button>
        }
      />
    </div>
  );
}

/** Rows of the shape that is coming. */
export function RowsSkeleton({ rows = 6, height = 36 }: { rows?: number; height?: number }) {
  const { t } = useTranslation();
  return (
    <Stack gap={10} p="md" aria-busy="true" aria-label={t('common.loading')} data-testid="loading">
      {Array.from({ length: rows }, (_, row) => `row-${row}`).map((key) => (
        <Skeleton key={key} height={height} radius="md" />
      ))}
    </Stack>
  );
}
