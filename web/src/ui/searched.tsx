import { MultiSelect, Select } from '@mantine/core';
import type { Reference } from '@tagtrail/shared/api/common.js';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../app/services.js';

type Kind = 'person' | 'asset';
interface Option {
  readonly value: string;
  readonly label: string;
}

interface OneProps {
  readonly kind: Kind;
  readonly label: string;
  readonly value: string | null;
  readonly onChange: (id: string | null) => void;
  readonly testId?: string;
}

/** One person or tool, looked for on the server while somebody types. */
export function SearchedOne({ kind, label, value, onChange, testId }: OneProps) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState<Option | null>(null);
  const found = useFound(kind, text === chosen?.label ? '' : text);
  return (
    <Select
      label={label}
      placeholder={t(`searched.${kind}`)}
      searchable
      // The server has looked for the text already, also in fields that are not shown.
      filter={({ options }) => options}
      data={withChosen(found, chosen === null ? [] : [chosen])}
      value={value}
      onChange={(id, option) => {
        setChosen(id === null || option === null ? null : { value: id, label: option.label });
        onChange(id);
      }}
      searchValue={text}
      onSearchChange={setText}
      nothingFoundMessage={t('searched.nothing')}
      data-testid={testId}
    />
  );
}

interface ManyProps {
  readonly kind: Kind;
  readonly label: string;
  readonly description?: string;
  readonly value: readonly Reference[];
  readonly onChange: (chosen: readonly Reference[]) => void;
  readonly testId?: string;
}

/** Several of them; those chosen before stay, whatever is looked for next. */
export function SearchedMany({ kind, label, description, value, onChange, testId }: ManyProps) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const chosen = value.map(({ id, name }) => ({ value: id, label: name ?? t('common.formerColleague') }));
  const options = withChosen(useFound(kind, text), chosen);
  return (
    <MultiSelect
      label={label}
      description={description}
      placeholder={t(`searched.${kind}`)}
      searchable
      hidePickedOptions
      filter={({ options: all }) => all}
      data={options}
      value={chosen.map((option) => option.value)}
      onChange={(ids) =>
        onChange(ids.map((id) => ({ id, name: options.find((option) => option.value === id)?.label ?? id })))
      }
      searchValue={text}
      onSearchChange={setText}
      nothingFoundMessage={t('searched.nothing')}
      data-testid={testId}
    />
  );
}

function useFound(kind: Kind, text: string): readonly Option[] {
  const api = useApi();
  const { t } = useTranslation();
  const found = useQuery({
    queryKey: [kind === 'person' ? 'people' : 'assets', 'searched', text],
    queryFn: async () => {
      const query = { limit: 20, q: text };
      if (kind === 'person') return (await api.people(query)).data;
      return (await api.assets(query)).data.map(({ id, name, serial }) => ({
        id,
        name: serial === null ? name : `${name} (${serial})`,
      }));
    },
    placeholderData: (before) => before,
  });
  return (found.data ?? []).map(({ id, name }) => ({ value: id, label: name ?? t('common.formerColleague') }));
}

function withChosen(found: readonly Option[], chosen: readonly Option[]): Option[] {
  return [...chosen, ...found.filter(({ value }) => !chosen.some((option) => option.value === value))];
}
