import { TextInput } from '@mantine/core';
import type { CabinetView } from '@tagtrail/shared/api/cabinet.js';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../app/services.js';
import { DecisionDialog } from '../../ui/decision-dialog.js';

/** Makes a cabinet open to two people only, or to one again. */
export function TwoPersonDialog({ cabinet, onClose }: { cabinet: CabinetView; onClose: () => void }) {
  const { t } = useTranslation();
  const api = useApi();
  const [reason, setReason] = useState('');
  const isOn = cabinet.two_person_to_open === true;
  const change = { two_person_to_open: !isOn, reason: reason.trim() };
  return (
    <DecisionDialog
      title={t(isOn ? 'twoPerson.toOne' : 'twoPerson.toTwo', { name: cabinet.name })}
      text={t(isOn ? 'twoPerson.oneText' : 'twoPerson.twoText')}
      confirm={t('common.save')}
      decide={change.reason === '' ? null : () => api.changeCabinet(cabinet.id, change)}
      touches={['cabinet', 'cabinets']}
      onClose={onClose}
    >
      <TextInput
        label={t('revocation.reason')}
        maxLength={200}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
    </DecisionDialog>
  );
}
