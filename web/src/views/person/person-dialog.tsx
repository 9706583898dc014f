import { Checkbox, Group, SegmentedControl, TagsInput, TextInput } from '@mantine/core';
import { type PersonView, personChange } from '@tagtrail/shared/api/person.js';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import { useApi } from '../../app/services.js';
import { dayFieldOf, endOfDay } from '../../data/time-text.js';
import { DayField } from '../../ui/day-field.js';
import { DecisionDialog } from '../../ui/decision-dialog.js';

type Change = z.input<typeof personChange>;

/** A person while somebody types. */
interface Fields {
  readonly name: string;
  readonly displayName: string;
  readonly language: PersonView['language'];
  readonly groups: string[];
  readonly isSuspended: boolean;
  /** YYYY-MM-DD, or empty. */
  readonly until: string;
  readonly seesHolders: boolean;
}

const fieldsOf = (person: PersonView): Fields => ({
  name: person.name ?? '',
  displayName: person.display_name ?? '',
  language: person.language,
  groups: person.groups,
  isSuspended: person.status === 'suspended',
  until: dayFieldOf(person.valid_until),
  seesHolders: person.sees_holders,
});

/** Changes who a person is and until when. Only what was touched is sent. */
export function PersonDialog({ person, onClose }: { person: PersonView; onClose: () => void }) {
  const { t } = useTranslation();
  const api = useApi();
  const [fields, setFields] = useState<Fields>(fieldsOf(person));
  const put = (next: Partial<Fields>): void => setFields({ ...fields, ...next });
  const groups = useQuery({ queryKey: ['rules', 'groups'], queryFn: api.groups });
  const change = changeOf(fields, fieldsOf(person));
  return (
    <DecisionDialog
      title={t('person.changeOf', { name: person.name ?? t('common.formerColleague') })}
      confirm={t('common.save')}
      decide={
        Object.keys(change).length > 0 && personChange.safeParse(change).success
          ? () => api.changePerson(person.id, change)
          : null
      }
      touches={['person', 'people', 'rules']}
      onClose={onClose}
    >
      <TextInput
        label={t('person.name')}
        maxLength={120}
        value={fields.name}
        onChange={(event) => put({ name: event.currentTarget.value })}
      />
      <Group grow align="end">
        <TextInput
          label={t('person.displayName')}
          maxLength={60}
          value={fields.displayName}
          onChange={(event) => put({ displayName: event.currentTarget.value })}
        />
        <SegmentedControl
          aria-label={t('person.language')}
          value={fields.language}
          onChange={(language) => put({ language: language === 'fr' ? 'fr' : 'en' })}
          data={[
            { value: 'en', label: t('person.languageEn') },
            { value: 'fr', label: t('person.languageFr') },
          ]}
        />
      </Group>
      <TagsInput
        label={t('person.groups')}
        description={t('person.groupsHelp')}
        data={groups.data?.data.map(({ name }) => name) ?? []}
        maxTags={50}
        acceptValueOnBlur
        value={fields.groups}
        onChange={(names) => put({ groups: names })}
      />
      <DayField
        label={t('person.until')}
        description={t('person.untilHelp')}
        value={fields.until}
        onChange={(until) => put({ until })}
      />
      <Checkbox
        label={t('person.seesHolders')}
        checked={fields.seesHolders}
        onChange={(event) => put({ seesHolders: event.currentTarget.checked })}
      />
      <Checkbox
        label={t('person.suspend')}
        description={t('person.suspendHelp')}
        checked={fields.isSuspended}
        onChange={(event) => put({ isSuspended: event.currentTarget.checked })}
      />
    </DecisionDialog>
  );
}

function changeOf(now: Fields, before: Fields): Change {
  return {
    ...(now.name.trim() === before.name ? {} : { name: now.name }),
    ...(now.displayName.trim() === before.displayName ? {} : { display_name: now.displayName }),
    ...(now.language === before.language ? {} : { language: now.language }),
    ...(now.groups.join('\n') === before.groups.join('\n') ? {} : { groups: now.groups }),
    ...(now.isSuspended === before.isSuspended ? {} : { status: now.isSuspended ? 'suspended' : 'active' }),
    ...(now.until === before.until ? {} : { valid_until: endOfDay(now.until) }),
    ...(now.seesHolders === before.seesHolders ? {} : { sees_holders: now.seesHolders }),
  };
}
