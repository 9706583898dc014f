// @vitest-environment jsdom
import type { QuarantineView } from '@tagtrail/shared/api/quarantine.js';
import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { renderScreen } from '../../../test/render.js';
import { QuarantineList } from './quarantine-list.js';

const nowMs = Date.parse('2026-11-22T06:00:00.000Z');
const page = (data: unknown[]) => Response.json({ data, has_more: false, next_cursor: null });
const me = (role: string) =>
  Response.json({ id: 'user_1', name: 'M', email: 'm@x.io', role, tenant: { id: 't', name: 'T' }, sites: null });
const epc = 'E28011700000000000000077';
const tag: QuarantineView = {
  ...{ id: 'quarantine_1', state: 'open', reason: 'unknown_tag', detail: epc, epc, occurrences: 3 },
  ...{ at: '2026-11-21T06:00:00.000Z', last_at: '2026-11-22T05:00:00.000Z', sequence: null },
  cabinet: { id: 'cabinet_1', name: 'N1' },
  ...{ asset: null, decided_by: null, decided_at: null, note: null },
};
const forged: QuarantineView = { ...tag, id: 'quarantine_2', reason: 'bad_signature', detail: 'batch 3', epc: null };

const render = (role: string, records: QuarantineView[] = [tag, forged], language: 'en' | 'fr' = 'en') =>
  renderScreen(<QuarantineList />, {
    nowMs,
    language,
    answers: {
      'GET /v1/me': () => me(role),
      'GET /v1/quarantine': () => page(records),
      'GET /v1/cabinets': () => page([]),
      'GET /v1/sites': () => page([{ id: 'site_9', name: 'Hangar 9', time_zone: 'UTC' }]),
      'POST /v1/quarantine/quarantine_3/adoption': () => Response.json({ ...tag, state: 'adopted' }),
      'POST /v1/quarantine/quarantine_1/adoption': () => Response.json({ ...tag, state: 'adopted' }),
      'POST /v1/quarantine/quarantine_2/rejection': () => Response.json({ ...forged, state: 'rejected' }),
    },
  });
const rowOf = async (container: HTMLElement, id: string): Promise<HTMLElement> =>
  await waitFor(() => {
    const row = container.querySelector<HTMLElement>(`[data-quarantine="${id}"]`);
    if (row === null) throw new Error('no such row yet');
    return row;
  });

afterEach(cleanup);

describe('QuarantineList', () => {
  it('asks for what is open first, and gives a tag to a new tool', async () => {
    const { asked, container } = await render('manager');
    const row = await rowOf(container, tag.id);
    expect(asked).toContain('GET /v1/quarantine?limit=50&state=open');
    expect(row.textContent).toContain('nobody has registered this tag');
    expect(row.textContent).toContain('3 times');
    fireEvent.click(await within(row).findByTestId('adopt'));
    const confirm = (await screen.findByTestId('decision-confirm')) as HTMLButtonElement;
    expect(confirm.disabled).toBe(true);
    fireEvent.change(screen.getByLabelText('Name of the tool'), { target: { value: ' Torch ' } });
    fireEvent.click(confirm);
    const body = JSON.stringify({ new_asset: { name: 'Torch', home_cabinet_id: 'cabinet_1' } });
    await waitFor(() => expect(asked).toContain(`POST /v1/quarantine/quarantine_1/adoption ${body}`));
  });

  it('takes on a cabinet that is not known, by name and site', async () => {
    const stranger: QuarantineView = { ...tag, id: 'quarantine_3', reason: 'unknown_cabinet', epc: null };
    const { asked, container } = await render('admin', [stranger]);
    fireEvent.click(await within(await rowOf(container, stranger.id)).findByTestId('adopt'));
    fireEvent.change(await screen.findByLabelText('Name of the cabinet'), { target: { value: 'North 2' } });
    fireEvent.click(screen.getAllByLabelText('Site')[0] as HTMLElement);
    fireEvent.click(await screen.findByText('Hangar 9'));
    fireEvent.click(screen.getByTestId('decision-confirm'));
    const body = JSON.stringify({ new_cabinet: { name: 'North 2', site_id: 'site_9' } });
    await waitFor(() => expect(asked).toContain(`POST /v1/quarantine/quarantine_3/adoption ${body}`));
  });

  it('offers nothing but a rejection with a reason for what is not signed, and that to administrators only', async () => {
    const { asked, container } = await render('admin');
    const row = await rowOf(container, forged.id);
    fireEvent.click(await within(row).findByTestId('reject'));
    expect(within(row).queryByTestId('adopt')).toBeNull();
    fireEvent.change(await screen.findByLabelText('Why it is rejected'), { target: { value: 'a clone' } });
    fireEvent.click(screen.getByTestId('decision-confirm'));
    const body = JSON.stringify({ reason: 'a clone' });
    await waitFor(() => expect(asked).toContain(`POST /v1/quarantine/quarantine_2/rejection ${body}`));
    cleanup();
    const again = await render('manager');
    await within(await rowOf(again.container, tag.id)).findByTestId('reject');
    expect(within(await rowOf(again.container, forged.id)).queryByTestId('reject')).toBeNull();
  });

  it('says that nothing is there, in French', async () => {
    await render('viewer', [], 'fr');
    expect(await screen.findByText('Rien n’a été mis de côté.')).toBeDefined();
  });
});
