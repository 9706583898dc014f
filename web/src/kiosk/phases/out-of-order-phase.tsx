import { IconBarrierBlock } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useKiosk } from '../kiosk-context.js';
import { Message } from '../message.js';

/** A device that the cabinet cannot work without is gone: which one, and what to do. */
export function OutOfOrderPhase() {
  const { t } = useTranslation();
  const { state } = useKiosk();
  const broken = state.faults.find((fault) => fault.status !== 'ok');
  // Whoever can sign in and be let in may always bring back.
  const mayReturn = state.faults.every(
    ({ device, status }) => device === 'uhf' || status === 'alarm' || status === 'trimming',
  );
  return (
    <Message
      tone="bad"
      alarm
      icon={IconBarrierBlock}
      title={t('kiosk.outOfOrder')}
      text={
        broken === undefined
          ? undefined
          : t('kiosk.fault', {
              device: t(`device.${broken.device as 'uhf'}`, { defaultValue: broken.device }),
              status: t(`device.${broken.status as 'ok'}`, { defaultValue: broken.status }),
            })
      }
      help={mayReturn ? t('returnOnly.stillPossible') : t('kiosk.outOfOrderHelp')}
    />
  );
}
