import { IconCircleCheck, IconClipboardText, IconX } from '@tabler/icons-react';
import type { KioskOrder } from '@tagtrail/shared/kiosk/kiosk-desk.js';
import { useTranslation } from 'react-i18next';
import { BigButton } from '../big-button.js';
import { useKiosk } from '../kiosk-context.js';
import { PageFrame } from '../page-frame.js';
import { Paged } from '../paged.js';
import { Row } from '../row.js';

/** The person's open orders; one tap chooses. */
export function OrdersPage() {
  const { t } = useTranslation();
  const { desk, client, heed, close } = useKiosk();
  const choose = (order: KioskOrder['order'] | null): void =>
    void client.act('order', { order }).then((answer) => heed(answer) && close());
  return (
    <PageFrame
      title={t('kiosk.ordersTitle')}
      actions={
        <BigButton icon={IconX} label={t('kiosk.orderNone')} onPress={() => choose(null)} testId="kiosk-order-none" />
      }
    >
      <Paged
        items={desk.orders?.open ?? []}
        keyOf={({ order }) => order}
        label={t('kiosk.ordersTitle')}
        render={(order) => {
          const chosen = desk.orders?.chosen?.order === order.order;
          return (
            <Row
              state={chosen ? 'ok' : 'out'}
              icon={chosen ? IconCircleCheck : IconClipboardText}
              name={order.number}
              note={order.title ?? undefined}
              onPress={() => choose(order.order)}
              testId="kiosk-order"
            />
          );
        }}
      />
    </PageFrame>
  );
}
