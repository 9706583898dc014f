// @vitest-environment jsdom
import type { CabinetView } from '@tagtrail/shared/api/cabinet.js';
import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { renderScreen } from '../../../test/render.js';
import { RevokeDialog } from './revoke-dialog.js';

const nowMs = Date.parse('2026-11-22T06:00:00.000Z');
const cabinet: CabinetView = {
  ...{ id: 'cabinet_1', name: 'B2', site: { id: 'site_1', name: 'Hangar' }, link: 'online' },
  ...{ last_seen_at: new Date(nowMs).toISOString(), pending: 14, oldest_pending_at: null },
  ...{ rulebook_version: 1, rulebook_wanted: 1, devices: {}, doors: [], phase: 'idle', session: null },
  ...{ last_session: null, counts: { assigned: 10, inside: 8, out: 2, missing: 0, disputed: 0 }, counted_at: null },
};

afterEach(cleanup);

describe('RevokeDialog', () => {
  it('says what would be lost, asks why, and closes once the cabinet is cut off', async () => {
    const onClose = vi.fn();
    const { asked } = await renderScreen(<RevokeDialog cabinet={cabinet} onClose={onClose} />, {
      nowMs,
      answers: {
        'POST /v1/cabinets/cabinet_1/revocation': () =>
          Response.json({ ...cabinet, revoked_at: new Date(nowMs).toISOString() }),
      },
    });
    const confirm = (await screen.findByTestId('decision-confirm')) as HTMLButtonElement;
    expect(screen.getByText('14 lines wait in it and will not arrive.')).toBeDefined();
    expect(confirm.disabled).toBe(true);
    fireEvent.change(screen.getByLabelText('Why'), { target: { value: ' stolen ' } });
    fireEvent.click(confirm);
    await waitFor(() => expect(onClose).toHaveBeenCalled());
    expect(asked).toContain(`POST /v1/cabinets/cabinet_1/revocation ${JSON.stringify({ reason: 'stolen' })}`);
  });

  it('stays open and says why the server refuses', async () => {
    const onClose = vi.fn();
    const refusal = { type: 'not-allowed', title: 'Not allowed', status: 403, detail: 'This needs the role "admin".' };
    await renderScreen(<RevokeDialog cabinet={{ ...cabinet, pending: 0 }} onClose={onClose} />, {
      nowMs,
      language: 'fr',
      answers: {
        'POST /v1/cabinets/cabinet_1/revocation': () => Response.json({ ...refusal, request_id: 'r' }, { status: 403 }),
      },
    });
    expect(screen.queryByText(/lignes y attendent/)).toBeNull();
    fireEvent.change(await screen.findByLabelText('Pourquoi'), { target: { value: 'volée' } });
    fireEvent.click(screen.getByTestId('decision-confirm'));
    expect((await screen.findByRole('alert')).textContent).toContain('This needs the role');
    expect(onClose).not.toHaveBeenCalled();
  });
});
