import { Textarea } from '@mantine/core';
import type { AssetState, AssetView } from '@tagtrail/shared/api/asset.js';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../app/services.js';
import { DecisionDialog } from '../../ui/decision-dialog.js';

const gone: ReadonlySet<AssetState> = new Set(['out', 'missing', 'disputed', 'unknown']);

/** Whether the screen offers to say that a tool is lost: nobody can say where it is. The server decides. */
export function mayBeLost({ state }: AssetView): boolean {
  return gone.has(state);
}

/** Says that a tool is lost for good; it takes a second person to make it so. */
export function AskLossDialog({ asset, onClose }: { asset: AssetView; onClose: () => void }) {
  const { t } = useTranslation();
  const api = useApi();
  const [note, setNote] = useState('');
  return (
    <DecisionDialog
      title={t('loss.title', { name: asset.name })}
      text={t('loss.text')}
      confirm={t('loss.ask')}
      decide={note.trim() === '' ? null : () => api.askLoss(asset.id, note.trim())}
      touches={['asset', 'assets', 'attention', 'overview']}
      isGrave
      onClose={onClose}
    >
      <Textarea
        label={t('loss.done')}
        maxLength={200}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
    </DecisionDialog>
  );
}
