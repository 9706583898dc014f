import { Button, Textarea } from '@mantine/core';
import type { AttentionItem } from '@tagtrail/shared/api/attention.js';
import { codeText, describeEntry } from '@tagtrail/shared/events/describe.js';
import { deviceRole } from '@tagtrail/shared/events/trace-event.js';
import { deviceHealth } from '@tagtrail/shared/mqtt/messages.js';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../app/may.js';
import { useApi } from '../../app/services.js';
import { languageOf } from '../../text/text.js';
import { Badge } from '../../ui/badge.js';
import { DecisionDialog } from '../../ui/decision-dialog.js';
import { AssetLink, CabinetLink } from '../../ui/references.js';
import { When } from '../../ui/when.js';
import { DecideLossDialog, lossOf } from '../losses/decide-loss-dialog.js';
import { attentionLooks } from './attention-look.js';

/** What needs somebody, each with what happened, since when, and who looks after it. */
export function AttentionRows({ items }: { items: readonly AttentionItem[] }) {
  const [taken, setTaken] = useState<AttentionItem | null>(null);
  const [lost, setLost] = useState<{ readonly item: AttentionItem; readonly loss: string } | null>(null);
  const mayTake = useMay('manager');
  return (
    <>
      <ul className="tt-attention" data-testid="attention">
        {items.map((item) => (
          <AttentionRow key={item.id} item={item} may={mayTake} onTake={setTaken} onDecide={setLost} />
        ))}
      </ul>
      {lost !== null && <DecideLossDialog {...lost} onClose={() => setLost(null)} />}
      {taken !== null && <LookAfterDialog item={taken} onClose={() => setTaken(null)} />}
    </>
  );
}

interface RowProps {
  readonly item: AttentionItem;
  readonly may: boolean;
  readonly onTake: (item: AttentionItem) => void;
  readonly onDecide: (waiting: { item: AttentionItem; loss: string }) => void;
}

function AttentionRow({ item, may, onTake, onDecide }: RowProps) {
  const { t } = useTranslation();
  const { acknowledged } = item;
  const what = useWhat(item);
  const loss = lossOf(item);
  return (
    <li data-attention={item.id} data-kind={item.kind} data-acknowledged={acknowledged !== null}>
      <div className="tt-attention-what">
        <p>
          <Badge {...attentionLooks[item.kind]} label={t(`attention.kind.${item.kind}`)} />{' '}
          <strong>
            {item.asset !== null ? <AssetLink asset={item.asset} /> : <CabinetLink cabinet={item.cabinet} />}
          </strong>
        </p>
        {what !== null && <p className="tt-sentence">{what}</p>}
        <p className="tt-soft">
          <When at={item.since} />
          {item.times > 1 && <> · {t('attention.times', { count: item.times })}</>}
          {item.asset !== null && item.cabinet !== null && (
            <>
              {' · '}
              <CabinetLink cabinet={item.cabinet} />
            </>
          )}
          {item.site !== null && <> · {item.site.name}</>}
          {item.kind === 'quarantined' && (
            <>
              {' · '}
              <Link to="/settings" hash="quarantine">
                {t('settings.quarantine')}
              </Link>
            </>
          )}
        </p>
        {acknowledged !== null && (
          <p>
            {t('attention.by', { name: acknowledged.by?.name ?? t('common.formerColleague') })}
            {acknowledged.note !== null && <>: “{acknowledged.note}”</>}
          </p>
        )}
      </div>
      {may && (
        <span className="tt-row-actions">
          {loss !== null && (
            <Button variant="default" size="xs" onClick={() => onDecide({ item, loss })} data-testid="decide-loss">
              {t('loss.decide')}
            </Button>
          )}
          <Button variant="default" size="xs" onClick={() => onTake(item)} data-testid="look-after">
            {t(acknowledged === null ? 'attention.lookAfter' : 'attention.takeOver')}
          </Button>
        </span>
      )}
    </li>
  );
}

/** The line that says so, or why where no line does; null where the kind says it all. */
function useWhat({ entry, kind, reason }: AttentionItem): string | null {
  const { t, i18n } = useTranslation();
  if (entry !== null) return describeEntry(entry, languageOf(i18n));
  if (reason === null) return null;
  if (kind !== 'device_failed') return codeText(reason, languageOf(i18n));
  const [device, status] = reason.split(' ');
  const role = deviceRole.safeParse(device);
  const health = deviceHealth.shape.status.safeParse(status);
  if (!role.success || !health.success) return reason;
  return t('device.line', { device: t(`device.${role.data}`), status: t(`device.${health.data}`) });
}

/** Takes something on by name, as it was shown. */
function LookAfterDialog({ item, onClose }: { item: AttentionItem; onClose: () => void }) {
  const { t } = useTranslation();
  const api = useApi();
  const [note, setNote] = useState('');
  const word = { id: item.id, mark: item.mark, note: note.trim() === '' ? null : note.trim() };
  const name = item.asset?.name ?? item.cabinet?.name;
  return (
    <DecisionDialog
      title={[t(`attention.kind.${item.kind}`), ...(name == null ? [] : [name])].join(': ')}
      text={t('attention.text')}
      confirm={t('attention.lookAfter')}
      decide={() => api.lookAfter(word)}
      touches={['attention', 'overview']}
      onClose={onClose}
    >
      <Textarea
        label={t('attention.note')}
        maxLength={200}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
    </DecisionDialog>
  );
}
