import { TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';

interface NameProps {
  readonly customer: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** Asks for the name of the customer, letter by letter: nobody removes the wrong one by a click. */
export function CustomerName({ customer, value, onChange }: NameProps) {
  const { t } = useTranslation();
  return (
    <TextInput
      label={t('offBoarding.typeName', { customer })}
      value={value}
      autoComplete="off"
      spellCheck={false}
      onChange={(event) => onChange(event.currentTarget.value)}
      data-testid="customer-name"
    />
  );
}

/** Whether what was typed is the name; spaces around it do not count. */
export const isNameOf = (customer: string, typed: string): boolean => typed.trim() === customer.trim();
