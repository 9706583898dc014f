import { IconClock, IconClockQuestion } from '@tabler/icons-react';
import type { Freshness } from '@tagtrail/shared/api/common.js';
import { useTranslation } from 'react-i18next';
import { useLive, useNow } from '../app/services.js';
import { silentReferences } from '../data/freshness.js';
import { When } from './when.js';

const none: readonly never[] = [];

/** "As of" beside a total, and which silent cabinets make it incomplete. */
export function AsOf({ freshness }: { freshness: Freshness }) {
  const { t } = useTranslation();
  const nowMs = useNow();
  const cabinets = useLive((state) => state.cabinets);
  const known = cabinets === null ? none : [...cabinets.values()];
  const silent = silentReferences(freshness.silent_cabinets, known, nowMs);
  const incomplete = silent.length > 0 || !freshness.complete;
  const names = silent.map((cabinet) => cabinet.name ?? cabinet.id).join(', ');
  return (
    <span className="tt-asof" data-testid="as-of" data-complete={!incomplete}>
      <IconClock size={14} aria-hidden /> <AsOfText at={freshness.as_of} />
      {silent.length > 0 && (
        <span className="tt-badge" data-tone="old">
          <IconClockQuestion size={14} aria-hidden />
          {t('common.incomplete', { names })}
        </span>
      )}
    </span>
  );
}

function AsOfText({ at }: { at: string }) {
  const { t } = useTranslation();
  const [before, after] = t('common.asOf', { time: '|' }).split('|');
  return (
    <span>
      {before}
      <When at={at} />
      {after}
    </span>
  );
}
