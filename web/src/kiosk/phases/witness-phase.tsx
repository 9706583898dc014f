import { IconUsersPlus, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { BigButton } from '../big-button.js';
import { Actions } from '../countdown.js';
import { useKiosk } from '../kiosk-context.js';
import { Message } from '../message.js';
import { ReturnButton } from './return-offer-phase.js';

/** The cabinet opens to two persons; one has badged. */
export function WitnessPhase() {
  const { t } = useTranslation();
  const { state, nowMs, leavesAt, client } = useKiosk();
  return (
    <Message
      tone="warn"
      icon={IconUsersPlus}
      title={t('kiosk.witness')}
      text={t('kiosk.witnessText', { name: state.person?.displayName ?? '' })}
      help={t('kiosk.witnessHelp')}
      actions={
        <Actions leavesAt={leavesAt} nowMs={nowMs}>
          <ReturnButton />
          <BigButton icon={IconX} label={t('pin.cancel')} onPress={() => client.signOut()} testId="kiosk-cancel" />
        </Actions>
      }
    />
  );
}
