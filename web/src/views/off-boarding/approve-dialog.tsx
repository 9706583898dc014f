import { Checkbox } from '@mantine/core';
import type { OffBoardingView } from '@tagtrail/shared/api/off-boarding.js';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../app/services.js';
import { dayText } from '../../data/time-text.js';
import { languageOf } from '../../text/text.js';
import { DecisionDialog } from '../../ui/decision-dialog.js';
import { CustomerName, isNameOf } from './customer-name.js';

interface ApproveProps {
  readonly customer: string;
  readonly leaving: OffBoardingView;
  readonly onClose: () => void;
}

/** The second administrator's word; without an export it has to be said that the trail will be lost. */
export function ApproveDialog({ customer, leaving, onClose }: ApproveProps) {
  const { t, i18n } = useTranslation();
  const api = useApi();
  const [name, setName] = useState('');
  const [withoutExport, setWithoutExport] = useState(false);
  const isExported = leaving.exported_at !== null;
  const word = { contract_ends_on: leaving.contract_ends_on, without_export: !isExported && withoutExport };
  const isReady = isNameOf(customer, name) && (isExported || withoutExport);
  return (
    <DecisionDialog
      title={t('offBoarding.approveTitle', { customer })}
      text={t('offBoarding.approveText', { day: dayText(leaving.contract_ends_on, languageOf(i18n)) })}
      confirm={t('offBoarding.approve')}
      decide={isReady ? () => api.approveOffBoarding(word) : null}
      touches={['off-boarding']}
      size="lg"
      isGrave
      onClose={onClose}
    >
      {!isExported && (
        <Checkbox
          label={t('offBoarding.withoutExport')}
          checked={withoutExport}
          onChange={(event) => setWithoutExport(event.currentTarget.checked)}
          data-testid="without-export"
        />
      )}
      <CustomerName customer={customer} value={name} onChange={setName} />
    </DecisionDialog>
  );
}
