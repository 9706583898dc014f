import { AppError } from '@tagtrail/shared/error.js';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { connect } from '../database/connect.js';
import { makeTenant, startTestDatabase, type TestDatabase, type TestTenant } from '../testing/test-database.js';
import { openStore, type Transaction } from './prisma.js';

describe('the walls between customers', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await startTestDatabase();
  });
  afterAll(async () => {
    await db.close();
  });

  it('shows and takes rows of the own customer only', async () => {
    const a = await makeTenant(db.store, 'A');
    const b = await makeTenant(db.store, 'B');
    const names = await db.store.readTenant(a.tenant, (tx) => tx.site.findMany());
    expect(names.map((site) => site.tenantId)).toEqual([a.tenant]);
    expect(await db.store.readTenant(a.tenant, (tx) => tx.tenant.findMany())).toHaveLength(1);
    await expect(
      db.store.withTenant(a.tenant, (tx) =>
        tx.site.create({ data: { tenantId: b.tenant, id: a.site, name: 'Smuggled' } }),
      ),
    ).rejects.toThrow(/row-level security/);
    const moved = await db.store.withTenant(a.tenant, (tx) =>
      tx.site.updateMany({ where: { tenantId: b.tenant }, data: { name: 'Mine' } }),
    );
    expect(moved.count).toBe(0);
  });

  it('shows nothing without a customer, also on a connection that served one', async () => {
    const a = await makeTenant(db.store);
    for (let turn = 0; turn < 30; turn++) {
      const inside = await db.store.readTenant(a.tenant, (tx) => tx.site.count());
      const outside = await db.store.global.site.count();
      expect([inside, outside]).toEqual([1, 0]);
    }
    await expect(db.store.withTenant('', async () => 1)).rejects.toMatchObject({ code: 'store.tenant_missing' });
  });

  it('carries nothing from one customer to the next on a connection, whatever went wrong on it', async () => {
    const places = [await makeTenant(db.store, 'A'), await makeTenant(db.store, 'B')] as const;
    // Two connections, so that each serves both customers again and again.
    const store = openStore({ url: db.url, connections: 2 });
    const turns = inject('longRun') ? 10_000 : 120;
    const wrecks: readonly ((tx: Transaction) => Promise<unknown>)[] = [
      (tx) => tx.site.count(),
      () => Promise.reject(new AppError('test.gave_up', 'It gave up.', { kind: 'bug' })),
      (tx) => tx.$queryRaw`select 1 / 0`,
      (tx) => tx.$queryRaw`select set_config('app.tenant', 'rubbish', true), count(*) from site`,
      (tx) => tx.$executeRaw`insert into site (tenant_id, id, name) values (gen_random_uuid(), gen_random_uuid(), 'x')`,
      (tx) => tx.$queryRaw`select pg_cancel_backend(pg_backend_pid())`,
    ];
    const turn = async (i: number): Promise<void> => {
      const { tenant } = places[i % 2] as TestTenant;
      const wreck = wrecks[i % wrecks.length] as (typeof wrecks)[number];
      await store.withTenant(tenant, wreck).catch(() => undefined);
      const seen = await store.readTenant(tenant, (tx) => tx.site.findMany());
      expect(seen.map((site) => site.tenantId)).toEqual([tenant]);
      expect(await store.global.site.count()).toBe(0);
    };
    for (let i = 0; i < turns; i += 4) await Promise.all([0, 1, 2, 3].map((more) => turn(i + more)));
    await store.close();
  }, 600_000);

  it('refuses to write in a read', async () => {
    const a = await makeTenant(db.store);
    await expect(db.store.readTenant(a.tenant, (tx) => tx.site.updateMany({ data: { name: 'x' } }))).rejects.toThrow(
      /read-only/,
    );
  });

  it('lists the customers for jobs', async () => {
    const a = await makeTenant(db.store);
    expect(await db.store.tenants()).toContain(a.tenant);
  });

  it('lets the runtime role add to the trail and never change it', async () => {
    const client = await connect(db.url);
    for (const sql of [
      'delete from entry',
      'update entry set kind = $$x$$',
      'truncate entry',
      'select * from entry_default',
    ]) {
      await expect(client.query(sql)).rejects.toThrow(/permission denied/);
    }
    await client.end();
  });
});
