import { generateKeyPairSync } from 'node:crypto';
import { idFromUuid, uuidFromId } from '@tagtrail/shared/ids.js';
import { silentLog } from '@tagtrail/shared/log/log.js';
import { systemRandom } from '@tagtrail/shared/random/system-random.js';
import { systemClock } from '@tagtrail/shared/time/system-clock.js';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createIngest, type Ingest } from '../src/ingest/ingest.js';
import { rebuildProjections } from '../src/store/projections/rebuild.js';
import {
  conversation,
  freshUuid,
  helloOf,
  inventoryEvent,
  lineEvent,
  makeCabinet,
  startedEvent,
  type TestCabinet,
  type TestEvent,
} from '../src/testing/test-cabinet.js';
import { type AppFixture, type Caller, signedIn, startApp } from './app-fixture.js';
import { aCustomer } from './sample.js';

const newKeys = () => ({ secret: 'never told', key: generateKeyPairSync('ed25519').privateKey });
let next = 0;
const freshEpc = (): string => `E2801170000000000000${(next++).toString(16).toUpperCase().padStart(4, '0')}`;

describe('what was set aside', () => {
  let fixture: AppFixture;
  let tenantId: string;
  let admin: Caller;
  let manager: Caller;
  let north: string;
  let cabinet: TestCabinet;
  let ingest: Ingest;
  let epc: string;

  beforeAll(async () => {
    fixture = await startApp();
    const seeded = await fixture.seed(aCustomer('Aalto'));
    tenantId = seeded.tenantId;
    const enter = (who: string) => signedIn(fixture.app, who, seeded.passwords.get(who) ?? '');
    admin = await enter('admin@aalto.example');
    manager = await enter('manager@aalto.example');
    const sites = await fixture.db.store.readTenant(tenantId, (tx) => tx.site.findMany());
    north = sites.find(({ name }) => name === 'Aalto North')?.id ?? '';
  });
  afterAll(async () => {
    await fixture?.close();
  });
  beforeEach(async () => {
    const { store } = fixture.db;
    cabinet = await makeCabinet(store, { tenant: tenantId, site: north }, `Q${next}`);
    const send = async () => {};
    ingest = createIngest({ store, clock: systemClock, random: systemRandom, log: silentLog, send });
    epc = freshEpc();
  });
  afterEach(async () => {
    // Whatever a person decided: the trail alone gives the same.
    expect((await rebuildProjections(fixture.db.store, tenantId, { check: true })).equal).toBe(true);
    await ingest.close();
  });

  async function give(...events: readonly TestEvent[]): Promise<void> {
    const from = cabinet.last + 1;
    cabinet.record(...events);
    await ingest.receive(cabinet.topic('events'), Buffer.from(JSON.stringify(cabinet.batch(from))));
  }
  const minute = (m: number): string => new Date(Date.UTC(2026, 0, 5, 6, m)).toISOString();
  const seen = (m: number, tag = epc): TestEvent => ({
    kind: 'tag.unknown_seen',
    at: minute(m),
    data: { epc: tag, evidence: { reads: 12, rounds: 3, antennas: [1], bestRssiDbm: -50 } },
  });
  const listed = async (filter = '') => (await admin.get(`/v1/quarantine?limit=100${filter}`)).body.data;
  const tagRow = async (tag = epc) => (await listed()).find((row: { epc: string | null }) => row.epc === tag);
  const decide = (by: Caller, id: string, what: 'adoption' | 'rejection', body: unknown) =>
    by.send('POST', `/v1/quarantine/${id}/${what}`, body);

  it('holds one row for each unknown tag, which counts and knows the last cabinet', async () => {
    await give(seen(1), seen(2), seen(3, freshEpc()));
    const first = await tagRow();
    expect(first).toMatchObject({ state: 'open', reason: 'unknown_tag', occurrences: 2, asset: null, sequence: null });
    expect(first.cabinet.id).toBe(idFromUuid('cabinet', cabinet.id));
    cabinet = await makeCabinet(fixture.db.store, { tenant: tenantId, site: north }, `Other ${next}`);
    await give(seen(4));
    expect(await tagRow()).toMatchObject({ id: first.id, occurrences: 3, at: first.at });
    expect((await tagRow()).cabinet.id).toBe(idFromUuid('cabinet', cabinet.id));
  });

  it('gives a tag to a new asset, which is where the tag was first seen', async () => {
    await give(seen(1), seen(5));
    const home = (await admin.get('/v1/cabinets')).body.data.find(({ name }: { name: string }) => name === 'Aalto N1');
    const body = { new_asset: { name: 'Torch', home_cabinet_id: home.id } };
    const adopted = await decide(manager, (await tagRow()).id, 'adoption', body);
    expect([adopted.status, adopted.body.state]).toEqual([200, 'adopted']);
    expect(adopted.body.decided_by.name).toBe('Aalto Manager');
    const asset = (await admin.get(`/v1/assets/${adopted.body.asset.id}`)).body;
    expect(asset).toMatchObject({ name: 'Torch', epc, state: 'available', since: minute(1) });
    expect(asset.cabinet.id).toBe(idFromUuid('cabinet', cabinet.id));
    const again = await decide(manager, adopted.body.id, 'rejection', { reason: 'late' });
    expect([again.status, again.body.detail]).toEqual([409, 'This has been adopted already.']);
  });

  it.each(['asset.checked_out', 'asset.returned'] as const)(
    'takes over who moved the tag while it was nobody’s: %s',
    async (kind) => {
      const person = await fixture.db.store.readTenant(tenantId, (tx) => tx.person.findFirstOrThrow());
      const line = (at: string, what = kind) => lineEvent(what, { epc, at, actor: person.id, session: freshUuid() });
      const other = kind === 'asset.returned' ? 'asset.checked_out' : 'asset.returned';
      await give(seen(1), line(minute(4), other), line(minute(9)), inventoryEvent(minute(10), [epc]));
      const adopted = await decide(admin, (await tagRow()).id, 'adoption', { new_asset: { name: 'Gauge' } });
      const asset = (await admin.get(`/v1/assets/${adopted.body.asset.id}`)).body;
      const isOut = kind === 'asset.checked_out';
      expect([asset.state, asset.since]).toEqual([isOut ? 'out' : 'available', minute(9)]);
      expect(asset.holder?.id ?? null).toBe(isOut ? idFromUuid('person', person.id) : null);
    },
  );

  it('leaves an asset where it is by a later move than those of the adopted tag', async () => {
    const old = freshEpc();
    const asset = (await admin.send('POST', '/v1/assets', { name: 'Retagged', epc: old })).body;
    await give(lineEvent('asset.checked_out', { epc: old, at: minute(20) }));
    await give(lineEvent('asset.returned', { epc: old, at: minute(30) }), seen(31));
    const later = await makeCabinet(fixture.db.store, { tenant: tenantId, site: north }, `Late ${next}`);
    cabinet = later;
    await give(lineEvent('asset.checked_out', { epc, at: minute(5) }));
    await decide(admin, (await tagRow()).id, 'adoption', { asset_id: asset.id });
    const now = (await admin.get(`/v1/assets/${asset.id}`)).body;
    expect(now).toMatchObject({ epc, state: 'available', since: minute(30) });
  });

  it('closes by itself when the tag is bound elsewhere, and opens again when the tag has lost its asset', async () => {
    await give(seen(1));
    const asset = (await admin.send('POST', '/v1/assets', { name: 'Elsewhere', epc })).body;
    expect(await tagRow()).toMatchObject({ state: 'adopted', decided_by: null, asset: { id: asset.id } });
    await give(seen(2));
    expect(await tagRow()).toMatchObject({ state: 'adopted' });
    await admin.send('POST', `/v1/assets/${asset.id}/tag`, { epc: freshEpc() });
    await give(seen(3));
    expect(await tagRow()).toMatchObject({ state: 'open', asset: null, decided_at: null });
  });

  it('takes earlier moves along too when the tag is bound elsewhere, whether it was set aside or not', async () => {
    const other = freshEpc();
    await give(seen(1), lineEvent('asset.checked_out', { epc, at: minute(4) }));
    await give(lineEvent('asset.checked_out', { epc: other, at: minute(5) }));
    const made = (await admin.send('POST', '/v1/assets', { name: 'Registered late', epc })).body;
    expect([made.state, made.since]).toEqual(['out', minute(4)]);
    const blank = (await admin.send('POST', '/v1/assets', { name: 'Untagged' })).body;
    const bound = await admin.send('POST', `/v1/assets/${blank.id}/tag`, { epc: other });
    expect([bound.status, bound.body.state, bound.body.since]).toEqual([200, 'out', minute(5)]);
    const third = (await admin.send('POST', '/v1/assets', { name: 'Third' })).body;
    await admin.send('POST', `/v1/assets/${blank.id}/tag`, { epc: freshEpc() });
    const again = await admin.send('POST', `/v1/assets/${third.id}/tag`, { epc: other });
    expect(again.body.state).toBe('unknown');
  });

  it('lets two people at once adopt a tag once, however each of them goes about it', async () => {
    for (let turn = 0; turn < 5; turn++) {
      epc = freshEpc();
      await give(seen(1));
      const { id } = await tagRow();
      const existing = (await admin.send('POST', '/v1/assets', { name: `Existing ${epc}` })).body;
      const answers = await Promise.all([
        decide(admin, id, 'adoption', { new_asset: { name: 'New' } }),
        decide(admin, id, 'adoption', { asset_id: existing.id }),
        admin.send('POST', `/v1/assets/${existing.id}/tag`, { epc }),
        admin.send('POST', '/v1/assets', { name: 'Elsewhere', epc }),
      ]);
      const statuses = answers.map(({ status }) => status);
      expect(statuses.filter((status) => status < 300).length).toBeGreaterThan(0);
      expect(statuses.filter((status) => ![200, 201, 409].includes(status))).toEqual([]);
      const open = await fixture.db.store.readTenant(tenantId, (tx) =>
        tx.tagBinding.findMany({ where: { epc, unboundAt: null } }),
      );
      expect(open).toHaveLength(1);
      expect((await tagRow()).asset.id).toBe(idFromUuid('asset', open[0]?.assetId ?? ''));
    }
  });

  it('gives an asset one tag when two are bound to it at once', async () => {
    const asset = (await admin.send('POST', '/v1/assets', { name: 'Fought over' })).body;
    const tags = [freshEpc(), freshEpc(), freshEpc()];
    await Promise.all(tags.map((tag) => admin.send('POST', `/v1/assets/${asset.id}/tag`, { epc: tag })));
    const open = await fixture.db.store.readTenant(tenantId, (tx) =>
      tx.tagBinding.findMany({ where: { assetId: uuidFromId('asset', asset.id), unboundAt: null } }),
    );
    expect(open).toHaveLength(1);
  });

  it('counts a move for the asset that arrives while somebody binds the tag', async () => {
    const { store } = fixture.db;
    const asset = (await admin.send('POST', '/v1/assets', { name: 'In between' })).body;
    let received: Promise<void> | undefined;
    await store.withTenant(tenantId, async (tx) => {
      await tx.$queryRaw`select 1 from tenant_head where tenant_id = ${tenantId}::uuid for update`;
      received = give(lineEvent('asset.checked_out', { epc, at: minute(7) }));
      await expect.poll(() => waiting(), { timeout: 10_000 }).toBeGreaterThan(0);
      const binding = { id: freshUuid(), tenantId, epc, assetId: uuidFromId('asset', asset.id) };
      await tx.tagBinding.create({ data: { ...binding, boundAt: new Date() } });
    });
    await received;
    const now = (await admin.get(`/v1/assets/${asset.id}`)).body;
    expect([now.state, now.since]).toEqual(['out', minute(7)]);
  });

  /** Statements that wait for the head of the trail. */
  async function waiting(): Promise<number> {
    const rows = await fixture.db.store.global.$queryRaw<{ count: number }[]>`
      select count(*)::int as count from pg_locks where not granted`;
    return rows[0]?.count ?? 0;
  }

  it('keeps a rejected tag rejected, with the reason, however often it is seen', async () => {
    await give(seen(1));
    const { id } = await tagRow();
    expect((await decide(manager, id, 'rejection', { reason: 'a visitor’s' })).status).toBe(200);
    await give(seen(2));
    expect(await tagRow()).toMatchObject({ state: 'rejected', note: 'a visitor’s', occurrences: 2 });
    expect((await listed('&state=open&reason=unknown_tag')).some((row: { id: string }) => row.id === id)).toBe(false);
    expect((await listed('&state=rejected')).some((row: { id: string }) => row.id === id)).toBe(true);
  });

  it('records what an administrator accepts of a bad event, and leaves its line set aside', async () => {
    await give({ kind: 'nonsense', at: minute(1), data: {} }, startedEvent(minute(2)));
    const [row] = await listed('&state=open&reason=bad_content');
    const note = 'The door was opened by the fire brigade.';
    expect((await decide(manager, row.id, 'adoption', { note })).status).toBe(403);
    expect((await decide(admin, row.id, 'adoption', {})).body.errors[0].field).toBe('note');
    expect((await decide(admin, row.id, 'adoption', { note })).body).toMatchObject({ state: 'adopted', note });
    const lines = (await admin.get(`/v1/cabinets/${idFromUuid('cabinet', cabinet.id)}/timeline`)).body.data;
    const adopted = lines.find((line: { kind: string }) => line.kind === 'quarantine.adopted');
    expect(adopted.data).toMatchObject({ quarantine: row.id, reason: 'bad_content', note });
    const entry = await fixture.db.store.readTenant(tenantId, (tx) =>
      tx.entry.findFirstOrThrow({ where: { cabinetId: cabinet.id, seq: 1n } }),
    );
    expect([entry.kind, entry.status]).toEqual(['event.quarantined', 'quarantined']);
  });

  it('refuses to adopt what its cabinet did not sign or what contradicts its history, and says what to do', async () => {
    cabinet.record(startedEvent(minute(1)));
    const badly = { ...cabinet.batch(), sig: 'A'.repeat(86) };
    await ingest.receive(cabinet.topic('events'), Buffer.from(JSON.stringify(badly)));
    const [row] = await listed('&state=open&reason=bad_signature');
    const answer = await decide(admin, row.id, 'adoption', { note: 'fine' });
    expect([answer.status, answer.body.type]).toEqual([409, 'https://tagtrail.dev/problems/conflict']);
    expect(answer.body.detail).toContain('enrol the cabinet again');
    expect((await decide(admin, row.id, 'rejection', { reason: 'a stolen key' })).status).toBe(200);
  });

  it('shows cabinets that are not known, few and counted, and takes one on under the id that it has', async () => {
    const stranger = conversation({ ...newKeys(), id: freshUuid(), tenant: tenantId });
    const hello = Buffer.from(JSON.stringify(helloOf(stranger)));
    const knock = (times: number) =>
      Promise.all(Array.from({ length: times }, () => ingest.receive(stranger.topic('hello'), hello)));
    await knock(3);
    const row = (await listed('&reason=unknown_cabinet'))[0];
    const id = idFromUuid('cabinet', stranger.id);
    expect(row).toMatchObject({ state: 'open', detail: id, occurrences: 1, cabinet: { id, name: null } });
    expect((await manager.get('/v1/quarantine?reason=unknown_cabinet')).body.data).toEqual([]);
    const made = { name: 'Found again', site_id: idFromUuid('site', north) };
    for (const body of [{ note: 'ours' }, { new_asset: { name: 'X' } }])
      expect((await decide(admin, row.id, 'adoption', body)).status).toBe(400);
    expect((await decide(manager, row.id, 'adoption', { new_cabinet: made })).status).toBe(404);
    const adopted = await decide(admin, row.id, 'adoption', { new_cabinet: made });
    expect([adopted.status, adopted.body.state, adopted.body.cabinet]).toEqual([
      200,
      'adopted',
      { id, name: made.name },
    ]);
    expect((await admin.get(`/v1/cabinets/${id}`)).body).toMatchObject({ name: made.name, link: 'never' });
    expect((await admin.send('POST', `/v1/cabinets/${id}/enrolment-codes`)).status).toBe(201);
    const [line] = (await admin.get(`/v1/cabinets/${id}/timeline?kind=quarantine.adopted`)).body.data;
    expect(line).toMatchObject({ data: { reason: 'unknown_cabinet' }, site: { name: 'Aalto North' } });
  });

  it('gives made-up cabinets no more than fifty places, and none at a customer that does not exist', async () => {
    for (const tenant of [tenantId, freshUuid()]) {
      for (let i = 0; i < 55; i++) {
        const one = conversation({ ...newKeys(), id: freshUuid(), tenant });
        await ingest.receive(one.topic('events'), Buffer.from('{}'));
      }
    }
    expect(await listed('&state=open&reason=unknown_cabinet')).toHaveLength(50);
    expect(ingest.counts().messages).toMatchObject({ stranger: 110, not_stored: 0 });
  });

  it('asks which asset a tag is on, and counts what is open only', async () => {
    await give(seen(1));
    const { id } = await tagRow();
    const both = { asset_id: 'asset_x', new_asset: { name: 'X' } };
    for (const body of [{}, both]) expect((await decide(admin, id, 'adoption', body)).status).toBe(400);
    expect((await decide(admin, id, 'adoption', { asset_id: idFromUuid('asset', freshUuid()) })).status).toBe(422);
    const open = async () => (await admin.get('/v1/overview')).body.quarantined_events;
    const before = await open();
    await decide(admin, id, 'rejection', { reason: 'not ours' });
    expect(await open()).toBe(before - 1);
  });
});
