import { IconArrowBackUp, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { BigButton } from '../big-button.js';
import { Actions } from '../countdown.js';
import { useKiosk } from '../kiosk-context.js';
import { Message } from '../message.js';

/** Nothing may be taken: says why, and opens for bringing back when the person says so. */
export function ReturnOfferPhase() {
  const { t } = useTranslation();
  const { desk, nowMs, leavesAt, client } = useKiosk();
  const why = desk.returnOnly?.why ?? 'reader_out_of_order';
  return (
    <Message
      tone="warn"
      icon={IconArrowBackUp}
      title={t(`returnOnly.why.${why}`)}
      text={t('returnOnly.offer')}
      help={t('returnOnly.offerHelp')}
      actions={
        <Actions leavesAt={leavesAt} nowMs={nowMs}>
          <ReturnButton primary />
          <BigButton icon={IconX} label={t('pin.cancel')} onPress={() => client.signOut()} testId="kiosk-cancel" />
        </Actions>
      }
    />
  );
}

/** Opens at once; what the person brings is asked only where no reader will see it. */
export function ReturnButton({ primary = false }: { primary?: boolean }) {
  const { t } = useTranslation();
  const { desk, client, heed, open } = useKiosk();
  const asks = desk.returnOnly?.why === 'reader_out_of_order' && desk.returnOnly.items.length > 0;
  return (
    <BigButton
      icon={IconArrowBackUp}
      look={primary ? 'primary' : 'plain'}
      label={t('returnOnly.open')}
      onPress={() => (asks ? open({ kind: 'return_choice' }) : void client.act('returnOnly', { epcs: [] }).then(heed))}
      testId="kiosk-return-only"
    />
  );
}
