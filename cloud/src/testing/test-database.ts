import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newUuid } from '@tagtrail/shared/ids.js';
import { silentLog } from '@tagtrail/shared/log/log.js';
import { systemRandom } from '@tagtrail/shared/random/system-random.js';
import { systemClock } from '@tagtrail/shared/time/system-clock.js';
import { connect } from '../database/connect.js';
import { startEmbeddedPostgres } from '../database/embedded-postgres.js';
import { migrate } from '../database/migrate.js';
import { ensurePartitions } from '../database/partitions.js';
import { createRoles, grantRuntime } from '../database/roles.js';
import { openStore, type Store } from '../store/prisma.js';
import { projectionsVersion } from '../store/projections/fold.js';

/** A real PostgreSQL for one test file, migrated, with the roles of production. */
export interface TestDatabase {
  /** The runtime role. */
  readonly url: string;
  readonly ownerUrl: string;
  readonly adminUrl: string;
  readonly store: Store;
  /** Another empty database on the same server, as migrated as the first. */
  fresh(): Promise<{ readonly url: string; readonly store: Store }>;
  close(): Promise<void>;
}

/** Call in `beforeAll`; `close` in `afterAll`. Takes about a second. */
export async function startTestDatabase(): Promise<TestDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'tagtrail-test-'));
  const server = await startEmbeddedPostgres({
    folder,
    clock: systemClock,
    random: systemRandom,
    log: silentLog,
    settings: { fsync: 'off', full_page_writes: 'off', autovacuum: 'off' },
    forTests: true,
  });
  const adminUrl = server.url('admin', 'postgres');
  const stores: Store[] = [];

  async function make(database: string): Promise<{ url: string; store: Store }> {
    const admin = await connect(adminUrl);
    await createRoles(admin, database, { owner: server.password('owner'), app: server.password('app') });
    await admin.end();
    const owner = await connect(server.url('owner', database));
    await migrate(owner, { random: systemRandom });
    await grantRuntime(owner, 'tagtrail_app');
    await owner.end();
    const url = server.url('app', database);
    await ensurePartitions(url, systemClock.wallMs());
    const store = openStore({ url, connections: 6 });
    stores.push(store);
    return { url, store };
  }

  const first = await make('tagtrail');
  return {
    ...first,
    ownerUrl: server.url('owner', 'tagtrail'),
    adminUrl: server.url('admin', 'tagtrail'),
    fresh: () => make(`fresh_${stores.length}`),
    close: async () => {
      for (const store of stores) await store.close();
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export interface TestTenant {
  readonly tenant: string;
  readonly site: string;
}

/** A customer with one site; ids are UUIDs. */
export async function makeTenant(store: Store, name = 'Sample'): Promise<TestTenant> {
  const tenant = newUuid(systemClock.wallMs(), systemRandom);
  const site = newUuid(systemClock.wallMs(), systemRandom);
  await store.withTenant(tenant, async (tx) => {
    await tx.tenant.create({ data: { id: tenant, name, badgeKey: '5'.repeat(64) } });
    await tx.tenantHead.create({ data: { tenantId: tenant, projections: projectionsVersion } });
    await tx.site.create({ data: { tenantId: tenant, id: site, name: 'Hangar' } });
  });
  return { tenant, site };
}
