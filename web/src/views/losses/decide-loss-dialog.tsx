import { SegmentedControl, Textarea } from '@mantine/core';
import type { AttentionItem } from '@tagtrail/shared/api/attention.js';
import { describeEntry } from '@tagtrail/shared/events/describe.js';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../app/services.js';
import { languageOf } from '../../text/text.js';
import { DecisionDialog } from '../../ui/decision-dialog.js';

type Verdict = 'confirmation' | 'rejection';

/** The loss that waits for a decision here; null where the item is about something else, or its line is over. */
export function lossOf({ kind, entry }: AttentionItem): string | null {
  const loss = entry?.data.loss;
  return kind === 'loss_asked' && typeof loss === 'string' ? loss : null;
}

interface DecideProps {
  readonly item: AttentionItem;
  readonly loss: string;
  readonly onClose: () => void;
}

/** The word of the second person on a tool that the first one says is lost. */
export function DecideLossDialog({ item, loss, onClose }: DecideProps) {
  const { t, i18n } = useTranslation();
  const api = useApi();
  const [verdict, setVerdict] = useState<Verdict | null>(null);
  const [note, setNote] = useState('');
  const word = note.trim() === '' ? null : note.trim();
  return (
    <DecisionDialog
      title={t('loss.title', { name: item.asset?.name ?? '' })}
      {...(item.entry !== null && { text: describeEntry(item.entry, languageOf(i18n)) })}
      confirm={t(verdict === 'confirmation' ? 'loss.lost' : verdict === 'rejection' ? 'loss.notLost' : 'loss.decide')}
      decide={verdict === null ? null : () => api.decideLoss(loss, verdict, word)}
      touches={['asset', 'assets', 'attention', 'overview']}
      isGrave={verdict === 'confirmation'}
      onClose={onClose}
    >
      <SegmentedControl
        aria-label={t('loss.verdict')}
        // Nothing is chosen before somebody chooses.
        value={verdict ?? ''}
        onChange={(value) => setVerdict(value as Verdict)}
        data={[
          { value: 'rejection', label: t('loss.notLost') },
          { value: 'confirmation', label: t('loss.lost') },
        ]}
      />
      {verdict !== null && <span>{t(verdict === 'confirmation' ? 'loss.lostText' : 'loss.notLostText')}</span>}
      <Textarea
        label={t('loss.note')}
        maxLength={200}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
    </DecisionDialog>
  );
}
