import { IconCloudOff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { clockText } from '../data/time-text.js';
import { languageOf } from '../text/text.js';
import { useLive, useNow } from './services.js';

/** A short loss mends itself and is not worth a banner. */
const patienceMs = 3_000;

/** Says above every page that what it shows may be old. */
export function LiveBanner() {
  const { t, i18n } = useTranslation();
  const connection = useLive((state) => state.connection);
  const lostAtMs = useLive((state) => state.lostAtMs);
  const nowMs = useNow();
  if (lostAtMs === null || connection === 'live') return null;
  if (connection !== 'ended' && nowMs - lostAtMs < patienceMs) return null;
  const time = clockText(new Date(lostAtMs).toISOString(), nowMs, languageOf(i18n));
  return (
    <div className="tt-banner tt-hatched" role="status" data-testid="live-banner">
      <IconCloudOff size={18} aria-hidden />
      {connection === 'ended' ? t('live.ended') : t('live.lost', { time })}
    </div>
  );
}

/** The state of the live connection in the header. */
export function LiveDot() {
  const { t } = useTranslation();
  const connection = useLive((state) => state.connection);
  const word = connection === 'live' ? 'live' : connection === 'connecting' ? 'connecting' : 'lostShort';
  return (
    <span className="tt-live-dot" data-testid="live-state" data-connection={connection}>
      <i aria-hidden />
      <span>{t(`live.${word}`)}</span>
    </span>
  );
}
