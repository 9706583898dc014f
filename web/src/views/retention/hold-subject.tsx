import { Select, TextInput } from '@mantine/core';
import type { LegalHold } from '@tagtrail/shared/api/retention.js';
import { useTranslation } from 'react-i18next';
import { SearchedOne } from '../../ui/searched.js';
import type { Sites } from './use-sites.js';

interface SubjectProps {
  readonly kind: Exclude<LegalHold['kind'], 'period'>;
  readonly value: string | null;
  readonly sites: Sites;
  readonly onChange: (id: string | null) => void;
}

/** Whose lines are held: searched by name, or for an order by its id. */
export function HoldSubject({ kind, value, sites, onChange }: SubjectProps) {
  const { t } = useTranslation();
  if (kind === 'order') {
    return (
      <TextInput
        label={t('retention.orderId')}
        value={value ?? ''}
        onChange={(event) => onChange(event.currentTarget.value.trim())}
      />
    );
  }
  if (kind === 'site') {
    return (
      <Select
        label={t('retention.subject')}
        data={sites.list.map(({ id, name }) => ({ value: id, label: name }))}
        value={value}
        onChange={onChange}
        data-testid="hold-subject"
      />
    );
  }
  return (
    <SearchedOne kind={kind} label={t('retention.subject')} value={value} onChange={onChange} testId="hold-subject" />
  );
}
