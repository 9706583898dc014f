// @vitest-environment jsdom
import { cleanup, fireEvent, screen } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createWorld } from '../../../test/fixture-world.js';
import { renderScreen } from '../../../test/render.js';
import { EnrolDialog } from './enrol-dialog.js';

const nowMs = Date.parse('2026-11-22T06:00:00.000Z');
const [cabinet] = createWorld(nowMs).cabinets;
const code = {
  code: '7M3KQ8ZT-4XN2VHWB6RPC9SDEJF0GYA5K1T',
  cabinet_id: cabinet?.id ?? '',
  expires_at: '2026-11-22T06:15:00.000Z',
};
const route = `POST /v1/cabinets/${cabinet?.id}/enrolment-codes`;

const render = async (answer: () => Response) => {
  if (cabinet === undefined) throw new Error('the made-up customer has no cabinet');
  const onClose = vi.fn();
  const view = await renderScreen(<EnrolDialog cabinet={cabinet} onClose={onClose} />, {
    nowMs,
    answers: { [route]: answer },
  });
  fireEvent.click(await screen.findByTestId('decision-confirm'));
  return { ...view, onClose };
};

afterEach(cleanup);

describe('EnrolDialog', () => {
  it('shows the code once, with what to type, and stays until it is closed', async () => {
    const { asked, onClose } = await render(() => Response.json(code, { status: 201 }));
    const dialog = await screen.findByTestId('enrolment-code');
    expect(screen.getByTestId('code').textContent).toBe(code.code);
    expect(dialog.textContent).toContain(`--cloud ${location.origin}`);
    expect(dialog.textContent).toContain(`--code ${code.code}`);
    expect(onClose).not.toHaveBeenCalled();
    expect(asked.filter((line) => line.startsWith(route))).toHaveLength(1);
    fireEvent.click(screen.getByText('Done'));
    expect(onClose).toHaveBeenCalledOnce();
  });

  it('says why there is no code', async () => {
    const { onClose } = await render(() => new Response(null, { status: 500 }));
    await screen.findByRole('alert');
    expect(screen.queryByTestId('enrolment-code')).toBeNull();
    expect(onClose).not.toHaveBeenCalled();
  });
});
