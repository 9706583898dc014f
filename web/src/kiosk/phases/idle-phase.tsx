import { IconAlertTriangle, IconIdBadge2, IconKeyboard, IconSearch, IconUserScan } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { BigButton } from '../big-button.js';
import { useKiosk } from '../kiosk-context.js';
import { Message } from '../message.js';

/** Waiting for a badge; nothing here needs a touch. */
export function IdlePhase() {
  const { t } = useTranslation();
  const { open, desk, state } = useKiosk();
  const keypad = desk.keypad.offered || desk.keypad.lockedUntil !== null;
  return (
    <Message
      tone="idle"
      icon={IconIdBadge2}
      title={t('kiosk.idle')}
      text={t('kiosk.idleHelp')}
      actions={
        <div className="tk-actions">
          <BigButton
            icon={IconSearch}
            label={t('find.open')}
            onPress={() => open({ kind: 'find' })}
            testId="kiosk-find"
          />
          <BigButton
            icon={IconUserScan}
            label={t('mine.open')}
            onPress={() => open({ kind: 'mine' })}
            testId="kiosk-mine"
          />
          {keypad && (
            <BigButton
              icon={IconKeyboard}
              label={t('pin.open')}
              onPress={() => open({ kind: 'pin' })}
              testId="kiosk-pin"
            />
          )}
          {state.missing.length > 0 && (
            <BigButton
              icon={IconAlertTriangle}
              look="danger"
              label={t('kiosk.missing', { count: state.missing.length })}
              note={state.missing[0]}
              onPress={() => open({ kind: 'missing' })}
              testId="kiosk-missing"
            />
          )}
        </div>
      }
    />
  );
}
