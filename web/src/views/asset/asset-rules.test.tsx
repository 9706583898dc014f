// @vitest-environment jsdom
import type { AssetView } from '@tagtrail/shared/api/asset.js';
import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { sentTo } from '../../../test/answers.js';
import { createWorld } from '../../../test/fixture-world.js';
import { renderScreen } from '../../../test/render.js';
import { AssetDialog } from './asset-dialog.js';
import { AssetRulesTab } from './asset-rules-tab.js';

const nowMs = Date.parse('2026-11-22T06:00:00.000Z');
const [made] = createWorld(nowMs).assets as [AssetView];
const asset: AssetView = { ...made, groups: ['line'], licences: ['Torque'], two_person: false, place: null };

afterEach(cleanup);

describe('AssetRulesTab', () => {
  it('says what is asked of whoever takes a tool, and where each comes from', async () => {
    const rules = {
      licences: [
        { licence: 'Torque', from: 'item', name: null },
        { licence: 'Engine', from: 'model', name: 'TW-1' },
      ],
      ...{ two_person: [{ from: 'group', name: 'line' }], groups: ['line'], grants: [] },
    };
    await renderScreen(<AssetRulesTab asset={asset} />, {
      nowMs,
      answers: { [`GET /v1/assets/${asset.id}/rules`]: () => Response.json(rules) },
    });
    const text = (await screen.findByTestId('asset-rules')).textContent;
    expect(text).toContain('Torque is needed (of this tool)');
    expect(text).toContain('Engine is needed (of the model TW-1)');
    expect(text).toContain('Two people take it together (of the group line)');
  });
});

describe('AssetDialog', () => {
  it('sends only what was touched, with the reason', async () => {
    const onClose = vi.fn();
    const { asked } = await renderScreen(<AssetDialog asset={asset} onClose={onClose} />, {
      nowMs,
      answers: {
        'GET /v1/groups': () => Response.json({ data: [] }),
        [`PATCH /v1/assets/${asset.id}`]: () => Response.json(asset),
      },
    });
    const confirm = (await screen.findByTestId('decision-confirm')) as HTMLButtonElement;
    fireEvent.change(screen.getByLabelText('Why'), { target: { value: 'audit' } });
    expect(confirm.disabled).toBe(true);
    fireEvent.click(screen.getByLabelText('Taken only with a second person’s badge'));
    fireEvent.change(screen.getByLabelText('Place'), { target: { value: ' Drawer 3 ' } });
    fireEvent.click(confirm);
    await waitFor(() => expect(onClose).toHaveBeenCalled());
    const change = { two_person: true, place: 'Drawer 3', reason: 'audit' };
    expect(sentTo(asked, `PATCH /v1/assets/${asset.id}`)).toEqual(change);
  });
});
