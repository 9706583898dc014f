import { Alert, Button, Group, Modal, Stack, Textarea } from '@mantine/core';
import type { LegalHold } from '@tagtrail/shared/api/retention.js';
import { errorText } from '@tagtrail/shared/error.js';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../app/services.js';

/** Ends a hold; why it may end is asked first and goes into its record. */
export function ReleaseDialog({ hold, onClose }: { hold: LegalHold; onClose: () => void }) {
  const { t } = useTranslation();
  const api = useApi();
  const queries = useQueryClient();
  const [reason, setReason] = useState('');
  const release = useMutation({
    mutationFn: () => api.releaseHold(hold.id, reason.trim()),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['retention'] });
      onClose();
    },
  });
  return (
    <Modal
      opened
      onClose={onClose}
      title={<strong>{t('retention.releaseTitle')}</strong>}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <Stack data-testid="release-dialog">
        <span>{t('retention.releaseText')}</span>
        <Textarea
          label={t('retention.releaseReason')}
          maxLength={200}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          data-testid="release-reason"
        />
        {release.error !== null && (
          <Alert color="red" role="alert">
            {errorText(release.error)}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('settings.cancel')}
          </Button>
          <Button
            disabled={reason.trim() === ''}
            loading={release.isPending}
            onClick={() => release.mutate()}
            data-testid="release-confirm"
          >
            {t('retention.release')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
