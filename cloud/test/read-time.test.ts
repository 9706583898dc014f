import { idFromUuid } from '@tagtrail/shared/ids.js';
import { silentLog } from '@tagtrail/shared/log/log.js';
import { systemRandom } from '@tagtrail/shared/random/system-random.js';
import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, type DatabaseClient } from '../src/database/connect.js';
import { createIngest } from '../src/ingest/ingest.js';
import { readSnapshot } from '../src/live/read-live.js';
import { sql } from '../src/store/sql.js';
import { freshUuid, lineEvent, makeAsset, makeCabinet, type TestEvent } from '../src/testing/test-cabinet.js';
import { type AppFixture, type Caller, signedIn, startApp } from './app-fixture.js';
import { customerIds } from './canary/customer-ids.js';
import { type DescribedRoute, describedRoutes } from './canary/described-routes.js';
import { aCustomer } from './sample.js';

const dayMs = 86_400_000;
const epc = 'E280117000000000000000E1';
const categories = ['custody', 'session', 'inventory', 'device', 'administration', 'security'] as const;

/** The visit of one person, whose time is over and which no run has removed yet. */
describe.each(['delete', 'pseudonymise'] as const)('what is over, before a run that would %s it', (action) => {
  let fixture: AppFixture;
  let clock: VirtualClock;
  let database: DatabaseClient;
  let tenantId: string;
  let signIn: () => Promise<Caller>;
  let routes: readonly DescribedRoute[];
  let ana: string;
  const session = freshUuid();

  beforeAll(async () => {
    clock = new VirtualClock(Date.now() - 430 * dayMs);
    fixture = await startApp({ clock });
    database = await connect(fixture.db.adminUrl);
    const seeded = await fixture.seed(aCustomer('Aalto'));
    tenantId = seeded.tenantId;
    const email = 'admin@aalto.example';
    signIn = () => signedIn(fixture.app, email, seeded.passwords.get(email) ?? '');
    routes = await describedRoutes(fixture.app);
    const { site, person } = await fixture.db.store.readTenant(tenantId, async (tx) => ({
      site: await tx.site.findFirstOrThrow(),
      person: await tx.person.findFirstOrThrow({ where: { name: { contains: 'Ana' } } }),
    }));
    ana = person.id;
    const cabinet = await makeCabinet(fixture.db.store, { tenant: tenantId, site: site.id }, 'Reading room');
    await makeAsset(fixture.db.store, tenantId, { epc });
    cabinet.record(...visit());
    const ingest = createIngest({
      ...{ store: fixture.db.store, clock, random: systemRandom, log: silentLog },
      send: async () => {},
    });
    await ingest.receive(cabinet.topic('events'), Buffer.from(JSON.stringify(cabinet.batch())));
    await ingest.close();
    clock.stepWall(100 * dayMs);
  });
  afterAll(async () => {
    await database?.end();
    await fixture?.close();
  });

  /** Badge, take, bring back, close: the person is the actor of each line, and stands in the data of one. */
  function visit(): TestEvent[] {
    const at = new Date(clock.wallMs()).toISOString();
    const by = { at, actor: idFromUuid('person', ana), session: idFromUuid('session', session) };
    const line = { epc, at, actor: ana, session };
    const back = lineEvent('asset.returned', line);
    const closed = { outcome: 'settled', taken: 1, returned: 1, disputed: 0, elapsedMs: 9000 };
    return [
      { ...by, kind: 'session.opened', data: { door: 1, signed: true } },
      lineEvent('asset.checked_out', line),
      { ...back, data: { ...back.data, takenBy: by.actor } },
      { ...by, kind: 'session.closed', data: closed },
    ];
  }

  /** Every reading route with every id of the customer, and what it says. */
  async function readEverything(): Promise<ReadonlyMap<string, string>> {
    const caller = await signIn();
    const ids = await customerIds(database, tenantId);
    const said = new Map<string, string>();
    for (const { method, path, params, open } of routes) {
      if (method !== 'GET' || open) continue;
      let urls = [path];
      for (const param of params) {
        const values = await ids.forParam(path, param);
        urls = urls.flatMap((url) => values.map((value) => url.replace(`{${param.name}}`, encodeURIComponent(value))));
      }
      for (const url of urls) said.set(url, (await caller.get(url)).text);
    }
    return said;
  }

  /** The routes that show the person at the visit; where lines go, also the visit itself. */
  function showing(said: ReadonlyMap<string, string>): string[] {
    const [person, visited] = [idFromUuid('person', ana), idFromUuid('session', session)];
    return [...said]
      .filter(([url, text]) => {
        // That she works here is no line of the trail: her record stays until she is erased, but not that she came.
        if (/^\/v1\/people(\/[^/]+)?$/.test(url)) return /"last_session_at":"/.test(text);
        return text.includes(person) || (action === 'delete' && text.includes(visited));
      })
      .map(([url]) => url);
  }

  it('is in the answers while its time lasts', async () => {
    const places = showing(await readEverything()).map((url) => url.replace(/_[0-9a-z]{26}/, ''));
    expect(places).toEqual(
      expect.arrayContaining([
        ...['/v1/cabinets', '/v1/events', '/v1/sessions', '/v1/sessions/session', '/v1/people', '/v1/people/person'],
        ...(action === 'delete' ? ['/v1/assets'] : []),
      ]),
    );
  });

  it('is in no answer any more, and still in the database', async () => {
    for (const category of categories) {
      await fixture.db.store.withTenant(tenantId, (tx) =>
        tx.$executeRaw(sql`
          insert into retention_rule (tenant_id, category, keep_days, action)
          values (${tenantId}::uuid, ${category}, 60, ${action})`),
      );
    }
    expect(showing(await readEverything())).toEqual([]);
    const board = await fixture.db.store.readTenant(tenantId, (tx) => {
      const scope = { tenantId, userId: ana, role: 'admin' as const, siteIds: null };
      return readSnapshot(tx, scope, { after: null, end: { index: 100, mark: null }, atMs: clock.wallMs() });
    });
    expect(showing(new Map([['the live feed', JSON.stringify(board)]]))).toEqual([]);
    const left = await fixture.db.store.readTenant(tenantId, (tx) =>
      tx.entry.count({ where: { tenantId, actorId: ana } }),
    );
    expect(left).toBe(4);
  });
});
