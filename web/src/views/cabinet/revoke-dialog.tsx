import { List, Textarea } from '@mantine/core';
import type { CabinetView } from '@tagtrail/shared/api/cabinet.js';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../app/services.js';
import { DecisionDialog } from '../../ui/decision-dialog.js';

/** Cuts a cabinet off for good; why goes into the trail. */
export function RevokeDialog({ cabinet, onClose }: { cabinet: CabinetView; onClose: () => void }) {
  const { t } = useTranslation();
  const api = useApi();
  const [reason, setReason] = useState('');
  return (
    <DecisionDialog
      title={t('revocation.title', { name: cabinet.name })}
      confirm={t('revocation.confirm')}
      decide={reason.trim() === '' ? null : () => api.revokeCabinet(cabinet.id, reason.trim())}
      touches={['cabinet', 'cabinets', 'overview']}
      isGrave
      onClose={onClose}
    >
      <List spacing={4} size="sm">
        <List.Item>{t('revocation.nothingTaken')}</List.Item>
        {(cabinet.pending ?? 0) > 0 && (
          <List.Item>
            <strong>{t('revocation.waiting', { count: cabinet.pending ?? 0 })}</strong>
          </List.Item>
        )}
        <List.Item>{t('revocation.backAgain')}</List.Item>
      </List>
      <Textarea
        label={t('revocation.reason')}
        maxLength={200}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
    </DecisionDialog>
  );
}
