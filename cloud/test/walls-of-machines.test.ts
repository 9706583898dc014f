import { idFromUuid } from '@tagtrail/shared/ids.js';
import { silentLog } from '@tagtrail/shared/log/log.js';
import { systemRandom } from '@tagtrail/shared/random/system-random.js';
import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import { systemClock } from '@tagtrail/shared/time/system-clock.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Scope } from '../src/auth/scope.js';
import { connect, type DatabaseClient } from '../src/database/connect.js';
import { createIngest } from '../src/ingest/ingest.js';
import { readPatches, readSnapshot } from '../src/live/read-live.js';
import { logSigner } from '../src/proof/log-key.js';
import { sealTenant } from '../src/proof/seal.js';
import { checkpointFor, readWitnesses } from '../src/proof/show-checkpoint.js';
import { runRetention } from '../src/retention/retention-run.js';
import { createRulebooks } from '../src/rulebooks/rulebooks.js';
import { rebuildProjections } from '../src/store/projections/rebuild.js';
import { freshUuid, inventoryEvent, lineEvent, makeCabinet, type TestCabinet } from '../src/testing/test-cabinet.js';
import { type AppFixture, startApp } from './app-fixture.js';
import { fillCustomer } from './canary/fill-customer.js';
import { type TakeAway, withoutRowSecurity, withoutTenantArgument } from './canary/one-wall.js';
import { leaksIn, snapshotOf, type Traces, tracesOf } from './canary/traces.js';
import { aCustomer } from './sample.js';

const standing: readonly { walls: string; takeAway?: TakeAway }[] = [
  { walls: 'both walls' },
  { walls: 'row-level security alone', takeAway: withoutTenantArgument },
  { walls: 'the tenant of every query alone', takeAway: withoutRowSecurity },
];

/** What no route reaches works on one customer's behalf too: each wall must hold it alone. */
describe.each(standing)('work of the machines for one customer, held off the other by $walls', ({ takeAway }) => {
  const mark = 'Boreal';
  let fixture: AppFixture;
  let admin: DatabaseClient;
  let aalto: string;
  let boreal: string;
  let cabinet: TestCabinet;
  let traces: Traces;
  let before: ReadonlyMap<string, string>;
  let foreign: { readonly epc: string; readonly person: string; readonly session: string };
  let putBack: () => Promise<number> = async () => 1;
  /** Everything that left for cabinets and screens. */
  const said: string[] = [];

  beforeAll(async () => {
    fixture = await startApp();
    aalto = (await fixture.seed(aCustomer('Aalto'))).tenantId;
    boreal = (await fixture.seed(aCustomer(mark))).tenantId;
    admin = await connect(fixture.db.adminUrl);
    await fillCustomer(admin, boreal, mark);
    const first = async (query: string, tenant: string): Promise<string> =>
      (await admin.query<{ value: string }>(query, [tenant])).rows[0]?.value ?? '';
    foreign = {
      epc: await first('select epc as value from tag_binding where tenant_id = $1 limit 1', boreal),
      person: await first('select id::text as value from person where tenant_id = $1 limit 1', boreal),
      session: await first('select id::text as value from cabinet_session where tenant_id = $1 limit 1', boreal),
    };
    const site = await first('select id::text as value from site where tenant_id = $1 order by id limit 1', aalto);
    cabinet = await makeCabinet(fixture.db.store, { tenant: aalto, site }, 'Aalto N9');
    traces = await tracesOf(admin, { tenant: boreal, mark, others: [aalto] });
    before = await snapshotOf(admin, boreal);
    if (takeAway !== undefined) putBack = await takeAway(admin);
  });
  afterAll(async () => {
    expect(await putBack()).toBeGreaterThan(0);
    await admin?.end();
    await fixture?.close();
  });

  const scope = (): Scope => ({ tenantId: aalto, userId: freshUuid(), role: 'admin', siteIds: null });

  async function expectNothingForeign(): Promise<void> {
    // What a cabinet says itself comes back to its own customer: ids that it names are no leak, names would be.
    const { person, session } = foreign;
    const sent = JSON.stringify([foreign, idFromUuid('person', person), idFromUuid('session', session)]);
    expect(said.flatMap((text) => leaksIn(text, traces, sent))).toEqual([]);
    const now = await snapshotOf(admin, boreal);
    expect([...before].flatMap(([name, rows]) => (now.get(name) === rows ? [] : [name]))).toEqual([]);
  }

  it('has something of the other to run into', () => {
    expect(Object.values(foreign).every((id) => id !== '')).toBe(true);
    expect(traces.tokens.size).toBeGreaterThan(150);
  });

  it('takes in what a cabinet reports of foreign tags, people and visits', async () => {
    const send = async (topic: string, body: string): Promise<void> => void said.push(`${topic} ${body}`);
    const world = { store: fixture.db.store, clock: systemClock, random: systemRandom, log: silentLog };
    const ingest = createIngest({ ...world, send });
    const at = new Date(systemClock.wallMs() - 60_000).toISOString();
    const line = { epc: foreign.epc, at, actor: foreign.person, session: foreign.session };
    cabinet.record(
      lineEvent('asset.checked_out', line),
      lineEvent('asset.returned', line),
      inventoryEvent(at, [foreign.epc]),
    );
    await ingest.receive(cabinet.topic('events'), Buffer.from(JSON.stringify(cabinet.batch(1))));
    await ingest.close();
    expect(said.some((text) => text.includes('"upTo":3'))).toBe(true);
    await expectNothingForeign();
  });

  it('seals, shows checkpoints, rebuilds, and lets expire', async () => {
    const { store } = fixture.db;
    const atMs = systemClock.wallMs();
    const signer = logSigner('a log secret of this test, long enough', aalto);
    await store.withTenant(aalto, (tx) => sealTenant(tx, { tenant: aalto, atMs }, signer));
    said.push(JSON.stringify(await store.readTenant(aalto, (tx) => checkpointFor(tx, aalto, 0))));
    const witnesses = await store.readTenant(aalto, (tx) => readWitnesses(tx, aalto));
    said.push(JSON.stringify(witnesses));
    expect(witnesses).toHaveLength(3);
    await rebuildProjections(store, aalto);
    const run = {
      store,
      random: systemRandom,
      log: silentLog,
      clock: systemClock,
      tenantId: aalto,
      userId: null,
      atMs,
    };
    expect((await runRetention(run)).stopped).toEqual([]);
    await expectNothingForeign();
  });

  it('writes rulebooks and custody for the own cabinets', async () => {
    const clock = new VirtualClock(systemClock.wallMs());
    const publish = async (topic: string, body: string): Promise<void> => void said.push(`${topic} ${body}`);
    const books = createRulebooks({ store: fixture.db.store, clock, log: silentLog, publish });
    const sent = said.length;
    books.request(aalto);
    books.requestForCustody(aalto);
    let isSettled = false;
    const settled = clock
      .advance(5_000)
      .then(() => books.settled())
      .then(() => {
        isSettled = true;
      });
    for (let turn = 0; turn < 1_000 && !isSettled; turn++) {
      await new Promise(setImmediate);
      await clock.advance(1_000);
    }
    await settled;
    await books.close();
    expect(said.slice(sent).filter((text) => text.includes('/down/rulebook'))).toHaveLength(3);
    await expectNothingForeign();
  });

  it('shows screens the own trail', async () => {
    await fixture.db.store.readTenant(aalto, async (tx) => {
      const atMs = systemClock.wallMs();
      const patches = await readPatches(tx, scope(), { sent: -1, end: { index: 1_000, mark: null }, atMs });
      const snapshot = await readSnapshot(tx, scope(), { after: null, end: { index: 1_000, mark: null }, atMs });
      expect(patches.flatMap(({ entries }) => entries).length).toBeGreaterThan(3);
      said.push(JSON.stringify(patches), JSON.stringify(snapshot));
    });
    await expectNothingForeign();
  });
});

describe('without either wall', () => {
  it('what is sent to cabinets and screens is of both, so that the traces above would have shown', async () => {
    const fixture = await startApp();
    const { tenantId: aalto } = await fixture.seed(aCustomer('Aalto'));
    const { tenantId: boreal } = await fixture.seed(aCustomer('Boreal'));
    const admin = await connect(fixture.db.adminUrl);
    const traces = await tracesOf(admin, { tenant: boreal, mark: 'Boreal', others: [] });
    const putBack = [await withoutRowSecurity(admin), await withoutTenantArgument(admin)];
    const texts = await fixture.db.store.readTenant(aalto, async (tx) => {
      const scope: Scope = { tenantId: aalto, userId: freshUuid(), role: 'admin', siteIds: null };
      const atMs = systemClock.wallMs();
      const screen = await readSnapshot(tx, scope, { after: null, end: { index: 1_000, mark: null }, atMs });
      return [JSON.stringify(screen), JSON.stringify(await readWitnesses(tx, aalto))];
    });
    for (const back of putBack) await back();
    expect(texts.map((text) => leaksIn(text, traces, '').length > 0)).toEqual([true, true]);
    await admin.end();
    await fixture.close();
  });
});
