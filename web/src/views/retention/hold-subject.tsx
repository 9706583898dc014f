import { Select, TextInput } from '@mantine/core';
import type { LegalHold } from '@tagtrail/shared/api/retention.js';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../app/services.js';
import type { Sites } from './use-sites.js';

interface SubjectProps {
  readonly kind: Exclude<LegalHold['kind'], 'period'>;
  readonly value: string | null;
  readonly sites: Sites;
  readonly onChange: (id: string | null) => void;
}

/** Whose lines are held: searched by name, or for an order by its id. */
export function HoldSubject(props: SubjectProps) {
  const { t } = useTranslation();
  const { kind, value, sites, onChange } = props;
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
  return <Searched {...props} kind={kind} />;
}

function Searched({ kind, value, onChange }: SubjectProps & { readonly kind: 'person' | 'asset' }) {
  const { t } = useTranslation();
  const api = useApi();
  const [text, setText] = useState('');
  const found = useQuery({
    queryKey: ['retention', 'hold-subject', kind, text],
    queryFn: async () => {
      const query = { limit: 20, q: text };
      if (kind === 'person') return (await api.people(query)).data.map(({ id, name }) => ({ id, name: name ?? id }));
      return (await api.assets(query)).data.map(({ id, name, serial }) => ({
        id,
        name: serial === null ? name : `${name} (${serial})`,
      }));
    },
    placeholderData: (before) => before,
  });
  return (
    <Select
      label={t('retention.subject')}
      placeholder={t('retention.subjectSearch')}
      searchable
      // The server has looked for the text already, also in fields that are not shown.
      filter={({ options }) => options}
      data={(found.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
      value={value}
      onChange={onChange}
      searchValue={text}
      onSearchChange={setText}
      data-testid="hold-subject"
    />
  );
}
