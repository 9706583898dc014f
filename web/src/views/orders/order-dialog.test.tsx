// @vitest-environment jsdom
import type { OrderView } from '@tagtrail/shared/api/order.js';
import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { listOf, sentTo } from '../../../test/answers.js';
import { renderScreen } from '../../../test/render.js';
import { OrderDialog } from './order-dialog.js';

const nowMs = Date.parse('2026-11-22T06:00:00.000Z');
const order: OrderView = {
  ...{ id: 'order_1', number: '4711', title: 'Engine 2', state: 'open', closed_at: null },
  people: [{ id: 'person_1', name: 'Ana Ruiz' }],
  cabinets: [{ id: 'cabinet_1', name: 'B2' }],
  created_at: '2026-11-20T06:00:00.000Z',
};

const render = async (of: OrderView | null, language: 'en' | 'fr' = 'en') => {
  const onClose = vi.fn();
  const view = await renderScreen(<OrderDialog order={of} onClose={onClose} />, {
    ...{ nowMs, language },
    answers: {
      'GET /v1/cabinets': () => listOf([]),
      'GET /v1/people': () => listOf([]),
      'POST /v1/orders': () => Response.json(order),
      'PATCH /v1/orders/order_1': () => Response.json(order),
    },
  });
  return { ...view, onClose, confirm: (await screen.findByTestId('decision-confirm')) as HTMLButtonElement };
};
const type = (label: string, value: string): void =>
  void fireEvent.change(screen.getByLabelText(label), { target: { value } });

afterEach(cleanup);

describe('OrderDialog', () => {
  it('opens an order for everybody at all cabinets where nothing else is chosen', async () => {
    const { asked, confirm, onClose } = await render(null, 'fr');
    expect(confirm.disabled).toBe(true);
    type('Numéro', ' 4712 ');
    fireEvent.click(confirm);
    await waitFor(() => expect(onClose).toHaveBeenCalled());
    const wanted = { number: '4712', title: null, people_ids: null, cabinet_ids: null };
    expect(sentTo(asked, 'POST /v1/orders')).toEqual(wanted);
  });

  it('sends of an open order only what was touched', async () => {
    const { asked, confirm, onClose } = await render(order);
    expect((screen.getByLabelText('Number') as HTMLInputElement).disabled).toBe(true);
    expect(confirm.disabled).toBe(true);
    type('Title', 'Engine 2 change');
    fireEvent.click(confirm);
    await waitFor(() => expect(onClose).toHaveBeenCalled());
    expect(sentTo(asked, 'PATCH /v1/orders/order_1')).toEqual({ title: 'Engine 2 change' });
  });
});
