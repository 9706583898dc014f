import { Textarea } from '@mantine/core';
import type { QuarantineView } from '@tagtrail/shared/api/quarantine.js';
import { codeText } from '@tagtrail/shared/events/describe.js';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../app/services.js';
import { languageOf } from '../../text/text.js';
import { DecisionDialog } from '../../ui/decision-dialog.js';
import { touches } from './touches.js';

/** Rejects what was set aside; the reason goes into the trail. */
export function RejectDialog({ record, onClose }: { record: QuarantineView; onClose: () => void }) {
  const { t, i18n } = useTranslation();
  const api = useApi();
  const [reason, setReason] = useState('');
  const isReady = reason.trim() !== '';
  return (
    <DecisionDialog
      title={t('quarantine.rejectTitle')}
      confirm={t('quarantine.reject')}
      decide={isReady ? () => api.rejectQuarantined(record.id, reason.trim()) : null}
      touches={touches}
      onClose={onClose}
    >
      <strong className="tt-sentence">{codeText(record.reason, languageOf(i18n))}</strong>
      <Textarea
        label={t('quarantine.rejectReason')}
        maxLength={200}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
    </DecisionDialog>
  );
}
