import type { AttentionItem } from '@tagtrail/shared/api/attention.js';
import { newUuid } from '@tagtrail/shared/ids.js';
import { systemRandom } from '@tagtrail/shared/random/system-random.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sql } from '../src/store/sql.js';
import { type AppFixture, type Caller, signedIn, startApp } from './app-fixture.js';
import { aCustomer } from './sample.js';

/** Ids of one customer by the name of the thing, as the API writes them. */
type Ids = Readonly<
  Record<
    | 'sites'
    | 'cabinets'
    | 'assets'
    | 'people'
    | 'sessions'
    | 'badges'
    | 'sign-ins'
    | 'holds'
    | 'runs'
    | 'changes'
    | 'quarantine'
    | 'orders'
    | 'grants'
    | 'item-rules'
    | 'kits'
    | 'losses'
    | 'support-cases',
    string
  >
>;

describe('the walls around a customer', () => {
  let fixture: AppFixture;
  let aalto: Caller;
  let boreal: Caller;
  let manager: Caller;
  let idsOfBoreal: Ids;
  let idsOfAalto: Ids;

  beforeAll(async () => {
    fixture = await startApp();
    const a = await fixture.seed(aCustomer('Aalto'));
    const b = await fixture.seed(aCustomer('Boreal'));
    const enter = (who: string, passwords: ReadonlyMap<string, string>) =>
      signedIn(fixture.app, who, passwords.get(who) ?? '');
    aalto = await enter('admin@aalto.example', a.passwords);
    manager = await enter('manager@aalto.example', a.passwords);
    boreal = await enter('admin@boreal.example', b.passwords);
    await addSession(a.tenantId);
    await addSession(b.tenantId);
    await addRun(a.tenantId);
    await addRun(b.tenantId);
    await addTag(a.tenantId);
    await addTag(b.tenantId);
    idsOfAalto = await idsSeenBy(aalto);
    idsOfBoreal = await idsSeenBy(boreal);
  });
  afterAll(async () => {
    await fixture?.close();
  });

  /** One session at a southern cabinet, so that every kind of thing exists. */
  async function addSession(tenantId: string): Promise<void> {
    await fixture.db.store.withTenant(tenantId, async (tx) => {
      await tx.$executeRaw(sql`
        insert into cabinet_session (tenant_id, id, cabinet_id, person_id, signed, opened_at)
        select c.tenant_id, ${newUuid(1_000_000, systemRandom)}::uuid, c.id, p.id, true, now()
        from cabinet c, person p where c.name like '% S1' and p.name like '%Ana%'`);
    });
  }

  /** One run of retention with its receipt. */
  async function addRun(tenantId: string): Promise<void> {
    const id = newUuid(1_000_000, systemRandom);
    await fixture.db.store.withTenant(tenantId, async (tx) => {
      await tx.$executeRaw(sql`
        insert into retention_run (tenant_id, id, category, action, before, entries, ran_at, index)
        values (${tenantId}::uuid, ${id}::uuid, 'security', 'delete', now(), 1, now(), 0)`);
      await tx.$executeRaw(sql`
        insert into retention_receipt (tenant_id, run_id, note, signed_at)
        select id, ${id}::uuid, name, now() from tenant where id = ${tenantId}::uuid`);
    });
  }

  /** One tag that a southern cabinet saw and nobody registered. */
  async function addTag(tenantId: string): Promise<void> {
    const id = newUuid(1_000_000, systemRandom);
    await fixture.db.store.withTenant(tenantId, async (tx) => {
      await tx.$executeRaw(sql`
        insert into quarantine (tenant_id, id, at, last_at, cabinet_id, reason, detail, epc, digest)
        select c.tenant_id, ${id}::uuid, now(), now(), c.id, 'unknown_tag', c.name, 'E28011700000000000000077', c.name
        from cabinet c where c.name like '% S1'`);
    });
  }

  async function idsSeenBy(caller: Caller): Promise<Ids> {
    const one = async (list: string) => (await caller.get(`/v1/${list}`)).body.data[0];
    const first = async (list: string): Promise<string> => (await one(list)).id;
    const people = (await caller.get('/v1/people')).body.data;
    const wish = { keep_days: 30, action: 'delete' };
    const change = (await caller.send('PUT', '/v1/retention/rules/device', wish)).body.change;
    const review = { reason: 'claim', review_on: '2099-01-01' };
    const order = await caller.send('POST', '/v1/orders', { number: 'WO-1' });
    const grant = await caller.send('POST', '/v1/grants', { effect: 'allow', group: 'line' });
    const rule = await caller.send('POST', '/v1/item-rules', { model: (await one('assets')).model, two_person: true });
    const children = (await caller.get('/v1/assets')).body.data.slice(1, 3);
    const kit = await caller.send('PUT', `/v1/kits/${await first('assets')}`, {
      children_ids: children.map(({ id }: { id: string }) => id),
    });
    // Only a badge that has ended has a reach.
    await caller.send('POST', `/v1/badges/${people[0].badges[0].id}/revoke`, { reason: 'lost' });
    const hold = await caller.send('POST', '/v1/holds', { kind: 'person', subject: people[0].id, ...review });
    const gone = await caller.send('POST', '/v1/assets', { name: 'Gone' });
    const loss = await caller.send('POST', `/v1/assets/${gone.body.id}/loss`, { note: 'gone' });
    const support = await caller.send('POST', '/v1/support-cases', { subject: 'A reader', text: 'It sees nothing.' });
    return {
      'support-cases': support.body.id,
      sites: await first('sites'),
      cabinets: await first('cabinets'),
      assets: await first('assets'),
      people: people[0].id,
      sessions: await first('sessions'),
      badges: people[0].badges[0].id,
      'sign-ins': await first('sign-ins'),
      holds: hold.body.id,
      runs: await first('retention/runs'),
      changes: change.id,
      orders: order.body.id,
      grants: grant.body.id,
      'item-rules': rule.body.id,
      kits: kit.body.id,
      losses: loss.body.id,
      quarantine: await first('quarantine'),
    };
  }

  const routesWithId = () => fixture.app.routes.all.filter(({ url }) => url.startsWith('/v1/') && url.includes('/:id'));
  /** The word before the id says what it is of. */
  const kindOf = (url: string): keyof Ids => (/\/([^/]+)\/:id/.exec(url)?.[1] ?? '') as keyof Ids;

  const bodies: Readonly<Record<string, unknown>> = {
    '/v1/assets/:id': { name: 'Stolen' },
    '/v1/cabinets/:id/commands': { kind: 'count_now' },
    '/v1/cabinets/:id/revocation': { reason: 'stolen' },
    '/v1/assets/:id/tag': { epc: '300000000000000000000001' },
    '/v1/people/:id/badges': { number: '0102030405' },
    '/v1/people/:id/departure': { reason: null },
    '/v1/badges/:id/revoke': { reason: 'lost' },
    '/v1/holds/:id/release': { reason: 'settled' },
    '/v1/people/:id': { display_name: 'Stolen' },
    '/v1/cabinets/:id': { name: 'Stolen' },
    '/v1/grants/:id': { note: 'stolen' },
    '/v1/item-rules/:id': { licences: ['Stolen'] },
    '/v1/assets/:id/loss': { note: 'stolen' },
    '/v1/losses/:id/confirmation': {},
    '/v1/losses/:id/rejection': {},
    '/v1/kits/:id': { children_ids: ['asset_01jd2v7x5he9vbk4w3zq8n6m2t'] },
    '/v1/support-cases/:id/close': {},
    '/v1/orders/:id': { title: 'Stolen' },
    '/v1/people/:id/licences': { licences: [] },
    '/v1/people/:id/pin': { number: '4711', pin: '123456' },
    '/v1/quarantine/:id/adoption': { new_asset: { name: 'Stolen' } },
    '/v1/quarantine/:id/rejection': { reason: 'not ours' },
  };

  it('answer 404 to every route with an id of another customer, and leave it as it was', async () => {
    const routes = routesWithId();
    expect(routes.length).toBeGreaterThan(12);
    const before = await everythingOf(boreal);
    for (const { method, url } of routes) {
      if (method === 'HEAD') continue;
      const path = url.replace(':id', idsOfBoreal[kindOf(url)]);
      const answer = method === 'GET' ? await aalto.get(path) : await aalto.send(method as 'POST', path, bodies[url]);
      expect([method, url, answer.status]).toEqual([method, url, 404]);
      expect(answer.text).not.toContain('Boreal');
      const own = url.replace(':id', idsOfAalto[kindOf(url)]);
      if (method === 'GET') expect([own, (await aalto.get(own)).status]).toEqual([own, 200]);
    }
    expect(await everythingOf(boreal)).toEqual(before);
  });

  it('say the same of a thing of another customer and of one that never was', async () => {
    const absent = idsOfBoreal.assets.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
    const foreign = await aalto.get(`/v1/assets/${idsOfBoreal.assets}`);
    const missing = await aalto.get(`/v1/assets/${absent}`);
    const same = ({ request_id: _, ...rest }: Record<string, unknown>) => rest;
    expect(same(foreign.body)).toEqual(same(missing.body));
    expect((await aalto.get(`/v1/assets/${idsOfAalto.people}`)).status).toBe(404);
  });

  it('keep another customer out of every list, search and figure', async () => {
    for (const { method, url } of fixture.app.routes.all) {
      if (method !== 'GET' || !url.startsWith('/v1/') || url.includes(':')) continue;
      expect((await aalto.get(url)).text).not.toContain('Boreal');
    }
    for (const query of [
      'q=Boreal',
      `site_id=${idsOfBoreal.sites}`,
      `cabinet_id=${idsOfBoreal.cabinets}`,
      `holder_id=${idsOfBoreal.people}`,
    ]) {
      expect((await aalto.get(`/v1/assets?${query}`)).body.data).toEqual([]);
    }
    const cursor = (await boreal.get('/v1/assets?limit=1')).body.next_cursor;
    expect((await aalto.get(`/v1/assets?cursor=${cursor}`)).text).not.toContain('Boreal');
  });

  it('refuse what refers to another customer', async () => {
    const asset = await aalto.send('POST', '/v1/assets', { name: 'X', home_cabinet_id: idsOfBoreal.cabinets });
    expect([asset.status, asset.body.type]).toEqual([422, 'https://tagtrail.dev/problems/invalid-reference']);
    const cabinet = await aalto.send('POST', '/v1/cabinets', { name: 'X', site_id: idsOfBoreal.sites });
    expect(cabinet.status).toBe(422);
  });

  it('take the same tag and badge numbers as another customer has', async () => {
    const epc = '3034257BF7194E4000ABCDEF';
    const created = async (caller: Caller) => (await caller.send('POST', '/v1/assets', { name: 'Twin', epc })).status;
    expect([await created(aalto), await created(boreal), await created(aalto)]).toEqual([201, 201, 409]);
  });

  it('show a manager of one site nothing of another', async () => {
    const south = await idsSeenBy(aalto);
    for (const { method, url } of fixture.app.routes.all) {
      if (method !== 'GET' || !url.startsWith('/v1/') || url.includes(':')) continue;
      const answer = await manager.get(url);
      expect([url, answer.text.includes('Aalto S1'), answer.text.includes('Aalto South')]).toEqual([url, false, false]);
    }
    const assets = (await aalto.get('/v1/assets')).body.data;
    const southern = assets.find((asset: { home: { name: string } | null }) => asset.home?.name === 'Aalto S1');
    for (const path of [
      `assets/${southern.id}`,
      `assets/${southern.id}/timeline`,
      `sessions/${south.sessions}`,
      `sites/${south.sites}`,
    ]) {
      expect([path, (await manager.get(`/v1/${path}`)).status]).toEqual([path, 404]);
    }
    const southernCabinet = southern.home.id;
    for (const part of ['', '/timeline', '/contents', '/sessions']) {
      expect((await manager.get(`/v1/cabinets/${southernCabinet}${part}`)).status).toBe(404);
    }
    expect((await manager.send('PATCH', `/v1/assets/${southern.id}`, { name: 'Y' })).status).toBe(404);
    const silent = (await aalto.get('/v1/attention')).body.data.find(
      ({ kind, cabinet }: AttentionItem) => kind === 'cabinet_silent' && cabinet?.id === southernCabinet,
    );
    const word = { id: silent.id, mark: silent.mark };
    expect((await manager.send('POST', '/v1/attention/acknowledgements', word)).status).toBe(404);
    expect((await boreal.send('POST', '/v1/attention/acknowledgements', word)).status).toBe(404);
    expect((await aalto.send('POST', '/v1/attention/acknowledgements', word)).status).toBe(200);
    expect((await manager.send('POST', '/v1/assets', { name: 'Y', home_cabinet_id: southernCabinet })).status).toBe(
      422,
    );
    expect((await manager.get('/v1/overview')).body.assets.total).toBeLessThan(
      (await aalto.get('/v1/overview')).body.assets.total,
    );
  });

  async function everythingOf(caller: Caller): Promise<unknown[]> {
    const lists = [
      'sites',
      'cabinets',
      'assets',
      'people',
      'sessions',
      'events',
      'retention/rules',
      'holds',
      'quarantine',
      'orders',
      'grants',
      'item-rules',
      'kits',
      'notices',
      'groups',
      'attention',
      'losses',
      'support-cases',
    ];
    return await Promise.all(lists.map(async (list) => (await caller.get(`/v1/${list}`)).body.data));
  }
});
