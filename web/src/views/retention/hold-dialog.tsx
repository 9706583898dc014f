import { Group, SegmentedControl, Textarea } from '@mantine/core';
import { holdKind, type LegalHold, type PlaceHold } from '@tagtrail/shared/api/retention.js';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../app/services.js';
import { DayField } from '../../ui/day-field.js';
import { DecisionDialog } from '../../ui/decision-dialog.js';
import { HoldSubject } from './hold-subject.js';
import type { Sites } from './use-sites.js';

/** A hold while somebody types it; days as YYYY-MM-DD, or empty. */
interface Fields {
  readonly kind: LegalHold['kind'];
  readonly subject: string | null;
  readonly from: string;
  readonly to: string;
  readonly reason: string;
  readonly reviewOn: string;
}

const empty: Fields = { kind: 'person', subject: null, from: '', to: '', reason: '', reviewOn: '' };

/** Places a hold; a reason and a date to look again are asked for. */
export function HoldDialog({ sites, onClose }: { sites: Sites; onClose: () => void }) {
  const { t } = useTranslation();
  const api = useApi();
  const [fields, setFields] = useState(empty);
  const change = (next: Partial<Fields>): void => setFields({ ...fields, ...next });
  const hold = holdOf(fields);
  return (
    <DecisionDialog
      title={t('retention.holdTitle')}
      confirm={t('retention.placeHold')}
      decide={hold === null ? null : () => api.placeHold(hold)}
      touches={['retention']}
      size="lg"
      onClose={onClose}
    >
      <SegmentedControl
        aria-label={t('retention.held')}
        value={fields.kind}
        onChange={(kind) => change({ kind: holdKind.parse(kind), subject: null })}
        data={holdKind.options.map((kind) => ({ value: kind, label: t(`retention.holdKind.${kind}`) }))}
      />
      {fields.kind === 'period' ? (
        <Group grow>
          <DayField label={t('retention.from')} value={fields.from} onChange={(from) => change({ from })} />
          <DayField label={t('retention.to')} value={fields.to} onChange={(to) => change({ to })} />
        </Group>
      ) : (
        <HoldSubject
          key={fields.kind}
          kind={fields.kind}
          value={fields.subject}
          sites={sites}
          onChange={(subject) => change({ subject })}
        />
      )}
      <Textarea
        label={t('retention.holdReason')}
        maxLength={200}
        value={fields.reason}
        onChange={(event) => change({ reason: event.currentTarget.value })}
        data-testid="hold-reason"
      />
      <DayField label={t('retention.reviewOn')} value={fields.reviewOn} onChange={(reviewOn) => change({ reviewOn })} />
    </DecisionDialog>
  );
}

/** What is asked of the server; null while something is missing. Days of a period begin at midnight UTC. */
function holdOf({ kind, subject, from, to, reason, reviewOn }: Fields): PlaceHold | null {
  if (reason.trim() === '' || reviewOn === '') return null;
  const why = { reason: reason.trim(), review_on: reviewOn };
  if (kind !== 'period') return subject === null || subject === '' ? null : { kind, subject, ...why };
  if (from === '' || to === '' || from >= to) return null;
  return { kind, from: `${from}T00:00:00.000Z`, to: `${to}T00:00:00.000Z`, ...why };
}
