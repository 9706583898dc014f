import { ActionIcon, Button, Group, Stack, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import type { PersonView } from '@tagtrail/shared/api/person.js';
import type { PersonRights } from '@tagtrail/shared/api/person-rights.js';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../app/services.js';
import { dayFieldOf, endOfDay } from '../../data/time-text.js';
import { DayField } from '../../ui/day-field.js';
import { DecisionDialog } from '../../ui/decision-dialog.js';

/** A licence while somebody types it. */
interface Row {
  /** Stays while the name is typed. */
  readonly key: number;
  readonly name: string;
  /** YYYY-MM-DD, or empty for no end. */
  readonly until: string;
}

interface DialogProps {
  readonly person: PersonView;
  readonly rights: PersonRights;
  readonly onClose: () => void;
}

/** Changes all licences of a person at once; a day counts to its end. */
export function LicencesDialog({ person, rights, onClose }: DialogProps) {
  const { t } = useTranslation();
  const api = useApi();
  const [rows, setRows] = useState<readonly Row[]>(() =>
    rights.licences.map(({ name, valid_until }, key) => ({ key, name, until: dayFieldOf(valid_until) })),
  );
  const put = (row: Row): void => setRows(rows.map((old) => (old.key === row.key ? row : old)));
  const add = (): void =>
    setRows([...rows, { key: Math.max(-1, ...rows.map(({ key }) => key)) + 1, name: '', until: '' }]);
  const names = rows.map(({ name }) => name.trim());
  const isTwice = (name: string): boolean => name !== '' && names.filter((other) => other === name).length > 1;
  const isComplete = names.every((name) => name !== '' && !isTwice(name));
  const licences = rows.map(({ name, until }) => ({ name: name.trim(), valid_until: endOfDay(until) }));
  return (
    <DecisionDialog
      title={t('rights.licencesOf', { name: person.name ?? t('common.formerColleague') })}
      text={t('rights.licencesHint')}
      confirm={t('common.save')}
      decide={isComplete ? () => api.setLicences(person.id, licences) : null}
      touches={['person', 'people']}
      size="lg"
      onClose={onClose}
    >
      <Stack gap="xs">
        {rows.map((row) => (
          <Group key={row.key} align="start" wrap="nowrap" data-testid="licence-row">
            <TextInput
              flex={1}
              label={t('rights.licence')}
              maxLength={120}
              value={row.name}
              error={isTwice(row.name.trim()) ? t('rights.licenceTwice') : undefined}
              onChange={(event) => put({ ...row, name: event.currentTarget.value })}
            />
            <DayField label={t('rights.validUntil')} value={row.until} onChange={(until) => put({ ...row, until })} />
            <ActionIcon
              variant="subtle"
              color="gray"
              size="lg"
              mt={25}
              aria-label={t('rights.removeLicence', { name: row.name })}
              onClick={() => setRows(rows.filter(({ key }) => key !== row.key))}
            >
              <IconTrash size={18} aria-hidden />
            </ActionIcon>
          </Group>
        ))}
        <Button
          variant="subtle"
          size="xs"
          leftSection={<IconPlus size={15} aria-hidden />}
          style={{ alignSelf: 'start' }}
          onClick={add}
          data-testid="add-licence"
        >
          {t('rights.addLicence')}
        </Button>
      </Stack>
    </DecisionDialog>
  );
}
