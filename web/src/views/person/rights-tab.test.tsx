// @vitest-environment jsdom
import type { PersonView } from '@tagtrail/shared/api/person.js';
import type { PersonRights } from '@tagtrail/shared/api/person-rights.js';
import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { renderScreen } from '../../../test/render.js';
import { endOfDay } from '../../data/time-text.js';
import { RightsTab } from './rights-tab.js';

const nowMs = Date.parse('2026-11-22T06:00:00.000Z');
const person: PersonView = {
  ...{ id: 'person_1', name: 'Ana Ruiz', display_name: 'Ana', language: 'en', status: 'active', groups: [] },
  badges: [
    { id: 'badge_1', status: 'active', issued_at: '2026-10-01T06:00:00.000Z', ends_with: '4F10' },
    { id: 'badge_2', status: 'lost', issued_at: '2026-09-01T06:00:00.000Z', ends_with: '77AA' },
  ],
  ...{ holding: 0, last_session_at: null, valid_until: null, sees_holders: false },
};
const rights: PersonRights = {
  licences: [
    { name: 'Engine', valid_until: null },
    { name: 'Torque', valid_until: '2026-05-03T21:59:59.999Z' },
  ],
  pin_set_at: '2026-10-01T06:00:00.000Z',
};
/** Two cabinets that were reached and these that were not. */
const reachOf = (waiting: readonly ('online' | 'offline')[]) => {
  const cabinet = (name: string, link: string, reached: boolean) => ({
    ...{ cabinet: { id: `cabinet_${name}`, name }, site: { id: 'site_1', name: 'Hangar 2' }, link, reached },
    reached_at: reached ? '2026-11-21T06:00:00.000Z' : null,
  });
  const data = [
    ...waiting.map((link, at) => cabinet(`C${at}`, link, false)),
    cabinet('B1', 'online', true),
    cabinet('B2', 'online', true),
  ];
  const figures = { cabinets: data.length, reached: 2 };
  return { as_of: new Date(nowMs).toISOString(), changed_at: '2026-11-21T05:59:00.000Z', ...figures, data };
};
const conflict = () =>
  Response.json(
    {
      ...{ type: 'conflict', title: 'Conflict', status: 409 },
      detail: 'Somebody else has this number.',
      request_id: 'r',
    },
    { status: 409 },
  );

const render = (role: string, answers: Record<string, () => Response> = {}, language: 'en' | 'fr' = 'en') =>
  renderScreen(<RightsTab person={person} />, {
    ...{ nowMs, language },
    answers: {
      'GET /v1/me': () =>
        Response.json({
          ...{ id: 'user_1', name: 'M', email: 'm@x.io', role, tenant: { id: 't', name: 'T' }, sites: null },
        }),
      'GET /v1/grants': () => Response.json({ data: [], has_more: false, next_cursor: null }),
      'GET /v1/people/person_1/rights': () => Response.json(rights),
      'PUT /v1/people/person_1/licences': () => Response.json(rights),
      'POST /v1/badges/badge_1/revoke': () => Response.json(person),
      'GET /v1/badges/badge_2/reach': () => Response.json(reachOf([])),
      ...answers,
    },
  });
const type = (label: string, value: string): void =>
  void fireEvent.change(screen.getByLabelText(label), { target: { value } });

afterEach(cleanup);

describe('RightsTab', () => {
  it('shows which licence has ended, and offers nothing to whoever may only look', async () => {
    const { container } = await render('viewer');
    await screen.findByTestId('licences');
    const state = (name: string) => container.querySelector(`[data-licence="${name}"]`)?.getAttribute('data-state');
    expect([state('Engine'), state('Torque')]).toEqual(['valid', 'over']);
    expect(screen.queryByTestId('change-licences')).toBeNull();
    expect(screen.queryByTestId('set-pin')).toBeNull();
    expect(screen.queryByTestId('end-badge')).toBeNull();
  });

  it('sends all licences at once, to the end of the day, and none twice', async () => {
    const { asked } = await render('manager');
    fireEvent.click(await screen.findByTestId('change-licences'));
    const confirm = (await screen.findByTestId('decision-confirm')) as HTMLButtonElement;
    fireEvent.click(screen.getByTestId('add-licence'));
    expect(confirm.disabled).toBe(true);
    const last = within(screen.getAllByTestId('licence-row').at(-1) as HTMLElement);
    fireEvent.change(last.getByLabelText('Licence'), { target: { value: 'Engine' } });
    expect(screen.getAllByText('This licence stands here twice.')).toHaveLength(2);
    expect(confirm.disabled).toBe(true);
    fireEvent.change(last.getByLabelText('Licence'), { target: { value: ' Borescope ' } });
    fireEvent.change(last.getByLabelText('Valid until'), { target: { value: '2027-03-01' } });
    fireEvent.click(confirm);
    const change = () => asked.find((line) => line.startsWith('PUT /v1/people/person_1/licences '));
    await waitFor(() => expect(change()).toBeDefined());
    const sent = JSON.parse(change()?.slice('PUT /v1/people/person_1/licences '.length) ?? '') as typeof rights;
    expect(sent.licences[0]).toEqual({ name: 'Engine', valid_until: null });
    expect(sent.licences[2]).toEqual({ name: 'Borescope', valid_until: endOfDay('2027-03-01') });
  });

  it('sets a PIN that was typed twice, says why the server refuses, and never shows one', async () => {
    const { asked, container } = await render('manager', { 'PUT /v1/people/person_1/pin': conflict });
    fireEvent.click(await screen.findByTestId('set-pin'));
    const confirm = (await screen.findByTestId('decision-confirm')) as HTMLButtonElement;
    type('Personal number', '4711');
    type('PIN', '2580');
    type('PIN once more', '2581');
    expect(confirm.disabled).toBe(true);
    expect(screen.getByText('This is another PIN than above.')).toBeDefined();
    type('PIN once more', '2580');
    expect(screen.getByLabelText('PIN').getAttribute('type')).toBe('password');
    fireEvent.click(confirm);
    expect((await screen.findByRole('alert')).textContent).toContain('Somebody else has this number.');
    expect(asked).toContain(`PUT /v1/people/person_1/pin ${JSON.stringify({ number: '4711', pin: '2580' })}`);
    expect(container.textContent).not.toContain('2580');
  });

  it('names the cabinets that a badge may still open after it has ended', async () => {
    await render('viewer', { 'GET /v1/badges/badge_2/reach': () => Response.json(reachOf(['offline'])) });
    const reach = await screen.findByTestId('badge-reach');
    expect(reach.textContent).toContain('Blocked at 2 of 3 cabinets');
    expect(screen.getAllByTestId('still-opens').map((row) => row.textContent)).toEqual(['C0Hangar 2Offline']);
  });

  it('says that it is blocked everywhere, in French too, and asks nothing of an active badge', async () => {
    const { asked } = await render(
      'viewer',
      { 'GET /v1/badges/badge_2/reach': () => Response.json(reachOf([])) },
      'fr',
    );
    expect((await screen.findByTestId('badge-reach')).textContent).toBe('Bloqué aux 2 armoires');
    expect(screen.queryByTestId('still-opens')).toBeNull();
    expect(asked.filter((line) => line.includes('/reach'))).toEqual(['GET /v1/badges/badge_2/reach']);
  });

  it('ends a badge with its reason, in French too', async () => {
    const { asked } = await render('admin', {}, 'fr');
    fireEvent.click(await screen.findByTestId('end-badge'));
    fireEvent.click(await screen.findByText('Il est retiré'));
    fireEvent.click(screen.getByTestId('decision-confirm'));
    const body = JSON.stringify({ reason: 'revoked' });
    await waitFor(() => expect(asked).toContain(`POST /v1/badges/badge_1/revoke ${body}`));
  });
});
