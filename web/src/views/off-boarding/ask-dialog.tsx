import { TextInput } from '@mantine/core';
import { askOffBoarding } from '@tagtrail/shared/api/off-boarding.js';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi, useNow } from '../../app/services.js';
import { DayField } from '../../ui/day-field.js';
import { DecisionDialog } from '../../ui/decision-dialog.js';
import { CustomerName, isNameOf } from './customer-name.js';

/** Asks that everything of the customer is removed when the contract ends. */
export function AskDialog({ customer, onClose }: { customer: string; onClose: () => void }) {
  const { t } = useTranslation();
  const api = useApi();
  const nowMs = useNow();
  const [day, setDay] = useState('');
  const [days, setDays] = useState('');
  const [name, setName] = useState('');
  // The server counts days in UTC, too.
  const isPast = day !== '' && day < new Date(nowMs).toISOString().slice(0, 10);
  const recordDays = days.trim() === '' ? undefined : Number(days);
  const daysFit = askOffBoarding.shape.record_days.safeParse(recordDays).success;
  const asked = askOffBoarding.safeParse({ contract_ends_on: day, record_days: recordDays });
  const isReady = asked.success && !isPast && isNameOf(customer, name);
  return (
    <DecisionDialog
      title={t('offBoarding.askTitle', { customer })}
      text={t('offBoarding.askText')}
      confirm={t('offBoarding.ask')}
      decide={isReady ? () => api.askOffBoarding(asked.data) : null}
      touches={['off-boarding']}
      size="lg"
      isGrave
      onClose={onClose}
    >
      <DayField
        label={t('offBoarding.contractEnds')}
        value={day}
        onChange={setDay}
        error={isPast && t('offBoarding.contractPast')}
        testId="contract-ends"
      />
      <TextInput
        label={t('offBoarding.recordDays')}
        description={t('offBoarding.recordHelp')}
        inputMode="numeric"
        value={days}
        error={days !== '' && !daysFit && t('offBoarding.recordDaysInvalid')}
        onChange={(event) => setDays(event.currentTarget.value)}
        data-testid="record-days"
      />
      <CustomerName customer={customer} value={name} onChange={setName} />
    </DecisionDialog>
  );
}
