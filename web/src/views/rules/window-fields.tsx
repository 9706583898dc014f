import { Checkbox, Chip, Group, Stack, TextInput } from '@mantine/core';
import type { TimeWindow } from '@tagtrail/shared/rules/rulebook.js';
import { useTranslation } from 'react-i18next';
import { weekdayText } from '../../data/window-text.js';
import { languageOf } from '../../text/text.js';

interface WindowProps {
  /** Null for always. */
  readonly value: TimeWindow | null;
  readonly onChange: (window: TimeWindow | null) => void;
}

const dayShift: TimeWindow = { days: [1, 2, 3, 4, 5], from: '06:00', to: '22:00' };

/** The hours of a week within which something holds; an end before the start runs over midnight. */
export function WindowFields({ value, onChange }: WindowProps) {
  const { t, i18n } = useTranslation();
  const language = languageOf(i18n);
  return (
    <Stack gap="xs">
      <Checkbox
        label={t('grant.onlyWithin')}
        checked={value !== null}
        onChange={(event) => onChange(event.currentTarget.checked ? dayShift : null)}
      />
      {value !== null && (
        <>
          <Chip.Group
            multiple
            value={value.days.map(String)}
            onChange={(days) => onChange({ ...value, days: days.map(Number).sort() })}
          >
            <Group gap={6}>
              {[1, 2, 3, 4, 5, 6, 7].map((day) => (
                <Chip key={day} value={String(day)} size="xs">
                  {weekdayText(day, language)}
                </Chip>
              ))}
            </Group>
          </Chip.Group>
          <Group grow>
            <TextInput
              type="time"
              label={t('grant.from')}
              value={value.from}
              onChange={(event) => onChange({ ...value, from: event.currentTarget.value })}
            />
            <TextInput
              type="time"
              label={t('grant.to')}
              value={value.to}
              onChange={(event) => onChange({ ...value, to: event.currentTarget.value })}
            />
          </Group>
        </>
      )}
    </Stack>
  );
}
