// @vitest-environment jsdom
import type { LegalHold, RetentionChange, RetentionRule, RetentionRun } from '@tagtrail/shared/api/retention.js';
import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { renderScreen } from '../../../test/render.js';
import { RetentionSettings } from './retention-settings.js';

const nowMs = Date.parse('2026-11-22T06:00:00.000Z');
const page = (data: unknown[]) => Response.json({ data, has_more: false, next_cursor: null });
const me = (role: string, sites: { id: string; name: string }[] | null) =>
  Response.json({ id: 'user_1', name: 'M', email: 'm@x.io', role, tenant: { id: 't', name: 'T' }, sites });

const rule: RetentionRule = {
  category: 'session',
  site: null,
  keep_days: 90,
  action: 'delete',
  source: 'contract',
  reason: null,
  review_on: null,
  version: 2,
  warnings: [],
  updated_at: null,
};
const rehearsed = {
  category: 'session' as const,
  site: null,
  action: 'delete' as const,
  before: null,
  entries: 41002,
  people: 7,
  held: 12,
  carried: 3,
  oldest: null,
  newest: null,
};
const change: RetentionChange = {
  id: 'change_1',
  category: 'session',
  site: null,
  keep_days: 30,
  action: 'delete',
  source: 'instruction',
  reason: null,
  review_on: null,
  rehearsal: rehearsed,
  asked_by: { id: 'user_2', name: 'Paul' },
  asked_at: '2026-11-21T06:00:00.000Z',
  expires_at: '2026-12-05T06:00:00.000Z',
  status: 'waiting',
  decided_by: null,
  decided_at: null,
};
const hold: LegalHold = {
  id: 'hold_1',
  kind: 'person',
  subject: { id: 'person_1', name: 'Ana Ruiz' },
  from: null,
  to: null,
  reason: 'Inquiry 7',
  review_on: '2026-11-01',
  placed_by: { id: 'user_1', name: 'M' },
  placed_at: '2026-10-01T06:00:00.000Z',
  released_by: null,
  released_at: null,
  release_reason: null,
  review_over: true,
};
const run: RetentionRun = {
  ...{ id: 'run_1', category: 'session', site: null, action: 'delete', before: '2026-08-24T06:00:00.000Z' },
  ...{ entries: 4102, held: 12, carried: 0, version: 2, source: 'contract', reason: null },
  ...{ ran_at: '2026-11-22T02:00:00.000Z', index: 118 },
};

type Answers = Readonly<Record<string, () => Response>>;
const answers = (over: Answers = {}): Answers => ({
  'GET /v1/me': () => me('admin', null),
  'GET /v1/sites': () => page([]),
  'GET /v1/retention/rules': () => Response.json({ data: [rule] }),
  'GET /v1/retention/rehearsal': () => Response.json({ data: [rehearsed] }),
  'GET /v1/retention/changes': () => page([]),
  'GET /v1/holds': () => page([]),
  'GET /v1/retention/runs': () => page([]),
  'POST /v1/retention/rehearsals': () => Response.json(rehearsed),
  'PUT /v1/retention/rules/session': () => Response.json({ status: 'set', rule, change: null }),
  ...over,
});
const render = (over: Answers = {}, language: 'en' | 'fr' = 'en') =>
  renderScreen(<RetentionSettings />, { nowMs, language, answers: answers(over) });

afterEach(cleanup);

describe('RetentionSettings', () => {
  it('offers to save a rule only after its effect has been counted', async () => {
    const { asked } = await render();
    fireEvent.click(await screen.findByText('Change'));
    expect(screen.queryByTestId('save-rule')).toBeNull();
    fireEvent.click(await screen.findByTestId('rehearse'));
    const effect = (await screen.findByTestId('rehearsal')).textContent;
    expect(effect).toContain('41,002 lines would be deleted.');
    expect(effect).toContain('7 people are named in them.');
    expect(effect).toContain('12 lines are over and stay because of a legal hold.');
    expect(screen.queryByTestId('second-person')).toBeNull();
    fireEvent.click(screen.getByTestId('save-rule'));
    const body = { keep_days: 90, action: 'delete', source: 'contract', reason: null, review_on: null, site: null };
    await waitFor(() => expect(asked).toContain(`PUT /v1/retention/rules/session ${JSON.stringify(body)}`));
  });

  it('says before saving that a much shorter rule asks a second person', async () => {
    await render();
    fireEvent.click(await screen.findByText('Change'));
    fireEvent.change(await screen.findByLabelText('Keep for this many days'), { target: { value: '44' } });
    fireEvent.click(screen.getByTestId('rehearse'));
    expect(await screen.findByTestId('second-person')).toBeDefined();
  });

  it('keeps nothing for ever without a reason and a date to look again', async () => {
    await render();
    fireEvent.click(await screen.findByText('Change'));
    fireEvent.click(await screen.findByLabelText('Keep for ever'));
    expect(screen.getByText('A reason is needed to keep this for so long.')).toBeDefined();
    expect((screen.getByTestId('rehearse') as HTMLButtonElement).disabled).toBe(true);
  });

  it('shows what goes next and what a hold keeps', async () => {
    const { container } = await render();
    await waitFor(() => expect(container.querySelector('[data-due="41002"]')).not.toBeNull());
    expect(container.querySelector('[data-due]')?.textContent).toContain('12 lines held back');
  });

  it('lets somebody else approve a change, and the asker only take it back', async () => {
    const own = { ...change, id: 'change_2', asked_by: { id: 'user_1', name: 'M' } };
    const { asked, container } = await render({
      'GET /v1/retention/changes': () => page([change, own]),
      'POST /v1/retention/changes/change_1/approve': () => Response.json({ ...change, status: 'approved' }),
    });
    await screen.findByTestId('retention-changes');
    const ownRow = container.querySelector<HTMLElement>('[data-change=change_2]');
    expect(ownRow?.querySelector('[data-testid=approve-change]')).toBeNull();
    expect(ownRow?.textContent).toContain('Take back');
    fireEvent.click(screen.getByTestId('approve-change'));
    await waitFor(() => expect(asked).toContain('POST /v1/retention/changes/change_1/approve'));
  });

  it('shows holds with what is overdue, and asks why one may end', async () => {
    const { asked } = await render({
      'GET /v1/holds': () => page([hold]),
      'POST /v1/holds/hold_1/release': () => Response.json({ ...hold, released_at: '2026-11-22T06:00:00.000Z' }),
    });
    const section = await screen.findByTestId('legal-holds');
    await within(section).findByText('Ana Ruiz');
    expect(section.textContent).toContain('look again: overdue');
    fireEvent.click(screen.getByTestId('release-hold'));
    const confirm = (await screen.findByTestId('decision-confirm')) as HTMLButtonElement;
    expect(confirm.disabled).toBe(true);
    fireEvent.change(screen.getByTestId('release-reason'), { target: { value: 'Closed' } });
    fireEvent.click(confirm);
    await waitFor(() => expect(asked).toContain('POST /v1/holds/hold_1/release {"reason":"Closed"}'));
  });

  it('says of a receipt that is not signed yet that it will be', async () => {
    const unsigned = { type: 'about:blank', title: 'x', status: 404, detail: 'No receipt.', request_id: 'r' };
    await render({
      'GET /v1/retention/runs': () => page([run]),
      'GET /v1/retention/runs/run_1/receipt': () => Response.json(unsigned, { status: 404 }),
    });
    fireEvent.click(await screen.findByTestId('receipt'));
    expect((await screen.findByRole('alert')).textContent).toContain('within a few seconds');
  });

  it('says what stopped a run, and that nothing was deleted', async () => {
    const stopped = [{ category: 'custody', site: null, why: 'hold_unreadable' }];
    await render({ 'POST /v1/retention/runs': () => Response.json({ data: [], stopped }) });
    fireEvent.click(await screen.findByTestId('run-now'));
    fireEvent.click(await screen.findByTestId('run-confirm'));
    const outcome = await screen.findByTestId('run-outcome');
    expect(outcome.textContent).toContain('nothing deleted: Tool movements, a legal hold cannot be read');
  });

  it('gives a viewer the rules and receipts, and nothing to change', async () => {
    const { asked } = await render({
      'GET /v1/me': () => me('viewer', null),
      'GET /v1/retention/runs': () => page([run]),
    });
    await screen.findByTestId('retention-rules');
    await waitFor(() => expect(screen.getByTestId('retention-runs').textContent).toContain('4,102 lines'));
    expect(screen.queryByText('Change')).toBeNull();
    expect(screen.queryByTestId('legal-holds')).toBeNull();
    expect(asked.some((call) => /holds|changes|rehearsal/.test(call))).toBe(false);
  });

  it('has a sentence where nothing is, in both languages', async () => {
    for (const [language, held, ran] of [
      ['en', 'Nothing is held.', 'No run yet.'],
      ['fr', 'Rien n’est gelé.', 'Pas encore de passage.'],
    ] as const) {
      await render({}, language);
      await waitFor(() => expect(screen.getAllByTestId('empty')).toHaveLength(2));
      expect(screen.getByTestId('legal-holds').textContent).toContain(held);
      expect(screen.getByTestId('retention-runs').textContent).toContain(ran);
      cleanup();
    }
  });
});
