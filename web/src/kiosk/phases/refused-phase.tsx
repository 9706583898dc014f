import { IconBookOff, IconClockX, IconHandStop } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { clockText } from '../../data/time-text.js';
import { languageOf } from '../../text/text.js';
import { useKiosk } from '../kiosk-context.js';
import { Message } from '../message.js';

/** A badge or a PIN that does not open, each for its own reason. */
export function RefusedPhase() {
  const { t, i18n } = useTranslation();
  const { state, desk, nowMs } = useKiosk();
  const why = state.refusal ?? 'unknown';
  if (why === 'rulebook_missing') {
    return (
      <Message
        tone="bad"
        icon={IconBookOff}
        title={t('kiosk.noRules')}
        text={t('kiosk.refusal.rulebook_missing')}
        help={t('kiosk.noRulesHelp')}
      />
    );
  }
  if (why === 'pin_locked') {
    const until = desk.keypad.lockedUntil;
    return (
      <Message
        tone="bad"
        icon={IconClockX}
        title={
          until === null
            ? t('kiosk.refusal.pin_locked')
            : t('pin.locked', { time: clockText(until, nowMs, languageOf(i18n)) })
        }
        text={t('pin.lockedText')}
        help={t('kiosk.ask')}
      />
    );
  }
  return (
    <Message
      tone="bad"
      icon={IconHandStop}
      title={why === 'pin_wrong' ? t('kiosk.refusedPin') : t('kiosk.refusedTitle')}
      text={t(`kiosk.refusal.${why}`)}
      help={why === 'pin_wrong' ? t('kiosk.pinAgain') : t('kiosk.ask')}
    />
  );
}
