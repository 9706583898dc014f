import { Textarea } from '@mantine/core';
import type { LegalHold } from '@tagtrail/shared/api/retention.js';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../app/services.js';
import { DecisionDialog } from '../../ui/decision-dialog.js';

/** Ends a hold; why it may end is asked first and goes into its record. */
export function ReleaseDialog({ hold, onClose }: { hold: LegalHold; onClose: () => void }) {
  const { t } = useTranslation();
  const api = useApi();
  const [reason, setReason] = useState('');
  return (
    <DecisionDialog
      title={t('retention.releaseTitle')}
      text={t('retention.releaseText')}
      confirm={t('retention.release')}
      decide={reason.trim() === '' ? null : () => api.releaseHold(hold.id, reason.trim())}
      touches={['retention']}
      onClose={onClose}
    >
      <Textarea
        label={t('retention.releaseReason')}
        maxLength={200}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        data-testid="release-reason"
      />
    </DecisionDialog>
  );
}
