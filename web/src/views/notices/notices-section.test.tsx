// @vitest-environment jsdom
import type { NoticeView } from '@tagtrail/shared/api/notice.js';
import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { listOf, meAs, sentTo } from '../../../test/answers.js';
import { renderScreen } from '../../../test/render.js';
import { NoticesSection } from './notices-section.js';

const nowMs = Date.parse('2026-11-22T06:00:00.000Z');
const notice: NoticeView = {
  ...{ version: 2, text: { en: 'We record.', fr: 'Nous enregistrons.' }, contact: null, acknowledged: 31 },
  ...{ changes: { en: ['Shorter.'], fr: ['Plus court.'] }, published_at: '2026-11-01T06:00:00.000Z' },
};

afterEach(cleanup);

describe('NoticesSection', () => {
  it('shows the newest version in the language of the reader, and to administrators the way to the next', async () => {
    const { asked } = await renderScreen(<NoticesSection />, {
      ...{ nowMs, language: 'fr' },
      answers: {
        'GET /v1/me': () => meAs('admin'),
        'GET /v1/notices': () => listOf([notice]),
        'POST /v1/notices': () => Response.json({ ...notice, version: 3 }),
      },
    });
    await screen.findByText('Nous enregistrons.');
    expect(screen.queryByText('We record.')).toBeNull();
    fireEvent.click(await screen.findByTestId('write-notice'));
    const confirm = (await screen.findByTestId('decision-confirm')) as HTMLButtonElement;
    const type = (label: string, value: string) =>
      fireEvent.change(screen.getByLabelText(label), { target: { value } });
    type('Texte en français', '');
    expect(confirm.disabled).toBe(true);
    type('Texte en français', 'Nous gardons moins.');
    type('Ce qui est nouveau, en français', 'Moins.\n\n Et moins encore. ');
    fireEvent.click(confirm);
    await waitFor(() => expect(sentTo(asked, 'POST /v1/notices')).toBeDefined());
    expect(sentTo(asked, 'POST /v1/notices')).toEqual({
      text: { en: 'We record.', fr: 'Nous gardons moins.' },
      changes: { en: [], fr: ['Moins.', 'Et moins encore.'] },
      contact: null,
    });
  });

  it('lets a manager read only', async () => {
    await renderScreen(<NoticesSection />, {
      nowMs,
      answers: { 'GET /v1/me': () => meAs('manager'), 'GET /v1/notices': () => listOf([notice]) },
    });
    await screen.findByText('We record.');
    expect(screen.queryByTestId('write-notice')).toBeNull();
  });
});
