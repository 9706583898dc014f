import type { AssetView } from '@tagtrail/shared/api/asset.js';
import type { AttentionItem } from '@tagtrail/shared/api/attention.js';
import type { PersonView } from '@tagtrail/shared/api/person.js';
import { idFromUuid, newUuid } from '@tagtrail/shared/ids.js';
import { systemRandom } from '@tagtrail/shared/random/system-random.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from '../src/api/cursor.js';
import { type AppFixture, type Caller, signedIn, startApp } from './app-fixture.js';
import { aCustomer } from './sample.js';

interface Call {
  readonly method: 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly body?: unknown;
}

/** The least role of every route that changes something, and the line that it leaves in the trail. */
const changes: Readonly<
  Record<string, { readonly least: 'viewer' | 'manager' | 'admin'; readonly leaves: string | null }>
> = {
  'POST /v1/sign-out': { least: 'viewer', leaves: 'user.signed_out' },
  'DELETE /v1/sign-ins/:id': { least: 'viewer', leaves: 'user.signed_out' },
  'POST /v1/sites': { least: 'admin', leaves: 'site.created' },
  'POST /v1/cabinets': { least: 'admin', leaves: 'cabinet.created' },
  'POST /v1/cabinets/:id/enrolment-codes': { least: 'admin', leaves: 'cabinet.enrolment_code_issued' },
  'POST /v1/cabinets/:id/commands': { least: 'admin', leaves: 'cabinet.command_sent' },
  'POST /v1/assets': { least: 'manager', leaves: 'asset.created' },
  'PATCH /v1/assets/:id': { least: 'manager', leaves: 'asset.updated' },
  'POST /v1/assets/:id/tag': { least: 'manager', leaves: 'tag.bound' },
  'POST /v1/people': { least: 'manager', leaves: 'person.created' },
  'POST /v1/people/:id/badges': { least: 'manager', leaves: 'badge.issued' },
  'PUT /v1/people/:id/licences': { least: 'manager', leaves: 'person.updated' },
  'PUT /v1/people/:id/pin': { least: 'manager', leaves: 'person.updated' },
  'DELETE /v1/people/:id/pin': { least: 'manager', leaves: 'person.updated' },
  'PATCH /v1/people/:id': { least: 'manager', leaves: 'person.updated' },
  'PATCH /v1/cabinets/:id': { least: 'admin', leaves: 'cabinet.updated' },
  'POST /v1/grants': { least: 'manager', leaves: 'grant.added' },
  'PATCH /v1/grants/:id': { least: 'manager', leaves: 'grant.changed' },
  'DELETE /v1/grants/:id': { least: 'manager', leaves: 'grant.ended' },
  'POST /v1/item-rules': { least: 'admin', leaves: 'item_rule.added' },
  'PATCH /v1/item-rules/:id': { least: 'admin', leaves: 'item_rule.changed' },
  'DELETE /v1/item-rules/:id': { least: 'admin', leaves: 'item_rule.ended' },
  'PUT /v1/kits/:id': { least: 'manager', leaves: 'kit.changed' },
  'DELETE /v1/kits/:id': { least: 'manager', leaves: 'kit.changed' },
  'POST /v1/notices': { least: 'admin', leaves: 'notice.published' },
  'PATCH /v1/orders/:id': { least: 'manager', leaves: 'order.changed' },
  'POST /v1/people/:id/departure': { least: 'manager', leaves: 'person.left' },
  'POST /v1/orders': { least: 'manager', leaves: 'order.created' },
  'POST /v1/orders/:id/close': { least: 'manager', leaves: 'order.closed' },
  'POST /v1/support-cases': { least: 'admin', leaves: 'support_case.opened' },
  'POST /v1/support-cases/:id/close': { least: 'admin', leaves: 'support_case.closed' },
  'POST /v1/assets/:id/loss': { least: 'manager', leaves: 'asset.loss_asked' },
  'POST /v1/losses/:id/confirmation': { least: 'manager', leaves: 'asset.declared_lost' },
  'POST /v1/losses/:id/rejection': { least: 'manager', leaves: 'asset.loss_rejected' },
  'POST /v1/attention/acknowledgements': { least: 'manager', leaves: 'attention.acknowledged' },
  'POST /v1/badges/:id/revoke': { least: 'manager', leaves: 'badge.revoked' },
  'POST /v1/quarantine/:id/adoption': { least: 'manager', leaves: 'quarantine.adopted' },
  'POST /v1/quarantine/:id/rejection': { least: 'manager', leaves: 'quarantine.rejected' },
  'PUT /v1/retention/rules/:category': { least: 'admin', leaves: 'retention.rule_set' },
  'DELETE /v1/retention/rules/:category': { least: 'admin', leaves: 'retention.rule_dropped' },
  'POST /v1/retention/changes/:id/approve': { least: 'admin', leaves: 'retention.rule_set' },
  'POST /v1/retention/changes/:id/reject': { least: 'admin', leaves: 'retention.change_decided' },
  'POST /v1/holds': { least: 'admin', leaves: 'hold.placed' },
  'POST /v1/holds/:id/release': { least: 'admin', leaves: 'hold.released' },
  'POST /v1/off-boarding': { least: 'admin', leaves: 'customer.leaving_asked' },
  'POST /v1/off-boarding/rejection': { least: 'admin', leaves: 'customer.leaving_decided' },
  'POST /v1/off-boarding/approval': { least: 'admin', leaves: 'customer.leaving_decided' },
  // A rehearsal changes nothing; a run leaves one line for each rule that had something to do.
  'POST /v1/retention/rehearsals': { least: 'admin', leaves: null },
  'POST /v1/retention/runs': { least: 'admin', leaves: null },
  // Last: nothing is sent to a cabinet after it.
  'POST /v1/cabinets/:id/revocation': { least: 'admin', leaves: 'cabinet.revoked' },
};

describe('the routes that change something', () => {
  let fixture: AppFixture;
  let passwords: ReadonlyMap<string, string>;
  let tenantId: string;
  let admin: Caller;
  beforeAll(async () => {
    fixture = await startApp();
    const file = aCustomer('Aalto');
    const second = { email: 'second@aalto.example', name: 'Aalto Second', role: 'admin' as const, sites: [] };
    ({ passwords, tenantId } = await fixture.seed({ ...file, users: [...file.users, second] }));
    admin = await user('admin');
  });
  afterAll(async () => {
    await fixture?.close();
  });

  const user = (role: string): Promise<Caller> =>
    signedIn(fixture.app, `${role}@aalto.example`, passwords.get(`${role}@aalto.example`) ?? '');

  /** A valid call of the route; things of the northern site, which the manager may see. */
  async function callOf(route: string, caller: Caller): Promise<Call> {
    const [method, url] = route.split(' ') as [Call['method'], string];
    const cabinets = (await admin.get('/v1/cabinets')).body.data;
    const north = cabinets.find((cabinet: { name: string }) => cabinet.name === 'Aalto N1');
    const asset = (await admin.get(`/v1/assets?cabinet_id=${north.id}`)).body.data[0];
    const people: PersonView[] = (await admin.get('/v1/people')).body.data;
    const active = people.flatMap((person) => person.badges).find((badge) => badge.status === 'active');
    if (route.startsWith('DELETE /v1/retention')) {
      await admin.send('PUT', '/v1/retention/rules/inventory', {
        keep_days: 600,
        action: 'pseudonymise',
        site: north.site.id,
      });
    }
    const unique = String(Math.trunc(count++)).padStart(8, '0');
    const change = await askedChange(route);
    if (route === 'POST /v1/off-boarding/approval') await askedToLeave();
    const silent = (await admin.get('/v1/attention?kind=cabinet_silent')).body.data.find(
      ({ cabinet }: AttentionItem) => cabinet?.id === north.id,
    );
    const made = {
      orders: () => admin.send('POST', '/v1/orders', { number: `A-${unique}` }),
      'support-cases': () => admin.send('POST', '/v1/support-cases', { subject: 'A reader', text: unique }),
      grants: () => admin.send('POST', '/v1/grants', { effect: 'allow', group: 'line', asset_ids: [asset.id] }),
      'item-rules': () => admin.send('POST', '/v1/item-rules', { model: `R-${unique}`, two_person: true }),
    };
    const kind = (Object.keys(made) as (keyof typeof made)[]).find((name) => route.includes(`/${name}/:id`));
    const fresh = kind === undefined ? '' : (await made[kind]()).body.id;
    const child = async () =>
      !route.includes('/kits/')
        ? ''
        : (await admin.get(`/v1/assets?cabinet_id=${north.id}`)).body.data[1 + (count % 2)].id;
    if (route === 'DELETE /v1/kits/:id') {
      const kept = (await admin.get(`/v1/kits/${asset.id}`)).status === 200;
      if (!kept) await admin.send('PUT', `/v1/kits/${asset.id}`, { children_ids: [await child()] });
    }
    const leaver = async () => (await admin.send('POST', '/v1/people', { name: 'Di', display_name: 'Di' })).body.id;
    const givePin = (number: string) => admin.send('PUT', `/v1/people/${people[0]?.id}/pin`, { number, pin: '4711' });
    if (route === 'DELETE /v1/people/:id/pin') await givePin(unique);
    const calls: Record<string, { id?: string; body?: unknown }> = {
      'DELETE /v1/sign-ins/:id': { id: (await caller.get('/v1/sign-ins')).body.data[0].id },
      'POST /v1/sites': { body: { name: 'East', time_zone: 'Europe/Warsaw' } },
      'POST /v1/cabinets': { body: { name: 'N2', site_id: north.site.id } },
      'POST /v1/cabinets/:id/enrolment-codes': { id: north.id },
      'POST /v1/cabinets/:id/revocation': { id: cabinets.at(-1).id, body: { reason: 'stolen' } },
      'POST /v1/cabinets/:id/commands': { id: north.id, body: { kind: 'rotate_key' } },
      'POST /v1/assets': { body: { name: 'Torch', home_cabinet_id: north.id, epc: `30000000${unique}` } },
      'PATCH /v1/assets/:id': { id: asset.id, body: { name: `Wrench ${unique}`, reason: 'clearer' } },
      'POST /v1/assets/:id/tag': { id: asset.id, body: { epc: `31000000${unique}` } },
      'POST /v1/people': { body: { name: 'Cy Young', display_name: 'Cy' } },
      'POST /v1/people/:id/badges': { id: people[0]?.id ?? '', body: { number: unique } },
      'PUT /v1/people/:id/licences': {
        id: people[0]?.id ?? '',
        body: { licences: [{ name: 'Torque', valid_until: null }] },
      },
      'PUT /v1/people/:id/pin': { id: people[0]?.id ?? '', body: { number: unique, pin: '4711' } },
      'DELETE /v1/people/:id/pin': { id: people[0]?.id ?? '' },
      'PATCH /v1/people/:id': { id: people[0]?.id ?? '', body: { groups: [`group ${unique}`] } },
      'PATCH /v1/cabinets/:id': { id: north.id, body: { two_person_to_open: true, reason: 'a drill' } },
      'POST /v1/grants': { body: { effect: 'allow', group: 'line', asset_ids: [asset.id] } },
      'PATCH /v1/grants/:id': { id: fresh, body: { note: `until ${unique}` } },
      'DELETE /v1/grants/:id': { id: fresh },
      'POST /v1/item-rules': { body: { model: `M-${unique}`, two_person: true } },
      'PATCH /v1/item-rules/:id': { id: fresh, body: { licences: [`L-${unique}`] } },
      'DELETE /v1/item-rules/:id': { id: fresh },
      'PUT /v1/kits/:id': { id: asset.id, body: { children_ids: [await child()] } },
      'DELETE /v1/kits/:id': { id: asset.id },
      'POST /v1/notices': { body: { text: { en: 'What we keep', fr: 'Ce que nous gardons' } } },
      'PATCH /v1/orders/:id': { id: fresh, body: { cabinet_ids: [north.id] } },
      'POST /v1/people/:id/departure': { id: route.endsWith('/departure') ? await leaver() : '', body: {} },
      'POST /v1/orders': { body: { number: `O-${unique}`, people_ids: [people[0]?.id ?? ''] } },
      'POST /v1/orders/:id/close': { id: fresh },
      'POST /v1/support-cases': { body: { subject: 'A reader', text: unique } },
      'POST /v1/support-cases/:id/close': { id: fresh, body: {} },
      'POST /v1/assets/:id/loss': { id: await missing(route, north.id), body: { note: 'searched' } },
      'POST /v1/losses/:id/confirmation': { id: await lossOf(route, north.id), body: {} },
      'POST /v1/losses/:id/rejection': { id: await lossOf(route, north.id), body: {} },
      // It has never been heard of.
      'POST /v1/attention/acknowledgements': { body: { id: `cabinet_silent:${north.id}`, mark: silent?.mark ?? '' } },
      'POST /v1/badges/:id/revoke': { id: active?.id ?? '', body: { reason: 'lost' } },
      'POST /v1/quarantine/:id/adoption': { id: await unknownTag(route, unique), body: { asset_id: asset.id } },
      'POST /v1/quarantine/:id/rejection': { id: await unknownTag(route, unique), body: { reason: 'not ours' } },
      'PUT /v1/retention/rules/:category': { body: { keep_days: 700, action: 'pseudonymise' } },
      'POST /v1/retention/changes/:id/approve': { id: change },
      'POST /v1/retention/changes/:id/reject': { id: change },
      'POST /v1/holds': { body: { kind: 'asset', subject: asset.id, ...review } },
      'POST /v1/holds/:id/release': { id: await placedHold(route, asset.id), body: { reason: 'settled' } },
      'POST /v1/off-boarding': { body: leaving },
      'POST /v1/off-boarding/rejection': {},
      'POST /v1/off-boarding/approval': { body: { contract_ends_on: '2099-01-01', without_export: true } },
      'POST /v1/retention/rehearsals': { body: { category: 'custody', keep_days: 30, action: 'delete' } },
    };
    const { id, body } = calls[route] ?? {};
    const site = route.startsWith('DELETE /v1/retention') ? `?site=${north.site.id}` : '';
    const path = url.replace(':id', id ?? '').replace(':category', 'inventory') + site;
    return body === undefined ? { method, url: path } : { method, url: path, body };
  }
  let count = 1;
  const review = { reason: 'claim', review_on: '2099-01-01' };
  const leaving = { contract_ends_on: '2099-01-01', record_days: 3650 };

  /** A change that somebody else asked for. */
  async function askedChange(route: string): Promise<string> {
    if (!route.includes('/changes/')) return '';
    const wish = { keep_days: 20 + count, action: 'delete' };
    const category = route.endsWith('/approve') ? 'session' : 'custody';
    return (await (await user('second')).send('PUT', `/v1/retention/rules/${category}`, wish)).body.change?.id ?? '';
  }

  /** Somebody else asked, and nothing is held. */
  async function askedToLeave(): Promise<void> {
    await (await user('second')).send('POST', '/v1/off-boarding', leaving);
    for (const { id, released_at } of (await admin.get('/v1/holds')).body.data) {
      if (released_at === null) await admin.send('POST', `/v1/holds/${id}/release`, { reason: 'settled' });
    }
  }

  /** A new asset of the cabinet, which no cabinet has said anything about. */
  async function missing(route: string, home: string): Promise<string> {
    if (!route.includes('/loss')) return '';
    return (await admin.send('POST', '/v1/assets', { name: 'Gone', home_cabinet_id: home })).body.id;
  }

  /** One that somebody else says is lost. */
  async function lossOf(route: string, home: string): Promise<string> {
    if (!route.includes('/losses/')) return '';
    const asset = await missing(route, home);
    return (await (await user('second')).send('POST', `/v1/assets/${asset}/loss`, { note: 'gone' })).body.id;
  }

  async function placedHold(route: string, asset: string): Promise<string> {
    if (!route.includes('/release')) return '';
    return (await admin.send('POST', '/v1/holds', { kind: 'asset', subject: asset, ...review })).body.id;
  }

  /** A tag that the northern cabinet has seen and nobody registered. */
  async function unknownTag(route: string, unique: string): Promise<string> {
    if (!route.includes('/quarantine/')) return '';
    const id = newUuid(1_000_000, systemRandom);
    await fixture.db.store.withTenant(tenantId, async (tx) => {
      const cabinet = await tx.cabinet.findFirstOrThrow({ where: { name: 'Aalto N1' } });
      const what = { reason: 'unknown_tag', detail: 'seen', epc: `32000000${unique}`, digest: id };
      await tx.quarantine.create({
        data: { tenantId, id, at: new Date(0), lastAt: new Date(0), cabinetId: cabinet.id, ...what },
      });
    });
    return idFromUuid('quarantine', id);
  }

  it('are all known here', () => {
    const known = Object.keys(changes).sort();
    const registered = fixture.app.routes.all
      .filter(
        ({ method, url }) =>
          !['GET', 'HEAD', 'OPTIONS'].includes(method) && !['/v1/sign-in', '/v1/enrolments'].includes(url),
      )
      .map(({ method, url }) => `${method} ${url}`);
    expect(registered.sort()).toEqual(known);
  });

  it.each(Object.entries(changes))(
    '%s obeys the roles and leaves its line in the trail',
    async (route, { least, leaves }) => {
      const order = ['viewer', 'manager', 'admin'] as const;
      for (const role of order) {
        const caller = await user(role);
        const { method, url, body } = await callOf(route, caller);
        const before = (await admin.get('/v1/events?limit=1000')).body.next_after;
        const answer = await caller.send(method, url, body);
        const lines = (await admin.get(`/v1/events?limit=1000&after=${before}`)).body.data;
        const kinds = lines.map((line: { kind: string }) => line.kind);
        if (order.indexOf(role) < order.indexOf(least)) {
          expect([route, role, answer.status]).toEqual([route, role, 403]);
          expect(kinds).toEqual([]);
        } else {
          expect([route, role, answer.status < 300, answer.text.slice(0, 200)]).toEqual([
            route,
            role,
            true,
            answer.text.slice(0, 200),
          ]);
          if (leaves !== null) expect(kinds).toContain(leaves);
          for (const line of lines) expect(line.actor.name).toMatch(new RegExp(role, 'i'));
        }
        if (url.includes('sign')) admin = await user('admin');
      }
    },
  );

  it('ask for new rulebooks of that customer', async () => {
    fixture.rulebooksFor.length = 0;
    const { method, url, body } = await callOf('POST /v1/people', admin);
    await admin.send(method, url, body);
    expect(fixture.rulebooksFor).toEqual([tenantId]);
  });

  it('show the credentials of a new cabinet once, and let nothing of them into the trail', async () => {
    const { method, url, body } = await callOf('POST /v1/cabinets', admin);
    const made = await admin.send(method, url, body);
    expect(made.body.credentials.signingKey).toContain('PRIVATE KEY');
    const { secret } = made.body.credentials;
    const again = await admin.get(`/v1/cabinets/${made.body.cabinet.id}`);
    const trail = await admin.get('/v1/events?limit=1000');
    expect([again.text.includes(secret), trail.text.includes(secret)]).toEqual([false, false]);
  });

  it('find the line of an asset from the asset, the cabinet and the feed alike', async () => {
    const asset = (await admin.get('/v1/assets?limit=1')).body.data[0];
    const line = (await admin.get(`/v1/assets/${asset.id}/timeline?limit=1`)).body.data[0];
    const fed = (await admin.get(`/v1/events?after=${line.index - 1}&limit=1`)).body.data[0];
    expect(fed).toEqual(line);
  });

  it('neither skip nor repeat a row when others are added between two pages', async () => {
    const seen: string[] = [];
    const start = (await admin.get('/v1/assets?limit=100')).body.data.map((asset: { id: string }) => asset.id);
    let cursor: string | null = null;
    do {
      const page: Page<AssetView> = (await admin.get(`/v1/assets?limit=2${cursor === null ? '' : `&cursor=${cursor}`}`))
        .body;
      seen.push(...page.data.map((asset) => asset.id));
      cursor = page.has_more ? page.next_cursor : null;
      await admin.send('POST', '/v1/assets', { name: 'Meanwhile' });
    } while (cursor !== null);
    expect(seen).toEqual(start);
  });
});
