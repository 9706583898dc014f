import { SegmentedControl, Select, Textarea, TextInput } from '@mantine/core';
import type { AdoptQuarantined, QuarantineView } from '@tagtrail/shared/api/quarantine.js';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../app/services.js';
import { DecisionDialog } from '../../ui/decision-dialog.js';
import { SearchedOne } from '../../ui/searched.js';
import { touches } from './touches.js';

/** What somebody types before it is an adoption. */
interface Fields {
  readonly into: 'new' | 'existing';
  readonly name: string;
  readonly home: string | null;
  readonly asset: string | null;
  readonly site: string | null;
  readonly note: string;
}

type Adopted = 'tag' | 'cabinet' | 'event';
const titles = {
  tag: 'quarantine.adoptTag',
  cabinet: 'quarantine.adoptCabinet',
  event: 'quarantine.adoptEvent',
} as const;

/** Gives a tag to a tool, takes on a cabinet, or takes down what a person accepts of a bad line. */
export function AdoptDialog({ record, onClose }: { record: QuarantineView; onClose: () => void }) {
  const { t } = useTranslation();
  const api = useApi();
  const [fields, setFields] = useState<Fields>({
    ...{ into: 'new', name: '', asset: null, site: null, note: '' },
    home: record.cabinet?.id ?? null,
  });
  const change = (next: Partial<Fields>): void => setFields({ ...fields, ...next });
  const what = record.epc !== null ? 'tag' : record.reason === 'unknown_cabinet' ? 'cabinet' : 'event';
  const adoption = adoptionOf(fields, what);
  return (
    <DecisionDialog
      title={t(titles[what])}
      text={t(`quarantine.${what}Text`)}
      confirm={t('quarantine.adopt')}
      decide={adoption === null ? null : () => api.adoptQuarantined(record.id, adoption)}
      touches={touches}
      onClose={onClose}
    >
      {what === 'tag' && <TagFields fields={fields} onChange={change} />}
      {what === 'cabinet' && <CabinetFields fields={fields} onChange={change} />}
      {what === 'event' && (
        <Textarea
          label={t('quarantine.accepted')}
          maxLength={200}
          value={fields.note}
          onChange={(event) => change({ note: event.currentTarget.value })}
        />
      )}
    </DecisionDialog>
  );
}

function CabinetFields({ fields, onChange }: { fields: Fields; onChange: (next: Partial<Fields>) => void }) {
  const { t } = useTranslation();
  const api = useApi();
  const sites = useQuery({ queryKey: ['sites'], queryFn: api.sites });
  return (
    <>
      <TextInput
        label={t('quarantine.cabinetName')}
        maxLength={80}
        value={fields.name}
        onChange={(event) => onChange({ name: event.currentTarget.value })}
      />
      <Select
        label={t('quarantine.site')}
        data={(sites.data?.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
        value={fields.site}
        onChange={(site) => onChange({ site })}
      />
    </>
  );
}

function TagFields({ fields, onChange }: { fields: Fields; onChange: (next: Partial<Fields>) => void }) {
  const { t } = useTranslation();
  const api = useApi();
  const isNew = fields.into === 'new';
  const cabinets = useQuery({ queryKey: ['cabinets'], queryFn: api.cabinets, enabled: isNew });
  return (
    <>
      <SegmentedControl
        aria-label={t('quarantine.adoptTag')}
        value={fields.into}
        onChange={(into) => onChange({ into: into === 'new' ? 'new' : 'existing' })}
        data={[
          { value: 'new', label: t('quarantine.newTool') },
          { value: 'existing', label: t('quarantine.existing') },
        ]}
      />
      {isNew ? (
        <>
          <TextInput
            label={t('quarantine.name')}
            maxLength={120}
            value={fields.name}
            onChange={(event) => onChange({ name: event.currentTarget.value })}
          />
          <Select
            label={t('quarantine.home')}
            data={(cabinets.data?.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
            value={fields.home}
            onChange={(home) => onChange({ home })}
          />
        </>
      ) : (
        <SearchedOne
          kind="asset"
          label={t('quarantine.tool')}
          value={fields.asset}
          onChange={(asset) => onChange({ asset })}
        />
      )}
    </>
  );
}

/** What is asked of the server; null while something is missing. */
function adoptionOf({ into, name, home, asset, site, note }: Fields, what: Adopted): AdoptQuarantined | null {
  const called = name.trim();
  if (what === 'event') return note.trim() === '' ? null : { note: note.trim() };
  if (what === 'cabinet')
    return called === '' || site === null ? null : { new_cabinet: { name: called, site_id: site } };
  if (into === 'existing') return asset === null ? null : { asset_id: asset };
  return called === '' ? null : { new_asset: { name: called, home_cabinet_id: home } };
}
