import {
  IconArrowsExchange2,
  IconCheck,
  IconClipboardText,
  IconFileText,
  IconLockOpen,
  IconLogout,
  IconMessageReport,
  IconUserScan,
  IconX,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { BigButton } from '../big-button.js';
import { Actions } from '../countdown.js';
import { GreetingMarks } from '../greeting-marks.js';
import { useKiosk } from '../kiosk-context.js';
import { Message } from '../message.js';

/** The greeting. The door is opening; every button may be left alone. */
export function UnlockedPhase() {
  const { t } = useTranslation();
  const { state, desk, nowMs, leavesAt } = useKiosk();
  const name = state.person?.displayName;
  const [first] = desk.orders?.open ?? [];
  const asks = desk.orders !== null && !desk.orders.decided && first !== undefined;
  const hello = name === undefined ? t('kiosk.helloUnknown') : t('kiosk.hello', { name });
  const order = desk.orders?.chosen;
  const help = desk.returnOnly === null ? t('kiosk.unlockedHelp') : t('returnOnly.openHelp');
  const marked = desk.warnings.length > 0 || desk.witness !== null;
  return (
    <Message
      tone={desk.returnOnly === null ? 'ok' : 'warn'}
      icon={IconLockOpen}
      title={asks ? t('kiosk.helloOrder', { hello, number: first.number }) : hello}
      text={
        desk.returnOnly !== null
          ? t('returnOnly.unlocked')
          : order == null
            ? t('kiosk.unlocked')
            : t('kiosk.unlockedOrder', { number: order.number })
      }
      help={asks && first.title !== null ? first.title : marked ? undefined : help}
      actions={
        <Actions leavesAt={leavesAt} nowMs={nowMs}>
          {asks ? <OrderButtons /> : <OtherButtons />}
        </Actions>
      }
    >
      <GreetingMarks />
    </Message>
  );
}

function OrderButtons() {
  const { t } = useTranslation();
  const { desk, client, heed, open } = useKiosk();
  const orders = desk.orders?.open ?? [];
  const [first] = orders;
  if (first === undefined) return null;
  const choose = (order: typeof first.order | null): void => void client.act('order', { order }).then(heed);
  return (
    <>
      <BigButton
        icon={IconCheck}
        look="primary"
        label={t('kiosk.orderYes', { number: first.number })}
        onPress={() => choose(first.order)}
        testId="kiosk-order-yes"
      />
      {orders.length > 1 && (
        <BigButton
          icon={IconClipboardText}
          label={t('kiosk.orderOther')}
          onPress={() => open({ kind: 'orders' })}
          testId="kiosk-order-other"
        />
      )}
      <BigButton icon={IconX} label={t('kiosk.orderNone')} onPress={() => choose(null)} testId="kiosk-order-none" />
    </>
  );
}

function OtherButtons() {
  const { t } = useTranslation();
  const { state, desk, open } = useKiosk();
  const holds = state.holding.some((held) => held.epc !== undefined);
  const asksToRead = desk.notice !== null && !desk.notice.acknowledged;
  return (
    <>
      <BigButton
        icon={IconUserScan}
        label={t('mine.open')}
        onPress={() => open({ kind: 'mine' })}
        testId="kiosk-mine"
      />
      {holds && (
        <>
          {!asksToRead && (
            <BigButton
              icon={IconMessageReport}
              label={t('report.short')}
              onPress={() => open({ kind: 'report_choice' })}
              testId="kiosk-report"
            />
          )}
          <BigButton
            icon={IconArrowsExchange2}
            label={t('handOver.open')}
            onPress={() => open({ kind: 'hand_over_choice' })}
            testId="kiosk-hand-over"
          />
          <BigButton
            icon={IconLogout}
            label={t('shift.open')}
            onPress={() => open({ kind: 'shift_end' })}
            testId="kiosk-shift-end"
          />
        </>
      )}
      {asksToRead && (
        <BigButton
          icon={IconFileText}
          look="warn"
          label={t('notice.changed')}
          onPress={() => open({ kind: 'notice' })}
          testId="kiosk-notice"
        />
      )}
    </>
  );
}
