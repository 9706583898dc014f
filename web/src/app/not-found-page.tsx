import { Button } from '@mantine/core';
import { IconMapPinOff, IconMoodSad } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { LinkButton } from '../ui/link-button.js';
import { EmptyState } from '../ui/page-states.js';

/** A path that leads nowhere. */
export function NotFoundPage() {
  const { t } = useTranslation();
  return (
    <div data-testid="no-such-page">
      <h1 className="tt-hidden">{t('error.page')}</h1>
      <EmptyState
        icon={IconMapPinOff}
        title={t('error.page')}
        next={t('error.notFoundNext')}
        action={<LinkButton to="/">{t('error.home')}</LinkButton>}
      />
    </div>
  );
}

/** The same outside the frame of the pages. */
export function NowherePage() {
  return (
    <main>
      <NotFoundPage />
    </main>
  );
}

/** A page that failed while it was drawn: the frame stays, and there is a way out. */
export function PageFault() {
  const { t } = useTranslation();
  return (
    <EmptyState
      icon={IconMoodSad}
      title={t('error.title')}
      next={t('error.render')}
      action={<Button onClick={() => location.reload()}>{t('common.retry')}</Button>}
    />
  );
}
