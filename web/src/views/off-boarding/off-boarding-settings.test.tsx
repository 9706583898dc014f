// @vitest-environment jsdom
import type { OffBoardingView } from '@tagtrail/shared/api/off-boarding.js';
import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { sentTo } from '../../../test/answers.js';
import { renderScreen } from '../../../test/render.js';
import { OffBoardingSettings } from './off-boarding-settings.js';

const nowMs = Date.parse('2026-11-22T06:00:00.000Z');
const waiting: OffBoardingView = {
  ...{ status: 'waiting', contract_ends_on: '2026-12-31', record_days: 3650 },
  ...{ asked_by: { id: 'user_2', name: 'Paul' }, asked_at: '2026-11-21T06:00:00.000Z' },
  ...{ expires_at: '2026-12-05T06:00:00.000Z', decided_by: null, decided_at: null, remove_at: null },
  ...{ exported_at: '2026-11-21T07:00:00.000Z', holds: 0 },
};
const decided = { decided_by: { id: 'user_1', name: 'Maria' }, decided_at: '2026-11-22T05:00:00.000Z' };
const agreed: OffBoardingView = { ...waiting, ...decided, status: 'agreed', remove_at: '2027-01-01T12:00:00.000Z' };

const show = (off_boarding: OffBoardingView | null, sites: { id: string; name: string }[] | null = null) =>
  renderScreen(<OffBoardingSettings />, {
    nowMs,
    answers: {
      'GET /v1/me': () =>
        Response.json({
          ...{ id: 'user_1', name: 'Maria', email: 'm@x.io', role: 'admin', tenant: { id: 't', name: 'Aero Nord' } },
          sites,
        }),
      'GET /v1/off-boarding': () => Response.json({ off_boarding }),
      'POST /v1/off-boarding': () => Response.json(waiting, { status: 201 }),
      'POST /v1/off-boarding/approval': () => Response.json(agreed),
      'POST /v1/off-boarding/rejection': () => Response.json({ ...waiting, ...decided, status: 'rejected' }),
    },
  });
const confirm = () => screen.getByTestId('decision-confirm') as HTMLButtonElement;
const type = (testId: string, value: string) => fireEvent.change(screen.getByTestId(testId), { target: { value } });

afterEach(cleanup);

describe('the end of a contract', () => {
  it('is asked for only with a day to come, how long the record stays, and the name of the customer', async () => {
    const { asked } = await show(null);
    fireEvent.click(await screen.findByTestId('ask-leaving'));
    await screen.findByTestId('customer-name');
    type('contract-ends', '2026-11-21');
    type('record-days', '3650');
    type('customer-name', 'Aero Nord');
    expect(screen.getByText('This day is over.')).toBeDefined();
    expect(confirm().disabled).toBe(true);
    type('contract-ends', '2026-12-31');
    type('customer-name', 'aero nord');
    expect(confirm().disabled).toBe(true);
    type('customer-name', ' Aero Nord ');
    type('record-days', '1.5');
    expect(confirm().disabled).toBe(true);
    type('record-days', '3650');
    fireEvent.click(confirm());
    await waitFor(() =>
      expect(sentTo(asked, 'POST /v1/off-boarding')).toEqual({ contract_ends_on: '2026-12-31', record_days: 3650 }),
    );
  });

  it('takes the name and the day again of the second administrator', async () => {
    const { asked } = await show(waiting);
    fireEvent.click(await screen.findByTestId('approve-leaving'));
    await screen.findByTestId('customer-name');
    expect(confirm().disabled).toBe(true);
    type('customer-name', 'Aero Nord');
    fireEvent.click(confirm());
    await waitFor(() =>
      expect(sentTo(asked, 'POST /v1/off-boarding/approval')).toEqual({
        ...{ contract_ends_on: '2026-12-31', without_export: false },
      }),
    );
  });

  it('is agreed to without an export only by whoever says that the trail will be lost', async () => {
    const { asked } = await show({ ...waiting, exported_at: null });
    expect((await screen.findByTestId('leaving-blocks')).textContent).toContain('Nobody has exported');
    fireEvent.click(screen.getByTestId('approve-leaving'));
    await screen.findByTestId('customer-name');
    type('customer-name', 'Aero Nord');
    expect(confirm().disabled).toBe(true);
    fireEvent.click(screen.getByTestId('without-export'));
    fireEvent.click(confirm());
    await waitFor(() =>
      expect(sentTo(asked, 'POST /v1/off-boarding/approval')).toMatchObject({ without_export: true }),
    );
  });

  it('cannot be agreed to while a hold stands, nor by whoever asked', async () => {
    await show({ ...waiting, holds: 2 });
    expect(((await screen.findByTestId('approve-leaving')) as HTMLButtonElement).disabled).toBe(true);
    expect(screen.getByTestId('leaving-blocks').textContent).toContain('2 legal holds');
    cleanup();
    await show({ ...waiting, asked_by: { id: 'user_1', name: 'Maria' } });
    expect((await screen.findByTestId('stop-leaving')).textContent).toBe('Take back');
    expect(screen.queryByTestId('approve-leaving')).toBeNull();
  });

  it('says the day on which everything goes, and is stopped until then', async () => {
    const { asked } = await show(agreed);
    expect(await screen.findByText('Everything of Aero Nord will be removed on 1 Jan 2027')).toBeDefined();
    fireEvent.click(screen.getByTestId('stop-leaving'));
    await screen.findByTestId('decision-confirm');
    fireEvent.click(confirm());
    await waitFor(() => expect(asked).toContain('POST /v1/off-boarding/rejection'));
  });

  it('offers nothing once it is under way, nor to somebody who sees some sites only', async () => {
    await show({ ...agreed, status: 'closing' });
    expect(await screen.findByText('It cannot be stopped any more.')).toBeDefined();
    expect(screen.queryByTestId('stop-leaving')).toBeNull();
    cleanup();
    await show(null, [{ id: 'site_1', name: 'Hangar' }]);
    expect(await screen.findByText('This is for administrators who see all sites.')).toBeDefined();
    expect(screen.queryByTestId('ask-leaving')).toBeNull();
  });

  it('tells how the last one ended, and can be asked for again', async () => {
    await show({ ...waiting, ...decided, status: 'rejected' });
    expect((await screen.findByTestId('leaving-before')).dataset.status).toBe('rejected');
    expect(screen.getByTestId('ask-leaving')).toBeDefined();
  });
});
