// @vitest-environment jsdom
import type { KitView } from '@tagtrail/shared/api/kit.js';
import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { listOf, meAs } from '../../../test/answers.js';
import { renderScreen } from '../../../test/render.js';
import { KitsPage } from './kits-page.js';

const nowMs = Date.parse('2026-11-22T06:00:00.000Z');
const cabinet = { id: 'cabinet_1', name: 'B2' };
const child = (id: string, withKit: boolean | null): KitView['children'][number] => ({
  ...{ asset: { id, name: id }, state: 'available', cabinet, holder: null, with_kit: withKit },
});
const kit = (id: string, over: Partial<KitView>): KitView => ({
  ...{ id, name: id, site: null, state: 'available', cabinet, holder: null, children: [child('asset_9', true)] },
  ...{ complete: true, fresh: true, as_of: new Date(nowMs).toISOString() },
  ...over,
});

afterEach(cleanup);

describe('KitsPage', () => {
  it('calls no kit complete that rests on old news, and marks what is not with its kit', async () => {
    const kits = [
      kit('asset_1', {}),
      kit('asset_2', { complete: false, children: [child('asset_8', false)] }),
      kit('asset_3', { fresh: false }),
      kit('asset_4', { complete: null }),
    ];
    const { container } = await renderScreen(<KitsPage />, {
      nowMs,
      answers: { 'GET /v1/me': () => meAs('viewer'), 'GET /v1/kits': () => listOf(kits) },
    });
    const words = (id: string) => container.querySelector(`[data-kit=${id}] > header`)?.textContent;
    await waitFor(() => expect(words('asset_1')).toContain('Complete'));
    expect(words('asset_2')).toContain('Incomplete');
    expect(words('asset_3')).toContain('Not known');
    expect(words('asset_4')).toContain('Not known');
    expect(container.querySelector('[data-asset=asset_8]')?.getAttribute('data-with-kit')).toBe('false');
    expect(screen.queryByTestId('add-kit')).toBeNull();
  });

  it('ends a kit after asking, in French too', async () => {
    const { asked } = await renderScreen(<KitsPage />, {
      ...{ nowMs, language: 'fr' },
      answers: {
        'GET /v1/me': () => meAs('manager'),
        'GET /v1/kits': () => listOf([kit('asset_1', {})]),
        'GET /v1/assets': () => listOf([]),
        'DELETE /v1/kits/asset_1': () => Response.json(kit('asset_1', { children: [] })),
      },
    });
    fireEvent.click(await screen.findByTestId('change-kit'));
    fireEvent.click(await screen.findByTestId('end-kit'));
    expect(asked.some((line) => line.startsWith('DELETE'))).toBe(false);
    await screen.findByText('Défaire le coffret asset_1 ?');
    fireEvent.click(screen.getByTestId('decision-confirm'));
    await waitFor(() => expect(asked).toContain('DELETE /v1/kits/asset_1'));
  });
});
