import { Button, SegmentedControl, Table, Title } from '@mantine/core';
import { IconClipboardList, IconPlus } from '@tabler/icons-react';
import type { Reference } from '@tagtrail/shared/api/common.js';
import type { OrderView } from '@tagtrail/shared/api/order.js';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../app/may.js';
import { useApi } from '../../app/services.js';
import { ActionsHead } from '../../ui/actions-head.js';
import { DecisionDialog } from '../../ui/decision-dialog.js';
import { EmptyState, ErrorState, RowsSkeleton } from '../../ui/page-states.js';
import { RecordTable } from '../../ui/record-table.js';
import { TableFoot } from '../../ui/table-foot.js';
import { When } from '../../ui/when.js';
import { OrderDialog } from './order-dialog.js';

type Decision = { readonly how: 'open' } | { readonly how: 'change' | 'close'; readonly order: OrderView };

/** The work orders that people choose at a cabinet: for whom each is, and where it is offered. */
export function OrdersPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { state } = useSearch({ from: '/inside/orders' });
  const mayChange = useMay('manager');
  const [decision, setDecision] = useState<Decision | null>(null);
  const close = (): void => setDecision(null);
  return (
    <>
      <header className="tt-page-head">
        <Title order={1} size={22}>
          {t('order.many')}
        </Title>
        <div className="tt-detail-actions">
          <SegmentedControl
            aria-label={t('order.show')}
            value={state ?? 'open'}
            onChange={(value) =>
              void navigate({ to: '/orders', search: value === 'closed' ? { state: 'closed' } : {}, replace: true })
            }
            data={[
              { value: 'open', label: t('order.open') },
              { value: 'closed', label: t('order.closed') },
            ]}
          />
          {mayChange && (
            <Button
              leftSection={<IconPlus size={16} aria-hidden />}
              onClick={() => setDecision({ how: 'open' })}
              data-testid="open-order"
            >
              {t('order.new')}
            </Button>
          )}
        </div>
      </header>
      <p className="tt-page-lead">{t('order.lead')}</p>
      <section className="tt-card tt-section" data-testid="orders">
        <OrderRows state={state ?? 'open'} mayChange={mayChange} onDecide={setDecision} />
      </section>
      {decision?.how === 'open' && <OrderDialog order={null} onClose={close} />}
      {decision?.how === 'change' && <OrderDialog order={decision.order} onClose={close} />}
      {decision?.how === 'close' && <CloseDialog order={decision.order} onClose={close} />}
    </>
  );
}

interface RowsProps {
  readonly state: OrderView['state'];
  readonly mayChange: boolean;
  readonly onDecide: (decision: Decision) => void;
}

function OrderRows({ state, mayChange, onDecide }: RowsProps) {
  const { t } = useTranslation();
  const api = useApi();
  const list = useInfiniteQuery({
    queryKey: ['orders', state],
    queryFn: ({ pageParam }) => api.orders({ limit: 50, state, ...(pageParam === null ? {} : { cursor: pageParam }) }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => (last.has_more ? last.next_cursor : null),
  });
  if (list.isPending) return <RowsSkeleton />;
  if (list.isError) return <ErrorState error={list.error} retry={() => void list.refetch()} />;
  const orders = list.data.pages.flatMap((page) => page.data);
  if (orders.length === 0) {
    return <EmptyState icon={IconClipboardList} title={t(`order.${state}None`)} next={t(`order.${state}NoneNext`)} />;
  }
  return (
    <>
      <RecordTable verticalSpacing="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('order.one')}</Table.Th>
            <Table.Th>{t('order.people')}</Table.Th>
            <Table.Th>{t('order.places')}</Table.Th>
            <Table.Th>{t(state === 'open' ? 'order.openedAt' : 'order.closedAt')}</Table.Th>
            <ActionsHead />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {orders.map((order) => (
            <Table.Tr key={order.id} data-order={order.id} data-state={order.state}>
              <Table.Td>
                <span className="tt-name">
                  <strong>{order.number}</strong>
                  <small>{order.title}</small>
                </span>
              </Table.Td>
              <Table.Td>
                <Names list={order.people} all={t('order.everybody')} />
              </Table.Td>
              <Table.Td>
                <Names list={order.cabinets} all={t('order.everywhere')} />
              </Table.Td>
              <Table.Td>
                <When at={order.closed_at ?? order.created_at} />
              </Table.Td>
              <Table.Td className="tt-end">
                {mayChange && order.state === 'open' && (
                  <span className="tt-row-actions">
                    <Button variant="default" size="xs" onClick={() => onDecide({ how: 'change', order })}>
                      {t('settings.edit')}
                    </Button>
                    <Button
                      variant="default"
                      size="xs"
                      onClick={() => onDecide({ how: 'close', order })}
                      data-testid="close-order"
                    >
                      {t('order.close')}
                    </Button>
                  </span>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </RecordTable>
      <TableFoot
        shown={orders.length}
        more={list.hasNextPage}
        loading={list.isFetchingNextPage}
        onMore={() => void list.fetchNextPage()}
      />
    </>
  );
}

const namesShown = 3;

/** The first few names; all of them on hover. */
function Names({ list, all }: { list: readonly Reference[] | null; all: string }) {
  const { t } = useTranslation();
  if (list === null) return <span className="tt-soft">{all}</span>;
  const names = list.map(({ name }) => name ?? t('common.formerColleague'));
  const rest = names.length - namesShown;
  return (
    <span title={names.join(', ')}>
      {names.slice(0, namesShown).join(', ')}
      {rest > 0 && <span className="tt-soft"> {t('order.andMore', { count: rest })}</span>}
    </span>
  );
}

function CloseDialog({ order, onClose }: { order: OrderView; onClose: () => void }) {
  const { t } = useTranslation();
  const api = useApi();
  return (
    <DecisionDialog
      title={t('order.closeTitle', { number: order.number })}
      text={t('order.closeText')}
      confirm={t('order.close')}
      decide={() => api.closeOrder(order.id)}
      touches={['orders']}
      onClose={onClose}
    />
  );
}
