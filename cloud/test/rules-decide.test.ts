import { createPublicKey, verify } from 'node:crypto';
import type { AssetView } from '@tagtrail/shared/api/asset.js';
import type { PersonView } from '@tagtrail/shared/api/person.js';
import { silentLog } from '@tagtrail/shared/log/log.js';
import { downSignedText, splitDownSignature } from '@tagtrail/shared/mqtt/signed-down.js';
import { mayCheckOut, type TakeQuestion } from '@tagtrail/shared/rules/may-check-out.js';
import { type Rulebook, rulebook } from '@tagtrail/shared/rules/rulebook.js';
import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { cloudKeyOf } from '../src/broker/cloud-key.js';
import { createLateLink } from '../src/roles/link.js';
import { createRulebooks, type Rulebooks } from '../src/rulebooks/rulebooks.js';
import { type AppFixture, type Caller, signedIn, startApp } from './app-fixture.js';
import { aCustomer } from './sample.js';

const key = cloudKeyOf('a secret of this test only, long enough');
/** A Monday in Paris, at noon and at night. */
const [noon, night] = [Date.UTC(2026, 0, 5, 11), Date.UTC(2026, 0, 5, 22)];

describe('what the office decides over REST', () => {
  let fixture: AppFixture;
  let admin: Caller;
  let name: string;
  let ana: PersonView;
  let bo: PersonView;
  let assets: readonly AssetView[];
  let rulebooks: Rulebooks;
  let tenantId: string;
  let count = 0;
  beforeAll(async () => {
    fixture = await startApp();
    rulebooks = startRulebooks();
  });
  afterAll(async () => {
    await rulebooks?.close();
    await fixture?.close();
  });
  beforeEach(async () => {
    name = `Aalto${count++}`;
    const made = await fixture.seed(aCustomer(name));
    tenantId = made.tenantId;
    const email = `admin@${name.toLowerCase()}.example`;
    admin = await signedIn(fixture.app, email, made.passwords.get(email) ?? '');
    const people: PersonView[] = (await admin.get('/v1/people')).body.data;
    const named = (end: string) => people.find((person) => person.name?.endsWith(end)) as PersonView;
    [ana, bo] = [named('Ana Lima'), named('Bo Berg')];
    assets = ((await admin.get('/v1/assets')).body.data as AssetView[]).sort((a, b) => (a.name < b.name ? -1 : 1));
  });

  /** What each cabinet was sent last, as it travels: signed by the cloud for that topic alone. */
  const sent = new Map<string, Rulebook>();
  function startRulebooks(): Rulebooks {
    const link = createLateLink(key);
    link.open({
      ...{ close: async () => {}, book: () => ({ received: 0, outcomes: {}, inFlight: 0 }) },
      publish: async (topic, text) => {
        const { body, sig } = splitDownSignature(text);
        const signed = Buffer.from(downSignedText(topic, body));
        expect(verify(null, signed, createPublicKey(key.publicKey), Buffer.from(sig ?? '', 'base64url'))).toBe(true);
        if (!topic.endsWith('/rulebook')) return;
        const book = rulebook.parse(JSON.parse(body));
        sent.set(book.cabinet, book);
      },
    });
    const publish = (topic: string, body: string): Promise<void> => link.send(topic, body, { retain: true });
    return createRulebooks({
      ...{ store: fixture.db.store, clock: new VirtualClock(noon), log: silentLog, publish },
    });
  }

  /** The newest rulebook of each cabinet by its name. */
  async function books(): Promise<ReadonlyMap<string, Rulebook>> {
    rulebooks.request(tenantId);
    await rulebooks.settled();
    const { data } = (await admin.get('/v1/cabinets')).body as { data: { id: string; name: string }[] };
    return new Map(
      data.flatMap((cabinet) => {
        const book = sent.get(cabinet.id);
        return book === undefined ? [] : [[cabinet.name.slice(name.length + 1), book] as const];
      }),
    );
  }

  const bookOf = async (cabinet = 'N1'): Promise<Rulebook> => (await books()).get(cabinet) as Rulebook;
  const asset = (n: number): AssetView => assets[n] as AssetView;

  /** Whether that person may take that tool, as a cabinet decides it: the reason and its name, or `allowed`. */
  async function decided(
    who: PersonView,
    n: number,
    more: Pick<TakeQuestion, 'witnessed'> & { readonly atMs?: number } = {},
  ): Promise<string> {
    const book = await bookOf();
    const item = book.items.find((one) => one.asset === asset(n).id);
    const person = book.people.find((one) => one.person === who.id);
    if (item === undefined || person === undefined) throw new TypeError('the sample has both');
    const verdict = mayCheckOut({
      ...{ person, item, atMs: noon, timeZone: book.timeZone ?? 'UTC', ...more },
      grants: (book.grants ?? []).filter((grant) => grant.assets === null || grant.assets.includes(item.asset)),
    });
    if (verdict.allowed) return 'allowed';
    return [verdict.refusal.reason, ...(verdict.refusal.reasonName === null ? [] : [verdict.refusal.reasonName])].join(
      ': ',
    );
  }

  async function done(
    method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    url: string,
    body?: unknown,
  ): Promise<{ id: string }> {
    const answer = await admin.send(method, url, body);
    expect([url, answer.status < 300, answer.text.slice(0, 300)]).toEqual([url, true, answer.text.slice(0, 300)]);
    return answer.body;
  }

  it('denies a tool to one by name, and no other', async () => {
    await done('POST', '/v1/grants', {
      ...{ effect: 'deny', person_id: bo.id, asset_ids: [asset(0).id], note: 'After the course' },
    });
    expect([await decided(bo, 0), await decided(ana, 0), await decided(bo, 1)]).toEqual([
      'denied: After the course',
      'allowed',
      'allowed',
    ]);
  });

  it('gives a model to a group in its hours, and ends that again', async () => {
    const hours = [{ days: [1, 2, 3, 4, 5], from: '06:00', to: '22:00' }];
    const grant = await done('POST', '/v1/grants', {
      ...{ effect: 'allow', group: 'line', model: asset(0).model, windows: hours },
    });
    expect([await decided(ana, 0), await decided(ana, 0, { atMs: night }), await decided(bo, 3)]).toEqual([
      'allowed',
      'outside_window: 06:00-22:00',
      'not_granted',
    ]);
    await done('PATCH', `/v1/grants/${grant.id}`, { windows: null, valid_until: new Date(noon + 1).toISOString() });
    expect([await decided(ana, 0), await decided(ana, 0, { atMs: night })]).toEqual(['allowed', 'not_granted']);
    await done('DELETE', `/v1/grants/${grant.id}`);
    expect([await decided(ana, 0, { atMs: night }), await decided(bo, 3)]).toEqual(['allowed', 'allowed']);
  });

  it('asks for the licence that a model demands, and tells by name what it has', async () => {
    await done('POST', '/v1/item-rules', { model: asset(1).model, licences: ['Torque'] });
    await done('PUT', `/v1/people/${ana.id}/licences`, {
      licences: [{ name: 'Torque', valid_until: new Date(noon + 3_600_000).toISOString() }],
    });
    expect([
      await decided(ana, 1),
      await decided(ana, 4),
      await decided(ana, 1, { atMs: night }),
      await decided(bo, 1),
      await decided(bo, 0),
    ]).toEqual(['allowed', 'allowed', 'licence_expired: Torque', 'licence_missing: Torque', 'allowed']);
  });

  it('lets nobody take alone what takes two, by tool, model or group', async () => {
    await done('PATCH', `/v1/assets/${asset(0).id}`, { two_person: true, reason: 'heavy' });
    const rule = await done('POST', '/v1/item-rules', { model: asset(1).model, two_person: true });
    await done('PATCH', `/v1/assets/${asset(5).id}`, { groups: ['line'], calibration_due_at: null, reason: 'theirs' });
    await done('POST', '/v1/item-rules', { group: 'line', two_person: true });
    const alone = async (): Promise<string[]> => [
      ...[await decided(ana, 0), await decided(ana, 1), await decided(ana, 5)],
    ];
    expect(await alone()).toEqual(['witness_missing', 'witness_missing', 'witness_missing']);
    expect([await decided(ana, 0, { witnessed: true }), await decided(ana, 5, { witnessed: true })]).toEqual([
      'allowed',
      'allowed',
    ]);
    await done('DELETE', `/v1/item-rules/${rule.id}`);
    expect(await alone()).toEqual(['witness_missing', 'allowed', 'witness_missing']);
  });

  it('opens one cabinet to two people only, and leaves the others as they are', async () => {
    const north = (await bookOf()).cabinet;
    await done('PATCH', `/v1/cabinets/${north}`, { two_person_to_open: true, reason: 'weapons' });
    const all = await books();
    expect([all.get('N1')?.twoPersonToOpen, all.get('S1')?.twoPersonToOpen]).toEqual([true, undefined]);
  });

  it('tells every cabinet what belongs together, until it does no more', async () => {
    const children = [asset(1).id, asset(2).id];
    await done('PUT', `/v1/kits/${asset(0).id}`, { children_ids: children });
    for (const [, { kits }] of await books())
      expect(kits).toEqual([{ kit: asset(0).id, children: expect.arrayContaining(children) }]);
    await done('DELETE', `/v1/kits/${asset(0).id}`);
    for (const [, { kits }] of await books()) expect(kits).toBeUndefined();
  });

  it('shows an order where it is worked on, to those who work on it', async () => {
    const north = (await bookOf()).cabinet;
    const order = await done('POST', '/v1/orders', { number: 'WO-1', people_ids: [ana.id], cabinet_ids: [north] });
    const all = await books();
    expect(all.get('N1')?.orders).toEqual([{ order: order.id, number: 'WO-1', title: null, people: [ana.id] }]);
    expect(all.get('S1')?.orders).toBeUndefined();
    await done('PATCH', `/v1/orders/${order.id}`, { cabinet_ids: null, people_ids: null, title: 'Wheels' });
    for (const [, { orders }] of await books())
      expect(orders).toEqual([{ order: order.id, number: 'WO-1', title: 'Wheels', people: null }]);
  });

  it('shows the newest notice in both languages, with what is new in it', async () => {
    const text = { en: 'What we keep', fr: 'Ce que nous gardons' };
    await done('POST', '/v1/notices', { text });
    await done('POST', '/v1/notices', {
      ...{ text: { en: 'We keep less', fr: 'Nous gardons moins' }, changes: { en: ['Less'], fr: ['Moins'] } },
      contact: 'privacy@example',
    });
    for (const [, { privacyNotice }] of await books()) {
      expect(privacyNotice).toEqual({
        ...{ version: 2, text: { en: 'We keep less', fr: 'Nous gardons moins' } },
        ...{ changes: { en: ['Less'], fr: ['Moins'] }, contact: 'privacy@example' },
      });
    }
  });
});
