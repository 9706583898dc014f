import { IconArrowRight, IconBackspace, IconClockX, IconLockOpen, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { clockText } from '../../data/time-text.js';
import { languageOf } from '../../text/text.js';
import { BigButton } from '../big-button.js';
import { Actions, secondsUntil } from '../countdown.js';
import { useKiosk } from '../kiosk-context.js';
import { Message } from '../message.js';

const longest = 12;
const shortestPin = 4;

/** The way in without a badge: the number, then the PIN, which is never shown. */
export function PinPage() {
  const { t, i18n } = useTranslation();
  const { desk, nowMs, leavesAt, client, heed, close } = useKiosk();
  const [number, setNumber] = useState<string | null>(null);
  const [typed, setTyped] = useState('');
  const lockedUntil = desk.keypad.lockedUntil;
  if (lockedUntil !== null && Date.parse(lockedUntil) > nowMs) {
    return (
      <Message
        tone="bad"
        icon={IconClockX}
        title={t('pin.locked', { time: clockText(lockedUntil, nowMs, languageOf(i18n)) })}
        text={t('pin.lockedText')}
        actions={
          <Actions leavesAt={leavesAt} nowMs={nowMs}>
            <BigButton icon={IconX} label={t('find.close')} onPress={close} testId="kiosk-back" />
          </Actions>
        }
      />
    );
  }
  const seconds = secondsUntil(leavesAt, nowMs);
  const ready = number === null ? typed.length > 0 : typed.length >= shortestPin;
  const enter = (): void => {
    if (number === null) setNumber(typed);
    else void client.act('pin', { number, pin: typed }).then(heed);
    setTyped('');
  };
  return (
    <main className="tk-main" data-tone="plain">
      <div className="tk-pin">
        <div>
          <h1>{number === null ? t('pin.number') : t('pin.title')}</h1>
          <output className="tk-typed" data-testid="kiosk-typed" aria-label={t('pin.digits', { count: typed.length })}>
            {number === null ? typed : '●'.repeat(typed.length)}
            <i />
          </output>
          <p className="tk-help">{number === null ? t('pin.numberHelp') : t('pin.help')}</p>
          <BigButton
            icon={IconX}
            label={t('pin.cancel')}
            note={seconds === null ? undefined : t('kiosk.leaves', { seconds })}
            onPress={close}
            testId="kiosk-back"
          />
        </div>
        <div className="tk-pad">
          {[...'123456789'].map((digit) => (
            <Digit key={digit} digit={digit} onPress={() => setTyped((before) => (before + digit).slice(0, longest))} />
          ))}
          <button
            type="button"
            className="tk-button"
            aria-label={t('pin.erase')}
            onClick={() => setTyped((before) => before.slice(0, -1))}
          >
            <IconBackspace size={48} aria-hidden />
          </button>
          <Digit digit="0" onPress={() => setTyped((before) => `${before}0`.slice(0, longest))} />
          <button
            type="button"
            className="tk-button"
            data-look="primary"
            aria-label={number === null ? t('pin.next') : t('pin.enter')}
            disabled={!ready}
            onClick={enter}
            data-testid="kiosk-enter"
          >
            {number === null ? <IconArrowRight size={48} aria-hidden /> : <IconLockOpen size={48} aria-hidden />}
          </button>
        </div>
      </div>
    </main>
  );
}

function Digit({ digit, onPress }: { digit: string; onPress: () => void }) {
  return (
    <button type="button" className="tk-button" onClick={onPress} data-testid={`kiosk-digit-${digit}`}>
      {digit}
    </button>
  );
}
