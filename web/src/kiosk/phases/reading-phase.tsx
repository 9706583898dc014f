import { useTranslation } from 'react-i18next';
import { useKiosk } from '../kiosk-context.js';
import { ReadingRing } from '../reading-ring.js';

/** The door is closed, the cabinet counts. */
export function ReadingPhase() {
  const { t } = useTranslation();
  const { state, phaseMs } = useKiosk();
  const seconds = Math.floor(phaseMs / 1000);
  const seen = state.reading === null || state.reading.seen === 0 ? null : state.reading.seen;
  return (
    <ReadingRing
      seconds={seconds}
      title={t('kiosk.reading')}
      text={
        seen === null
          ? t('kiosk.readingSeconds', { seconds })
          : `${t('kiosk.readingSeconds', { seconds })} · ${t('kiosk.readingSeen', { count: seen })}`
      }
      help={t('kiosk.readingHelp')}
    />
  );
}
