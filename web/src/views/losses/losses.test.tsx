// @vitest-environment jsdom
import { attentionItem } from '@tagtrail/shared/api/attention.js';
import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { meAs, sentTo } from '../../../test/answers.js';
import { createWorld } from '../../../test/fixture-world.js';
import { renderScreen } from '../../../test/render.js';
import { AttentionRows } from '../attention/attention-rows.js';
import { AskLossDialog, mayBeLost } from './ask-loss-dialog.js';

const nowMs = Date.parse('2026-11-22T06:00:00.000Z');
const world = createWorld(nowMs);
const asset = { id: 'asset_1', name: 'Wrench' };
const word = { by: { id: 'user_1', name: 'Maria' }, at: '2026-11-22T05:00:00.000Z', note: 'Searched' };
const loss = { id: 'loss_1', asset, site: null, status: 'waiting', asked: word, decided: null };
const waiting = attentionItem.parse({
  ...{ id: 'loss_asked:1', kind: 'loss_asked', mark: '17', since: word.at, times: 1, site: null, cabinet: null, asset },
  ...{ reason: null, acknowledged: null },
  entry: {
    ...{ index: 17, kind: 'asset.loss_asked', category: 'administration', source: 'cloud', time: word.at, asset },
    ...{ received_at: word.at, late: false, status: 'accepted', site: null, cabinet: null, actor: word.by },
    ...{ counterpart: null, session: null, order: null, sequence: null, data: { loss: 'loss_1', note: 'Searched' } },
  },
});
const confirm = () => screen.getByTestId('decision-confirm') as HTMLButtonElement;

afterEach(cleanup);

describe('a tool that is lost for good', () => {
  it('is said to be lost only with what was done to find it', async () => {
    const found = world.assets.find(mayBeLost);
    if (found === undefined) throw new Error('the made-up customer misses nothing');
    const onClose = vi.fn();
    const { asked } = await renderScreen(<AskLossDialog asset={found} onClose={onClose} />, {
      nowMs,
      answers: { [`POST /v1/assets/${found.id}/loss`]: () => Response.json(loss, { status: 201 }) },
    });
    await screen.findByTestId('decision-confirm');
    expect(confirm().disabled).toBe(true);
    fireEvent.change(screen.getByLabelText('What was done to find it'), { target: { value: ' Searched ' } });
    fireEvent.click(confirm());
    await waitFor(() => expect(onClose).toHaveBeenCalled());
    expect(sentTo(asked, `POST /v1/assets/${found.id}/loss`)).toEqual({ note: 'Searched' });
  });

  it('is offered for nothing that lies in a cabinet', () => {
    const inside = world.assets.filter(({ state }) => state === 'available');
    expect(inside.length).toBeGreaterThan(0);
    expect(inside.filter(mayBeLost)).toEqual([]);
  });

  it.each([
    ['It is lost', 'confirmation'],
    ['It is not lost', 'rejection'],
  ])('waits on the list for the word of another one: %s', async (label, route) => {
    const { asked } = await renderScreen(<AttentionRows items={[waiting]} />, {
      nowMs,
      answers: {
        'GET /v1/me': () => meAs('manager'),
        [`POST /v1/losses/loss_1/${route}`]: () => Response.json(loss),
      },
    });
    fireEvent.click(await screen.findByTestId('decide-loss'));
    await screen.findByTestId('decision-confirm');
    expect(confirm().disabled).toBe(true);
    fireEvent.click(screen.getByText(label));
    fireEvent.click(confirm());
    await waitFor(() => expect(sentTo(asked, `POST /v1/losses/loss_1/${route}`)).toEqual({ note: null }));
  });
});
