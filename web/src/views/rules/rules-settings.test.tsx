// @vitest-environment jsdom
import type { GrantView } from '@tagtrail/shared/api/grant.js';
import type { ItemRuleView } from '@tagtrail/shared/api/item-rule.js';
import type { Role } from '@tagtrail/shared/api/sign-in.js';
import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { listOf, meAs, sentTo } from '../../../test/answers.js';
import { renderScreen } from '../../../test/render.js';
import { RulesSettings } from './rules-settings.js';

const nowMs = Date.parse('2026-11-22T06:00:00.000Z');
const at = '2026-11-01T06:00:00.000Z';
const denied: GrantView = {
  ...{ id: 'grant_1', effect: 'deny', person: null, group: 'line', assets: null, assets_elsewhere: 0 },
  ...{ model: 'TW-1', windows: [{ days: [1, 2, 3, 4, 5], from: '06:00', to: '22:00' }], valid_until: null },
  ...{ note: 'Recalled', created_at: at },
};
const rule: ItemRuleView = {
  ...{ id: 'rule_1', model: 'TW-1', group: null, two_person: true, licences: ['Torque'], note: null, assets: 14 },
  created_at: at,
};

const render = (role: Role, language: 'en' | 'fr' = 'en') =>
  renderScreen(<RulesSettings />, {
    ...{ nowMs, language },
    answers: {
      'GET /v1/me': () => meAs(role),
      'GET /v1/grants': () => listOf([denied]),
      'GET /v1/groups': () => Response.json({ data: [] }),
      'GET /v1/item-rules': () => Response.json({ data: [rule] }),
      'POST /v1/grants': () => Response.json(denied),
      'DELETE /v1/grants/grant_1': () => Response.json(denied),
      'POST /v1/item-rules': () => Response.json(rule),
    },
  });
const type = (label: string, value: string): void =>
  void fireEvent.change(screen.getAllByLabelText(label)[0] as HTMLElement, { target: { value } });
const confirm = () => screen.getByTestId('decision-confirm') as HTMLButtonElement;

afterEach(cleanup);

describe('RulesSettings', () => {
  it('says of a grant for whom, what, when and why, and ends it', async () => {
    const { asked, container } = await render('manager');
    const row = () => container.querySelector('[data-grant=grant_1]');
    await waitFor(() => expect(row()).not.toBeNull());
    expect(row()?.textContent).toContain('May not take');
    expect(row()?.textContent).toContain('group line');
    expect(row()?.textContent).toContain('model TW-1');
    expect(row()?.textContent).toContain('Mon–Fri 06:00–22:00');
    expect(row()?.textContent).toContain('Recalled');
    fireEvent.click(await screen.findByTestId('end-grant'));
    fireEvent.click(await screen.findByTestId('decision-confirm'));
    await waitFor(() => expect(asked).toContain('DELETE /v1/grants/grant_1'));
  });

  it('takes a denial only with its reason', async () => {
    const { asked } = await render('manager');
    fireEvent.click(await screen.findByTestId('add-grant'));
    await screen.findByTestId('decision-confirm');
    const dialog = within(await screen.findByRole('dialog'));
    fireEvent.click(dialog.getByText('May not take'));
    fireEvent.click(screen.getByText('A group'));
    type('Group', 'line');
    fireEvent.click(screen.getByText('Everything'));
    expect(confirm().disabled).toBe(true);
    type('Why', 'Audit week');
    fireEvent.click(confirm());
    await waitFor(() => expect(sentTo(asked, 'POST /v1/grants')).toBeDefined());
    expect(sentTo(asked, 'POST /v1/grants')).toEqual({
      ...{ effect: 'deny', person_id: null, group: 'line', asset_ids: null, model: null, windows: null },
      ...{ valid_until: null, note: 'Audit week' },
    });
  });

  it('lets administrators alone rule over models, and asks for something in each rule', async () => {
    await render('manager');
    await screen.findByText('Two people');
    expect(screen.queryByTestId('add-item-rule')).toBeNull();
    cleanup();
    const { asked } = await render('admin', 'fr');
    fireEvent.click(await screen.findByTestId('add-item-rule'));
    type('Modèle', 'TW-2');
    expect(confirm().disabled).toBe(true);
    fireEvent.click(screen.getByLabelText('Pris seulement avec le badge d’une seconde personne'));
    fireEvent.click(confirm());
    await waitFor(() => expect(sentTo(asked, 'POST /v1/item-rules')).toBeDefined());
    expect(sentTo(asked, 'POST /v1/item-rules')).toEqual({ model: 'TW-2', two_person: true, licences: [], note: null });
  });
});
