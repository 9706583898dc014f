import { TextInput } from '@mantine/core';
import type { ReactNode } from 'react';

interface DayProps {
  readonly label: string;
  /** YYYY-MM-DD, or empty. */
  readonly value: string;
  readonly onChange: (day: string) => void;
  readonly error?: ReactNode;
  readonly description?: string;
  readonly testId?: string;
}

/** A day of the calendar, in the form that the browser offers for it. */
export function DayField({ label, value, onChange, error, description, testId }: DayProps) {
  return (
    <TextInput
      type="date"
      label={label}
      value={value}
      error={error}
      description={description}
      onChange={(event) => onChange(event.currentTarget.value)}
      data-testid={testId}
    />
  );
}
