import type { EntryView } from '@tagtrail/shared/api/entry.js';
import { idFromUuid } from '@tagtrail/shared/ids.js';
import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connect } from '../src/database/connect.js';
import { freshUuid } from '../src/testing/test-cabinet.js';
import { type AppFixture, startApp } from './app-fixture.js';
import { dayMs, type RetentionCase, startRetentionCase } from './retention-fixture.js';

/** A customer of its own for each test. */
describe('a legal hold', () => {
  let fixture: AppFixture;
  let clock: VirtualClock;
  let turn = 0;
  let given: RetentionCase;

  beforeAll(async () => {
    clock = new VirtualClock(Date.now() - 430 * dayMs);
    fixture = await startApp({ clock });
  });
  afterAll(async () => {
    await fixture?.close();
  });
  beforeEach(async () => {
    turn += 1;
    given = await startRetentionCase(fixture, { clock, name: `Hold${turn}` });
  });

  it.each(['person', 'asset', 'site', 'period'] as const)(
    'on a %s keeps what it covers, until it is released',
    async (kind) => {
      const { people, assets, sites, session, now, pass, report, setRule, run, kinds } = given;
      const from = now();
      const closed = { door: 1, openForMs: 5 };
      await report(given.opened(), given.taken(0, 0), {
        ...{ kind: 'door.closed', at: now(), session: idFromUuid('session', session), data: closed },
      });
      await pass(1);
      const to = now();
      await pass(1);
      await report(given.taken(1, 1, freshUuid()));
      const subject = {
        person: { kind, subject: idFromUuid('person', people[0] as string) },
        asset: { kind, subject: idFromUuid('asset', assets[0] as string) },
        site: { kind, subject: idFromUuid('site', sites.north) },
        period: { kind, from, to },
      }[kind];
      const review = { reason: 'claim 7', review_on: '2099-01-01' };
      const hold = await given.admin().send('POST', '/v1/holds', { ...subject, ...review });
      expect(hold.status, hold.text).toBe(200);
      for (const category of ['custody', 'session']) await setRule(category, { keep_days: 5 });
      await pass(20);
      await given.seal();
      const wish = { category: 'custody', keep_days: 5, action: 'delete' };
      const rehearsed = (await given.admin().send('POST', '/v1/retention/rehearsals', wish)).body;
      await run();
      const kept = {
        person: ['session.opened', 'asset.checked_out', 'door.closed'],
        asset: ['asset.checked_out'],
        site: ['session.opened', 'asset.checked_out', 'door.closed', 'asset.checked_out'],
        period: ['session.opened', 'asset.checked_out', 'door.closed'],
      }[kind];
      expect(await kinds()).toEqual(kept);
      expect(rehearsed.held).toBe(kept.filter((name) => name === 'asset.checked_out').length);
      const release = (reason: string) => given.admin().send('POST', `/v1/holds/${hold.body.id}/release`, { reason });
      expect((await release('claim settled')).body).toMatchObject({
        release_reason: 'claim settled',
        released_by: { name: expect.any(String) },
      });
      expect((await release('again')).status).toBe(409);
      await run();
      expect(await kinds()).toEqual([]);
    },
  );

  it('on an order keeps what was done for it, the visits in which it was chosen, and what the office did with it', async () => {
    const { session, now, pass, report, setRule, run, kinds } = given;
    const order = (await given.admin().send('POST', '/v1/orders', { number: 'WO-7' })).body;
    const visit = idFromUuid('session', session);
    const chosen = { order: order.id, number: 'WO-7' };
    await report(
      given.opened(),
      { kind: 'session.order_chosen', at: now(), session: visit, order: order.id, data: chosen },
      { ...given.taken(0, 0), order: order.id },
      { kind: 'door.closed', at: now(), session: visit, data: { door: 1, openForMs: 5 } },
      given.taken(1, 1, freshUuid()),
    );
    const timeline = (await given.admin().get(`/v1/orders/${order.id}/timeline`)).body.data;
    expect(timeline.map((line: EntryView) => line.kind)).toEqual(['asset.checked_out', 'session.order_chosen']);
    const wish = { kind: 'order', reason: 'claim 8', review_on: '2099-01-01' };
    const nowhere = await given.admin().send('POST', '/v1/holds', { ...wish, subject: idFromUuid('order', session) });
    expect(nowhere.status).toBe(404);
    const hold = await given.admin().send('POST', '/v1/holds', { ...wish, subject: order.id });
    expect(hold.body.subject).toEqual({ id: order.id, name: 'WO-7' });
    for (const category of ['custody', 'session', 'administration']) await setRule(category, { keep_days: 5 });
    await pass(20);
    await given.seal();
    await run();
    const kept = ['session.opened', 'session.order_chosen', 'asset.checked_out', 'door.closed'];
    expect(await kinds()).toEqual(kept);
    const office = (await given.lines()).map(({ kind }) => kind).filter((kind) => /^(order|site)\./.test(kind));
    expect(new Set(office)).toEqual(new Set(['order.created']));
    await given.admin().send('POST', `/v1/holds/${hold.body.id}/release`, { reason: 'claim settled' });
    await run();
    expect(await kinds()).toEqual([]);
  });

  it('that cannot be read keeps everything', async () => {
    const { tenantId, run, kinds } = given;
    await given.report(given.returned(0, 0));
    await given.setRule('custody', { keep_days: 5 });
    await given.pass(20);
    await given.seal();
    const owner = await connect(fixture.db.ownerUrl);
    const clear = async (more?: () => Promise<unknown>): Promise<void> => {
      await owner.query('begin');
      await owner.query(`select set_config('app.tenant', $1, true)`, [tenantId]);
      await owner.query('delete from legal_hold');
      await more?.();
      await owner.query('commit');
    };
    const place = (kind: string, subject: string | null): Promise<void> =>
      clear(() =>
        owner.query(
          `insert into legal_hold (tenant_id, id, kind, subject_id, subject_text, reason, review_on, placed_by, placed_at)
           values ($1, $2, $3, $4, 'x', 'why', '2099-01-01', $2, now())`,
          [tenantId, freshUuid(), kind, subject],
        ),
      );
    try {
      await owner.query('alter table legal_hold drop constraint legal_hold_shape');
      for (const [kind, subject] of [
        ['vessel', freshUuid()],
        ['person', freshUuid()],
        ['asset', null],
        ['order', freshUuid()],
        ['period', null],
      ] as const) {
        await place(kind, subject);
        const stopped = await run();
        expect(stopped.data).toEqual([]);
        expect(stopped.stopped).toContainEqual({ category: 'custody', site: null, why: 'hold_unreadable' });
        expect(await kinds(), kind).toEqual(['asset.returned']);
      }
      await owner.query('alter table legal_hold rename to legal_hold_away');
      expect(await run()).toMatchObject({ data: [] });
      expect(await kinds()).toEqual(['asset.returned']);
    } finally {
      await owner.query('alter table if exists legal_hold_away rename to legal_hold');
      await clear();
      await owner.end();
    }
    expect((await run()).data).toMatchObject([{ entries: 1 }]);
  });

  it('is refused on what is not there, on an impossible period, and without a day to look again', async () => {
    const asset = idFromUuid('asset', given.assets[0] as string);
    const base = { reason: 'r', review_on: '2099-01-01' };
    const period = { kind: 'period', from: '2026-01-02T00:00:00Z', to: '2026-01-01T00:00:00Z' };
    for (const [hold, status] of [
      [{ kind: 'person', subject: idFromUuid('person', freshUuid()), ...base }, 404],
      [{ kind: 'person', subject: asset, ...base }, 404],
      [{ ...period, ...base }, 400],
      [{ kind: 'asset', subject: asset, reason: 'r', review_on: '2001-01-01' }, 400],
      [{ kind: 'asset', subject: asset, reason: 'r' }, 400],
    ] as const) {
      const answer = await given.admin().send('POST', '/v1/holds', hold);
      expect([hold, answer.status]).toEqual([hold, status]);
    }
  });
});
