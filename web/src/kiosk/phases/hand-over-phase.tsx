import { IconArrowsExchange2, IconCheck, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { BigButton } from '../big-button.js';
import { Actions, secondsUntil } from '../countdown.js';
import { useKiosk } from '../kiosk-context.js';
import { Message } from '../message.js';

const named = 3;

/** The tools go to whoever badges next, or are declared lost by both. */
export function HandOverPhase() {
  const { t } = useTranslation();
  const { desk, nowMs, leavesAt, client, heed } = useKiosk();
  const items = desk.handOver?.items ?? [];
  const names = items
    .slice(0, named)
    .map(({ name }) => name)
    .join(', ');
  const more = items.length - named;
  const list = more > 0 ? `${names} ${t('kiosk.andMore', { count: more })}` : names;
  const to = desk.handOver?.to ?? null;
  const words = desk.handOver?.lost === true ? 'lostByTwo' : 'handOver';
  if (to !== null) {
    const seconds = secondsUntil(leavesAt, nowMs);
    return (
      <Message
        tone="ok"
        icon={IconCheck}
        title={t(`${words}.done`, { name: to })}
        text={list}
        help={t(`${words}.doneHelp`)}
        actions={
          <Actions leavesAt={leavesAt} nowMs={nowMs}>
            <BigButton
              icon={IconCheck}
              look="primary"
              label={t('kiosk.done')}
              note={seconds === null ? undefined : t('kiosk.leaves', { seconds })}
              onPress={() => client.signOut()}
              testId="kiosk-done"
            />
          </Actions>
        }
      />
    );
  }
  const refused = desk.handOver?.refused ?? null;
  return (
    <Message
      tone={refused === null ? 'idle' : 'bad'}
      icon={IconArrowsExchange2}
      title={refused === null ? t(`${words}.badge`) : t(`${words}.refused.${refused}`)}
      text={list}
      help={t(`${words}.badgeHelp`)}
      actions={
        <Actions leavesAt={leavesAt} nowMs={nowMs}>
          <BigButton
            icon={IconX}
            label={t('pin.cancel')}
            onPress={() => void client.act('handOver', { epcs: [] }).then(heed)}
            testId="kiosk-cancel"
          />
        </Actions>
      }
    />
  );
}
