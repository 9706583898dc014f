import type { CabinetView } from '@tagtrail/shared/api/cabinet.js';
import type { PersonView } from '@tagtrail/shared/api/person.js';
import type { CabinetRules, ChangeReach, RulesStatus } from '@tagtrail/shared/api/rulebook.js';
import { idFromUuid, uuidFromId } from '@tagtrail/shared/ids.js';
import { silentLog } from '@tagtrail/shared/log/log.js';
import { systemRandom } from '@tagtrail/shared/random/system-random.js';
import { rulebook } from '@tagtrail/shared/rules/rulebook.js';
import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import { systemClock } from '@tagtrail/shared/time/system-clock.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createIngest, type Ingest } from '../src/ingest/ingest.js';
import { createRulebooks, type Rulebooks } from '../src/rulebooks/rulebooks.js';
import { makeCabinet, onlineState, type TestCabinet } from '../src/testing/test-cabinet.js';
import { type AppFixture, type Caller, signedIn, startApp } from './app-fixture.js';
import { aCustomer } from './sample.js';

describe('how far rules have come', () => {
  let fixture: AppFixture;
  let tenantId: string;
  let admin: Caller;
  let manager: Caller;
  let cabinets: TestCabinet[];
  let ingest: Ingest;
  let books: Rulebooks;
  /** The newest version that was sent to each cabinet (UUID). */
  const sent = new Map<string, number>();

  beforeAll(async () => {
    fixture = await startApp();
    const { store } = fixture.db;
    const customer = await fixture.seed({ ...aCustomer('Aalto'), cabinets: [], assets: [] });
    tenantId = customer.tenantId;
    const enter = (email: string) => signedIn(fixture.app, email, customer.passwords.get(email) ?? '');
    admin = await enter('admin@aalto.example');
    manager = await enter('manager@aalto.example');
    const sites = await store.readTenant(tenantId, (tx) => tx.site.findMany({ orderBy: { name: 'asc' } }));
    cabinets = [];
    for (let n = 1; n <= 12; n++) {
      const site = sites[n % 2]?.id ?? '';
      cabinets.push(await makeCabinet(store, { tenant: tenantId, site }, `C${String(n).padStart(2, '0')}`));
    }
    ingest = createIngest({
      ...{ store, clock: systemClock, random: systemRandom, log: silentLog },
      send: async () => {},
    });
    books = createRulebooks({
      ...{ store, clock: new VirtualClock(), log: silentLog },
      publish: async (topic, body) => {
        if (!topic.endsWith('/rulebook')) return;
        const book = rulebook.parse(JSON.parse(body));
        sent.set(book.cabinet, book.version);
      },
    });
    await issue();
    for (const cabinet of cabinets) await apply(cabinet);
  });
  afterAll(async () => {
    await books?.close();
    await ingest?.close();
    await fixture?.close();
  });

  const give = async (cabinet: TestCabinet, what: 'events' | 'state', message: unknown): Promise<void> => {
    await ingest.receive(cabinet.topic(what), Buffer.from(JSON.stringify(message)));
    await ingest.flushStates();
  };
  const silent = (): TestCabinet => cabinets[6] as TestCabinet;
  const status = async (by: Caller = admin): Promise<RulesStatus> => (await by.get('/v1/rulebooks')).body;
  const reachOf = async (badge: string): Promise<ChangeReach> => (await admin.get(`/v1/badges/${badge}/reach`)).body;
  const names = (rows: readonly { readonly cabinet: CabinetRules['cabinet'] }[]) => rows.map((row) => row.cabinet.name);

  async function issue(): Promise<void> {
    books.request(tenantId);
    await books.settled();
  }

  /** The cabinet takes up what was sent to it and says so, in its journal and in its state. */
  async function apply(cabinet: TestCabinet): Promise<void> {
    const version = sent.get(cabinet.address.cabinet) ?? 0;
    const at = new Date().toISOString();
    const from = cabinet.last + 1;
    cabinet.record({ kind: 'rulebook.applied', at, data: { version } });
    await give(cabinet, 'events', cabinet.batch(from));
    await give(cabinet, 'state', { ...onlineState(at), rulebook: version });
  }

  /** Ends a badge that lasted until now. */
  async function revokedBadge(): Promise<string> {
    const people: PersonView[] = (await admin.get('/v1/people')).body.data;
    const badge = people.flatMap(({ badges }) => badges).find(({ status }) => status === 'active');
    expect((await admin.send('POST', `/v1/badges/${badge?.id}/revoke`, { reason: 'lost' })).status).toBe(200);
    return badge?.id ?? '';
  }

  it('is all of them while each has acknowledged its newest', async () => {
    const { cabinets: total, up_to_date, data } = await status();
    expect([total, up_to_date, data.length]).toEqual([12, 12, 12]);
    for (const row of data) {
      expect(row).toMatchObject({ newest: 1, acknowledged: 1, behind: false, link: 'online' });
      expect(Date.parse(row.acknowledged_at ?? '')).toBeGreaterThanOrEqual(Date.parse(row.issued_at ?? ''));
    }
  });

  it('is 11 of 12 for a badge that has ended while one cabinet is silent, and names that one first', async () => {
    const badge = await revokedBadge();
    expect(await reachOf(badge)).toMatchObject({ cabinets: 12, reached: 0 });
    await issue();
    for (const cabinet of cabinets) if (cabinet !== silent()) await apply(cabinet);

    const { cabinets: total, up_to_date, data } = await status();
    expect([total, up_to_date, ...names(data.slice(0, 1))]).toEqual([12, 11, 'C07']);
    expect(data[0]).toMatchObject({ newest: 2, acknowledged: 1, behind: true });
    const reach = await reachOf(badge);
    expect([reach.cabinets, reach.reached]).toEqual([12, 11]);
    expect(reach.data[0]).toMatchObject({ cabinet: { name: 'C07' }, reached: false, reached_at: null });
    for (const row of reach.data.slice(1)) {
      expect(row.reached).toBe(true);
      expect(Date.parse(row.reached_at ?? '')).toBeGreaterThanOrEqual(Date.parse(reach.changed_at));
    }
    await agreesWithTheBoard();

    await apply(silent());
    expect(await reachOf(badge)).toMatchObject({ cabinets: 12, reached: 12 });
    expect(await status()).toMatchObject({ up_to_date: 12 });
  });

  it('is told of the badges of somebody who left, too, and claims nothing of which it does not know the line', async () => {
    const made = await admin.send('POST', '/v1/people', { name: 'Di Leaver', display_name: 'Di' });
    const { badges } = (await admin.send('POST', `/v1/people/${made.body.id}/badges`, { number: '4A00AB1200' })).body;
    await issue();
    for (const cabinet of cabinets) await apply(cabinet);
    expect((await admin.send('POST', `/v1/people/${made.body.id}/departure`, { reason: null })).status).toBe(200);
    expect(await reachOf(badges[0].id)).toMatchObject({ cabinets: 12, reached: 0 });
    await issue();
    for (const cabinet of cabinets) if (cabinet !== silent()) await apply(cabinet);
    expect(await reachOf(badges[0].id)).toMatchObject({ cabinets: 12, reached: 11 });
    await apply(silent());

    await fixture.db.store.withTenant(tenantId, (tx) =>
      tx.badge.updateMany({ where: { personId: uuidFromId('person', made.body.id) }, data: { endedIndex: null } }),
    );
    expect(await reachOf(badges[0].id)).toMatchObject({ cabinets: 12, reached: 0 });
  });

  it('stays as far as it was when something else changes after it', async () => {
    const badge = await revokedBadge();
    await issue();
    for (const cabinet of cabinets) await apply(cabinet);
    expect((await admin.send('POST', '/v1/orders', { number: 'WO-9' })).status).toBe(201);
    await issue();
    expect(await status()).toMatchObject({ cabinets: 12, up_to_date: 0 });
    expect(await reachOf(badge)).toMatchObject({ cabinets: 12, reached: 12 });
  });

  it('goes back where a cabinet lost its rules with its disk', async () => {
    for (const cabinet of cabinets) await apply(cabinet);
    expect(await status()).toMatchObject({ up_to_date: 12 });
    await give(silent(), 'state', onlineState(new Date().toISOString()));
    const { up_to_date, data } = await status();
    expect([up_to_date, ...names(data.slice(0, 1))]).toEqual([11, 'C07']);
    expect(data[0]).toMatchObject({ acknowledged: null, acknowledged_at: null, behind: true });
    await agreesWithTheBoard();
  });

  it('claims nothing of a cabinet that is ahead of a restored cloud until it has the rules of this one', async () => {
    const { id } = (await admin.send('POST', '/v1/people', { name: 'Eve Lee', display_name: 'Eve' })).body;
    await admin.send('POST', `/v1/people/${id}/badges`, { number: '4A00AB1201' });
    await issue();
    for (const cabinet of cabinets) await apply(cabinet);
    const ahead = (sent.get(silent().address.cabinet) ?? 0) + 40;
    await give(silent(), 'state', { ...onlineState(new Date().toISOString()), rulebook: ahead });
    const { up_to_date, data } = await status();
    expect(up_to_date).toBe(11);
    expect(data[0]).toMatchObject({ acknowledged: ahead, behind: true });
    const badge = await revokedBadge();
    await issue();
    expect(sent.get(silent().address.cabinet)).toBe(ahead + 1);
    for (const cabinet of cabinets) if (cabinet !== silent()) await apply(cabinet);
    expect((await reachOf(badge)).data[0]).toMatchObject({ cabinet: { name: 'C07' }, reached: false });
    await agreesWithTheBoard();
    await apply(silent());
    expect(await reachOf(badge)).toMatchObject({ cabinets: 12, reached: 12 });
    expect(await status()).toMatchObject({ up_to_date: 12 });
  });

  it('counts no cabinet that was cut off, and none of another site', async () => {
    const [first] = (await admin.get('/v1/cabinets')).body.data;
    await admin.send('POST', `/v1/cabinets/${first.id}/revocation`, { reason: 'stolen' });
    expect(await status()).toMatchObject({ cabinets: 11 });
    const mine = await status(manager);
    expect(mine.cabinets).toBeLessThan(11);
    expect(new Set(mine.data.map(({ site }) => site.name))).toEqual(new Set(['Aalto North']));
  });

  it('is nothing for a badge that lasts or that there is not', async () => {
    const person = (await admin.send('POST', '/v1/people', { name: 'Cy Young', display_name: 'Cy' })).body;
    const issued = await admin.send('POST', `/v1/people/${person.id}/badges`, { number: '4A00AB12FF' });
    const lasting = issued.body.badges.find(({ status: is }: { status: string }) => is === 'active');
    for (const id of [lasting.id, idFromUuid('badge', tenantId), 'nothing'])
      expect([id, (await admin.get(`/v1/badges/${id}/reach`)).status]).toEqual([id, 404]);
  });

  /** The list of cabinets says the same in its own words. */
  async function agreesWithTheBoard(): Promise<void> {
    const board: CabinetView[] = (await admin.get('/v1/cabinets?limit=100')).body.data;
    const behind = board.filter((row) => (row.rulebook_version ?? 0) < row.rulebook_wanted);
    expect(behind.map(({ name }) => name).sort()).toEqual(
      names((await status()).data.filter((row) => row.behind)).sort(),
    );
  }
});
