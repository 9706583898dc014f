import { Autocomplete, SegmentedControl, Textarea, TextInput } from '@mantine/core';
import type { Reference } from '@tagtrail/shared/api/common.js';
import { newGrant } from '@tagtrail/shared/api/grant.js';
import type { TimeWindow } from '@tagtrail/shared/rules/rulebook.js';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../app/services.js';
import type { GrantDraft } from '../../data/api-rules.js';
import { endOfDay } from '../../data/time-text.js';
import { DayField } from '../../ui/day-field.js';
import { DecisionDialog } from '../../ui/decision-dialog.js';
import { SearchedMany, SearchedOne } from '../../ui/searched.js';
import { WindowFields } from './window-fields.js';

/** A grant while somebody types it. */
interface Fields {
  readonly effect: 'allow' | 'deny';
  readonly to: 'person' | 'group';
  readonly person: string | null;
  readonly group: string;
  readonly about: 'assets' | 'model' | 'everything';
  readonly assets: readonly Reference[];
  readonly model: string;
  readonly window: TimeWindow | null;
  /** YYYY-MM-DD, or empty. */
  readonly until: string;
  readonly note: string;
}

interface FieldsProps {
  readonly fields: Fields;
  readonly change: (next: Partial<Fields>) => void;
}

/** Adds a grant; whoever is refused by a denial is told why, so a reason is asked for. */
export function GrantDialog({ person, onClose }: { person: Reference | null; onClose: () => void }) {
  const { t } = useTranslation();
  const api = useApi();
  const [fields, setFields] = useState<Fields>({
    ...{ effect: 'allow', to: 'person', person: person?.id ?? null, group: '', about: 'assets', assets: [] },
    ...{ model: '', window: null, until: '', note: '' },
  });
  const change = (next: Partial<Fields>): void => setFields({ ...fields, ...next });
  const grant = grantOf(fields);
  return (
    <DecisionDialog
      title={person === null ? t('grant.add') : t('grant.addFor', { name: person.name ?? t('common.formerColleague') })}
      text={t(fields.effect === 'allow' ? 'grant.allowText' : 'grant.denyText')}
      confirm={t('grant.add')}
      decide={grant === null ? null : () => api.addGrant(grant)}
      touches={['rules']}
      size="lg"
      onClose={onClose}
    >
      <SegmentedControl
        aria-label={t('grant.effect')}
        value={fields.effect}
        onChange={(effect) => change({ effect: effect === 'deny' ? 'deny' : 'allow' })}
        data={[
          { value: 'allow', label: t('grant.allow') },
          { value: 'deny', label: t('grant.deny') },
        ]}
      />
      {person === null && <WhoFields fields={fields} change={change} />}
      <AboutFields fields={fields} change={change} />
      <WindowFields value={fields.window} onChange={(window) => change({ window })} />
      <DayField label={t('grant.lastDay')} value={fields.until} onChange={(until) => change({ until })} />
      <Textarea
        label={t('grant.why')}
        description={t('grant.whyHelp')}
        maxLength={200}
        value={fields.note}
        onChange={(event) => change({ note: event.currentTarget.value })}
      />
    </DecisionDialog>
  );
}

function WhoFields({ fields, change }: FieldsProps) {
  const { t } = useTranslation();
  return (
    <>
      <SegmentedControl
        aria-label={t('grant.who')}
        value={fields.to}
        onChange={(to) => change({ to: to === 'group' ? 'group' : 'person' })}
        data={[
          { value: 'person', label: t('grant.toPerson') },
          { value: 'group', label: t('grant.toGroup') },
        ]}
      />
      {fields.to === 'person' ? (
        <SearchedOne
          kind="person"
          label={t('person.one')}
          value={fields.person}
          onChange={(person) => change({ person })}
        />
      ) : (
        <GroupField value={fields.group} onChange={(group) => change({ group })} />
      )}
    </>
  );
}

/** A group by its name; one that nobody is in yet may be typed too. */
export function GroupField({ value, onChange }: { value: string; onChange: (group: string) => void }) {
  const { t } = useTranslation();
  const api = useApi();
  const groups = useQuery({ queryKey: ['rules', 'groups'], queryFn: api.groups });
  return (
    <Autocomplete
      label={t('grant.group')}
      maxLength={60}
      data={groups.data?.data.map(({ name }) => name) ?? []}
      value={value}
      onChange={onChange}
    />
  );
}

function AboutFields({ fields, change }: FieldsProps) {
  const { t } = useTranslation();
  return (
    <>
      <SegmentedControl
        aria-label={t('grant.what')}
        value={fields.about}
        onChange={(about) => change({ about: about as Fields['about'] })}
        data={[
          { value: 'assets', label: t('grant.theseTools') },
          { value: 'model', label: t('grant.aModel') },
          { value: 'everything', label: t('grant.allOfIt') },
        ]}
      />
      {fields.about === 'assets' && (
        <SearchedMany
          kind="asset"
          label={t('asset.many')}
          value={fields.assets}
          onChange={(assets) => change({ assets })}
          testId="grant-assets"
        />
      )}
      {fields.about === 'model' && (
        <TextInput
          label={t('asset.model')}
          description={t('grant.modelHelp')}
          maxLength={120}
          value={fields.model}
          onChange={(event) => change({ model: event.currentTarget.value })}
        />
      )}
    </>
  );
}

/** What is asked of the server; null while something is missing. */
function grantOf(fields: Fields): GrantDraft | null {
  if (fields.about === 'assets' && fields.assets.length === 0) return null;
  const grant: GrantDraft = {
    effect: fields.effect,
    person_id: fields.to === 'person' ? fields.person : null,
    group: fields.to === 'group' && fields.group.trim() !== '' ? fields.group.trim() : null,
    asset_ids: fields.about === 'assets' ? fields.assets.map(({ id }) => id) : null,
    model: fields.about === 'model' ? fields.model.trim() : null,
    windows: fields.window === null ? null : [fields.window],
    valid_until: endOfDay(fields.until),
    note: fields.note.trim() === '' ? null : fields.note.trim(),
  };
  const isForSomebody = grant.person_id !== null || grant.group !== null;
  const saysWhy = grant.effect === 'allow' || grant.note !== null;
  return isForSomebody && saysWhy && newGrant.safeParse(grant).success ? grant : null;
}
