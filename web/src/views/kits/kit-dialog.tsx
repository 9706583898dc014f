import { Button } from '@mantine/core';
import type { Reference } from '@tagtrail/shared/api/common.js';
import type { KitView } from '@tagtrail/shared/api/kit.js';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../app/services.js';
import { DecisionDialog } from '../../ui/decision-dialog.js';
import { SearchedMany, SearchedOne } from '../../ui/searched.js';

const touches = ['rules', 'asset', 'assets'] as const;

/** Makes a tool a kit of others, or changes what belongs to one. */
export function KitDialog({ kit, onClose }: { kit: KitView | null; onClose: () => void }) {
  const { t } = useTranslation();
  const api = useApi();
  const [box, setBox] = useState<string | null>(kit?.id ?? null);
  const [children, setChildren] = useState<readonly Reference[]>(kit?.children.map(({ asset }) => asset) ?? []);
  const [isEnding, setIsEnding] = useState(false);
  if (kit !== null && isEnding) {
    return (
      <DecisionDialog
        title={t('kit.endTitle', { name: kit.name })}
        text={t('kit.endText')}
        confirm={t('kit.end')}
        decide={() => api.endKit(kit.id)}
        touches={touches}
        onClose={onClose}
      />
    );
  }
  const isReady = box !== null && children.length > 0 && children.every(({ id }) => id !== box);
  const ids = children.map(({ id }) => id);
  return (
    <DecisionDialog
      title={kit === null ? t('kit.new') : t('kit.changeOf', { name: kit.name })}
      text={t('kit.text')}
      confirm={t('common.save')}
      decide={isReady ? () => api.setKit(box, ids) : null}
      touches={touches}
      size="lg"
      onClose={onClose}
    >
      {kit === null && <SearchedOne kind="asset" label={t('kit.box')} value={box} onChange={setBox} testId="kit-box" />}
      <SearchedMany
        kind="asset"
        label={t('kit.children')}
        description={t('kit.childrenHelp')}
        value={children}
        onChange={setChildren}
        testId="kit-children"
      />
      {kit !== null && (
        <Button
          variant="subtle"
          color="red"
          size="xs"
          style={{ alignSelf: 'start' }}
          onClick={() => setIsEnding(true)}
          data-testid="end-kit"
        >
          {t('kit.end')}
        </Button>
      )}
    </DecisionDialog>
  );
}
