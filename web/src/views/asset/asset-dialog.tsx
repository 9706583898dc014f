import { Checkbox, TagsInput, TextInput } from '@mantine/core';
import { type AssetView, assetChange } from '@tagtrail/shared/api/asset.js';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import { useApi } from '../../app/services.js';
import { dayFieldOf, endOfDay } from '../../data/time-text.js';
import { DayField } from '../../ui/day-field.js';
import { DecisionDialog } from '../../ui/decision-dialog.js';
import { LicenceNames } from '../rules/item-rules-section.js';

/** A tool's rules while somebody types. */
interface Fields {
  readonly groups: string[];
  readonly licences: string[];
  readonly twoPeople: boolean;
  readonly place: string;
  /** YYYY-MM-DD, or empty. */
  readonly calibrationDue: string;
}

const fieldsOf = (asset: AssetView): Fields => ({
  groups: asset.groups,
  licences: asset.licences,
  twoPeople: asset.two_person,
  place: asset.place ?? '',
  calibrationDue: dayFieldOf(asset.calibration_due_at),
});

/** Changes who may take a tool, where it lies and until when it is calibrated. Only what was touched is sent. */
export function AssetDialog({ asset, onClose }: { asset: AssetView; onClose: () => void }) {
  const { t } = useTranslation();
  const api = useApi();
  const [fields, setFields] = useState<Fields>(fieldsOf(asset));
  const [reason, setReason] = useState('');
  const put = (next: Partial<Fields>): void => setFields({ ...fields, ...next });
  const groups = useQuery({ queryKey: ['rules', 'groups'], queryFn: api.groups });
  const change = changeOf(fields, fieldsOf(asset));
  const wanted = { ...change, ...(reason.trim() === '' ? {} : { reason: reason.trim() }) };
  return (
    <DecisionDialog
      title={t('asset.changeOf', { name: asset.name })}
      text={t('asset.changeText')}
      confirm={t('common.save')}
      decide={
        Object.keys(change).length > 0 && assetChange.safeParse(wanted).success
          ? () => api.changeAsset(asset.id, wanted)
          : null
      }
      touches={['asset', 'assets', 'rules']}
      onClose={onClose}
    >
      <TagsInput
        label={t('asset.groups')}
        description={t('asset.groupsHelp')}
        data={groups.data?.data.map(({ name }) => name) ?? []}
        maxTags={50}
        acceptValueOnBlur
        value={fields.groups}
        onChange={(names) => put({ groups: names })}
      />
      <LicenceNames value={fields.licences} onChange={(licences) => put({ licences })} />
      <Checkbox
        label={t('itemRule.asksTwo')}
        checked={fields.twoPeople}
        onChange={(event) => put({ twoPeople: event.currentTarget.checked })}
      />
      <TextInput
        label={t('asset.place')}
        description={t('asset.placeHelp')}
        maxLength={120}
        value={fields.place}
        onChange={(event) => put({ place: event.currentTarget.value })}
      />
      <DayField
        label={t('asset.calibratedUntil')}
        value={fields.calibrationDue}
        onChange={(calibrationDue) => put({ calibrationDue })}
      />
      <TextInput
        label={t('grant.why')}
        maxLength={200}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
    </DecisionDialog>
  );
}

function changeOf(now: Fields, before: Fields): z.input<typeof assetChange> {
  const isSame = (one: readonly string[], other: readonly string[]): boolean => one.join('\n') === other.join('\n');
  return {
    ...(isSame(now.groups, before.groups) ? {} : { groups: now.groups }),
    ...(isSame(now.licences, before.licences) ? {} : { licences: now.licences }),
    ...(now.twoPeople === before.twoPeople ? {} : { two_person: now.twoPeople }),
    ...(now.place.trim() === before.place ? {} : { place: now.place.trim() === '' ? null : now.place.trim() }),
    ...(now.calibrationDue === before.calibrationDue ? {} : { calibration_due_at: endOfDay(now.calibrationDue) }),
  };
}
