// @vitest-environment jsdom
import { type AttentionItem, attentionItem } from '@tagtrail/shared/api/attention.js';
import type { Role } from '@tagtrail/shared/api/sign-in.js';
import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { listOf, meAs, sentTo } from '../../../test/answers.js';
import { renderScreen } from '../../../test/render.js';
import { AttentionBoard } from './attention-board.js';
import { AttentionRows } from './attention-rows.js';

const nowMs = Date.parse('2026-11-22T06:00:00.000Z');
const item = (over: Partial<AttentionItem>): AttentionItem =>
  attentionItem.parse({
    ...{ id: 'missing:1', kind: 'missing', mark: '17', since: '2026-11-22T05:00:00.000Z', times: 1 },
    ...{ site: { id: 'site_1', name: 'Lyon' }, cabinet: { id: 'cabinet_1', name: 'B2' }, entry: null, reason: null },
    ...{ asset: { id: 'asset_1', name: 'Wrench' }, acknowledged: null },
    ...over,
  });
const failed = item({ id: 'device_failed:1', kind: 'device_failed', asset: null, reason: 'uhf silent' });
const word = { by: { id: 'user_2', name: 'Ana' }, at: '2026-11-22T05:30:00.000Z', note: 'Searching' };
const taken = item({ acknowledged: word });

const render = (role: Role, open: number, acknowledged = 0, language: 'en' | 'fr' = 'en') =>
  renderScreen(<AttentionBoard figures={{ open, acknowledged, by_kind: {} }} />, {
    ...{ nowMs, language },
    answers: {
      'GET /v1/me': () => meAs(role),
      'GET /v1/attention': () => listOf([item({}), failed]),
      'POST /v1/attention/acknowledgements': () => Response.json(taken),
    },
  });

afterEach(cleanup);

describe('AttentionBoard', () => {
  it('takes something on by name, as it was shown', async () => {
    const { asked } = await render('manager', 2);
    fireEvent.click((await screen.findAllByTestId('look-after'))[0] as HTMLElement);
    fireEvent.change(await screen.findByLabelText('What you do about it (optional)'), {
      target: { value: ' Searching ' },
    });
    fireEvent.click(screen.getByTestId('decision-confirm'));
    const wanted = { id: 'missing:1', mark: '17', note: 'Searching' };
    await waitFor(() => expect(sentTo(asked, 'POST /v1/attention/acknowledgements')).toEqual(wanted));
  });

  it('says which device it is and what it has, in French too, and offers nothing to whoever may only look', async () => {
    await render('viewer', 2, 0, 'fr');
    await screen.findByText('Lecteur d’étiquettes : muet');
    await screen.findByText('2 choses dont personne ne s’occupe');
    expect(screen.queryByTestId('look-after')).toBeNull();
  });

  it('asks for no list while nothing is open, and is not there when nothing needs anybody', async () => {
    const { asked } = await render('viewer', 0, 1);
    await screen.findByText('Looked after');
    expect(asked.some((line) => line.includes('/v1/attention'))).toBe(false);
    cleanup();
    await render('viewer', 0, 0);
    expect(screen.queryByTestId('attention-board')).toBeNull();
  });
});

describe('AttentionRows', () => {
  it('names who looks after what lasts, and nobody whose name is over', async () => {
    const items = [taken, item({ id: 'missing:2', acknowledged: { by: null, at: null, note: null } })];
    await renderScreen(<AttentionRows items={items} />, { nowMs, answers: { 'GET /v1/me': () => meAs('manager') } });
    await screen.findByText('Ana looks after it: “Searching”');
    await screen.findByText('Former colleague looks after it');
    expect(await screen.findAllByText('Take over')).toHaveLength(2);
  });
});
