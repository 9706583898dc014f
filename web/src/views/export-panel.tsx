import { Button, Group } from '@mantine/core';
import { IconDownload, IconFileCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { LinkButton } from '../ui/link-button.js';
import { Section } from '../ui/section.js';

/** Takes the trail out as a file, and the way to the page that checks one. */
export function ExportPanel() {
  const { t } = useTranslation();
  return (
    <Section title={t('settings.export')} lead={t('settings.exportLead')} testId="export">
      <Group gap="sm" px="md" pb="sm">
        <Button
          component="a"
          href="/v1/trail/export"
          download
          leftSection={<IconDownload size={16} aria-hidden />}
          data-testid="export-trail"
        >
          {t('settings.exportNow')}
        </Button>
        <LinkButton to="/verify" variant="default" leftSection={<IconFileCheck size={16} aria-hidden />}>
          {t('verify.title')}
        </LinkButton>
      </Group>
    </Section>
  );
}
