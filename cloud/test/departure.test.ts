import { uuidFromId } from '@tagtrail/shared/ids.js';
import { silentLog } from '@tagtrail/shared/log/log.js';
import { systemRandom } from '@tagtrail/shared/random/system-random.js';
import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createIngest } from '../src/ingest/ingest.js';
import { logSigner } from '../src/proof/log-key.js';
import { sealTenant } from '../src/proof/seal.js';
import { runRetention } from '../src/retention/retention-run.js';
import { rulebookSet } from '../src/rulebooks/build-rulebook.js';
import { readRulebookCabinets, readRulebookFacts } from '../src/rulebooks/read-facts.js';
import { lineEvent, makeAsset, makeCabinet, type TestCabinet } from '../src/testing/test-cabinet.js';
import { type AppFixture, type Caller, signedIn, startApp } from './app-fixture.js';
import { aCustomer } from './sample.js';

const dayMs = 86_400_000;
const epc = 'E280117000000000000000A7';

describe('a person who leaves', () => {
  const clock = new VirtualClock(Date.now());
  let fixture: AppFixture;
  let passwords: ReadonlyMap<string, string>;
  let tenantId: string;
  let cabinet: TestCabinet;
  let ana: string;
  let bo: string;
  beforeAll(async () => {
    fixture = await startApp({ clock });
    ({ passwords, tenantId } = await fixture.seed(aCustomer('Aalto')));
    const { people, site } = await fixture.db.store.readTenant(tenantId, async (tx) => ({
      people: await tx.person.findMany({ orderBy: { name: 'asc' } }),
      site: await tx.site.findFirstOrThrow({ orderBy: { name: 'asc' } }),
    }));
    [ana = '', bo = ''] = people.map(({ id }) => id);
    cabinet = await makeCabinet(fixture.db.store, { tenant: tenantId, site: site.id }, 'Left');
    await makeAsset(fixture.db.store, tenantId, { epc });
  });
  afterAll(async () => {
    await fixture?.close();
  });

  const caller = (role = 'admin'): Promise<Caller> =>
    signedIn(fixture.app, `${role}@aalto.example`, passwords.get(`${role}@aalto.example`) ?? '');
  const now = (): string => new Date(clock.wallMs()).toISOString();
  async function report(kind: 'asset.checked_out' | 'asset.returned', actor: string): Promise<void> {
    const from = cabinet.last + 1;
    cabinet.record(lineEvent(kind, { epc, at: now(), actor }));
    const { store } = fixture.db;
    const ingest = createIngest({ store, clock, random: systemRandom, log: silentLog, send: async () => {} });
    await ingest.receive(cabinet.topic('events'), Buffer.from(JSON.stringify(cabinet.batch(from))));
    await ingest.close();
  }
  /** A night of the jobs: the trail is sealed, and retention runs. */
  async function night(): Promise<void> {
    const { store } = fixture.db;
    const signer = logSigner('a log secret of this test, long enough', tenantId);
    const target = { tenant: tenantId, atMs: clock.wallMs() };
    while ((await store.withTenant(tenantId, (tx) => sealTenant(tx, target, signer))) !== undefined);
    const run = { store, random: systemRandom, log: silentLog, clock, tenantId, userId: null };
    await runRetention({ ...run, atMs: clock.wallMs() });
  }
  const person = (id: string) =>
    fixture.db.store.readTenant(tenantId, (tx) =>
      tx.person.findFirstOrThrow({ where: { tenantId, id }, include: { badges: true, pin: true, licences: true } }),
    );
  const book = () =>
    fixture.db.store.readTenant(tenantId, async (tx) => {
      const facts = await readRulebookFacts(tx, tenantId);
      const [first] = await readRulebookCabinets(tx, tenantId);
      if (facts === undefined || first === undefined) throw new TypeError('the sample has a cabinet');
      return rulebookSet(facts).bodyOf(first);
    });
  const forgotten = () =>
    fixture.db.store.readTenant(tenantId, (tx) =>
      tx.entry.findMany({
        where: { kind: 'retention.cleared', data: { path: ['what'], equals: 'people_who_left' } },
        select: { data: true, counterpartId: true },
      }),
    );

  it('opens nothing any more, and what is still out is told', async () => {
    const admin = await caller();
    const list: { id: string }[] = (await admin.get('/v1/people')).body.data;
    const id = list.map((one) => one.id).find((one) => uuidFromId('person', one) === ana) ?? '';
    const other = list.map((one) => one.id).find((one) => one !== id) ?? '';
    await admin.send('PUT', `/v1/people/${id}/pin`, { number: '1234', pin: '908172' });
    await admin.send('PUT', `/v1/people/${id}/licences`, { licences: [{ name: 'Torque', valid_until: null }] });
    const order = await admin.send('POST', '/v1/orders', { number: 'WO-1', people_ids: [id, other] });
    expect(order.status, order.text).toBe(201);
    await report('asset.checked_out', ana);

    expect((await (await caller('viewer')).send('POST', `/v1/people/${id}/departure`, {})).status).toBe(403);
    const left = await admin.send('POST', `/v1/people/${id}/departure`, { reason: 'End of contract' });
    expect(left.status, left.text).toBe(200);
    expect(left.body).toMatchObject({
      person: { id, status: 'left', groups: [], name: 'Aalto Ana Lima', badges: [{ status: 'revoked' }], holding: 1 },
      open_items: [{ asset: { name: `Tool ${epc}` }, since: expect.any(String) }],
      open_elsewhere: 0,
    });
    expect(await person(ana)).toMatchObject({ pin: null, licences: [], seesHolders: false });
    const rules = await book();
    expect(rules.badges.find((badge) => badge.person === id)?.status).toBe('revoked');
    expect(rules.people.find((one) => one.person === id)).toMatchObject({ status: 'suspended', groups: [] });
    expect(rules.orders?.map(({ people }) => people)).toEqual([[other]]);
    const lines = (await admin.get(`/v1/people/${id}/timeline`)).body.data;
    expect(lines[0]).toMatchObject({
      kind: 'person.left',
      data: { ended: 1, holding: 1, note: 'End of contract' },
      counterpart: { id },
    });
  });

  it('gets no badge, PIN or licence, and does not leave twice', async () => {
    const admin = await caller();
    const { data } = (await admin.get('/v1/people')).body;
    const { id } = data.find((one: { status: string }) => one.status === 'left');
    const refused = [
      await admin.send('POST', `/v1/people/${id}/departure`, {}),
      await admin.send('POST', `/v1/people/${id}/badges`, { number: 'AA00BB11' }),
      await admin.send('PUT', `/v1/people/${id}/pin`, { number: '1234', pin: '908172' }),
      await admin.send('PUT', `/v1/people/${id}/licences`, { licences: [] }),
      await admin.send('PATCH', `/v1/people/${id}`, { status: 'active' }),
      await admin.send('PATCH', `/v1/people/${id}`, { name: 'Ana Lima', groups: ['line'] }),
    ];
    expect(refused.map(({ status }) => status)).toEqual([409, 409, 409, 409, 409, 409]);
    expect((await admin.send('PATCH', `/v1/people/${id}`, { display_name: 'Ana' })).status).toBe(200);
    const unknown = id.replace(/.$/, (last: string) => (last === '0' ? '1' : '0'));
    expect((await admin.send('POST', `/v1/people/${unknown}/departure`, {})).status).toBe(404);
  });

  it('keeps the name while lines, an open item or a hold speak of it, and loses it after the last', async () => {
    clock.stepWall(1200 * dayMs);
    await night();
    expect((await person(ana)).name, 'the tool is still out').toBe('Aalto Ana Lima');
    await report('asset.returned', bo);
    await night();
    expect((await person(ana)).name, 'the line that carries the tool is young').toBe('Aalto Ana Lima');

    const admin = await caller();
    const list: { id: string }[] = (await admin.get('/v1/people')).body.data;
    const subject = list.map((one) => one.id).find((one) => uuidFromId('person', one) === ana);
    const review = { reason: 'claim', review_on: new Date(clock.wallMs() + 30 * dayMs).toISOString().slice(0, 10) };
    const hold = await admin.send('POST', '/v1/holds', { kind: 'person', subject, ...review });
    expect(hold.status, hold.text).toBe(200);
    clock.stepWall(1200 * dayMs);
    await night();
    expect((await person(ana)).name, 'a hold keeps it').toBe('Aalto Ana Lima');
    expect(await forgotten()).toEqual([]);

    await (await caller()).send('POST', `/v1/holds/${hold.body.id}/release`, { reason: 'settled' });
    clock.stepWall(1200 * dayMs);
    await night();
    expect(await person(ana)).toMatchObject({ name: null, displayName: null, badges: [], status: 'left' });
    expect(await forgotten()).toEqual([
      { data: { what: 'people_who_left', rows: 1, before: expect.any(String) }, counterpartId: null },
    ]);
    expect((await book()).people.map((one) => uuidFromId('person', one.person))).toEqual([bo]);
    expect((await person(bo)).name, 'who is here is not forgotten').toBe('Aalto Bo Berg');
    await night();
    expect(await forgotten()).toHaveLength(1);
  });
});
