import { Alert, Button, Group, Modal, SegmentedControl, Stack, Textarea, TextInput } from '@mantine/core';
import { holdKind, type LegalHold, type PlaceHold } from '@tagtrail/shared/api/retention.js';
import { errorText } from '@tagtrail/shared/error.js';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../app/services.js';
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
  const queries = useQueryClient();
  const [fields, setFields] = useState(empty);
  const change = (next: Partial<Fields>): void => setFields({ ...fields, ...next });
  const hold = holdOf(fields);
  const place = useMutation({
    mutationFn: (wanted: PlaceHold) => api.placeHold(wanted),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['retention'] });
      onClose();
    },
  });
  return (
    <Modal
      opened
      size="lg"
      onClose={onClose}
      title={<strong>{t('retention.holdTitle')}</strong>}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <Stack data-testid="hold-dialog">
        <SegmentedControl
          aria-label={t('retention.held')}
          value={fields.kind}
          onChange={(kind) => change({ kind: holdKind.parse(kind), subject: null })}
          data={holdKind.options.map((kind) => ({ value: kind, label: t(`retention.holdKind.${kind}`) }))}
        />
        {fields.kind === 'period' ? (
          <Group grow>
            <Day label={t('retention.from')} value={fields.from} onChange={(from) => change({ from })} />
            <Day label={t('retention.to')} value={fields.to} onChange={(to) => change({ to })} />
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
        <Day label={t('retention.reviewOn')} value={fields.reviewOn} onChange={(reviewOn) => change({ reviewOn })} />
        {place.error !== null && (
          <Alert color="red" role="alert">
            {errorText(place.error)}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('settings.cancel')}
          </Button>
          <Button
            disabled={hold === null}
            loading={place.isPending}
            onClick={() => hold !== null && place.mutate(hold)}
            data-testid="hold-confirm"
          >
            {t('retention.placeHold')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function Day(props: { label: string; value: string; onChange: (day: string) => void }) {
  return (
    <TextInput
      type="date"
      label={props.label}
      value={props.value}
      onChange={(event) => props.onChange(event.currentTarget.value)}
    />
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
