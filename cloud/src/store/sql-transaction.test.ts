import { AppError } from '@tagtrail/shared/error.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from '../database/connect.js';
import { makeTenant, startTestDatabase, type TestDatabase, type TestTenant } from '../testing/test-database.js';
import { openStore, Prisma } from './prisma.js';
import type { SqlTransaction } from './sql-transaction.js';

describe('a transaction of plain statements', () => {
  let db: TestDatabase;
  let a: TestTenant;
  let b: TestTenant;
  beforeAll(async () => {
    db = await startTestDatabase();
    [a, b] = [await makeTenant(db.store, 'A'), await makeTenant(db.store, 'B')];
  });
  afterAll(async () => {
    await db.close();
  });

  const sites = (tx: SqlTransaction): PromiseLike<{ tenant: string; name: string }[]> =>
    tx.$queryRaw`/* kept */ select tenant_id::text as tenant, name from site order by name`;
  const rename = (tx: SqlTransaction, to: string): PromiseLike<number> => tx.$executeRaw`update site set name = ${to}`;

  it('sees and writes rows of its own customer only', async () => {
    const seen = await db.store.withTenantSql(a.tenant, async (tx) => {
      expect(await rename(tx, 'Dock')).toBe(1);
      return await sites(tx);
    });
    expect(seen).toEqual([{ tenant: a.tenant, name: 'Dock' }]);
    expect(await db.store.withTenantSql(b.tenant, async (tx) => await sites(tx))).toEqual([
      { tenant: b.tenant, name: 'Hangar' },
    ]);
    const smuggle = db.store.withTenantSql(
      a.tenant,
      async (tx) => await tx.$executeRaw`update site set tenant_id = ${b.tenant}::uuid`,
    );
    await expect(smuggle).rejects.toThrow(/row-level security/);
    await expect(db.store.withTenantSql("x'; drop table site; --", async () => 1)).rejects.toMatchObject({
      code: 'store.tenant_missing',
    });
  });

  it('leaves nothing of what failed, in the table or on the connection', async () => {
    const store = openStore({ url: db.url, connections: 1 });
    const wrecks: readonly ((tx: SqlTransaction) => PromiseLike<unknown>)[] = [
      () => Promise.reject(new AppError('test.gave_up', 'It gave up.', { kind: 'bug' })),
      (tx) => tx.$queryRaw`select 1 / 0`,
      // Swallowed: the server takes the transaction back when it is told to commit.
      (tx) =>
        Promise.resolve(tx.$queryRaw`select 1 / 0`).then(
          () => undefined,
          () => undefined,
        ),
      (tx) => tx.$queryRaw`select pg_cancel_backend(pg_backend_pid())`,
      (tx) => tx.$queryRaw`select pg_terminate_backend(pg_backend_pid())`,
    ];
    for (const wreck of wrecks) {
      const run = store.withTenantSql(b.tenant, async (tx) => {
        await rename(tx, 'Wreck');
        await wreck(tx);
      });
      await expect(run).rejects.toThrow();
      expect(await store.global.site.count()).toBe(0);
      expect((await store.withTenantSql(b.tenant, async (tx) => await sites(tx))).map(({ name }) => name)).toEqual([
        'Hangar',
      ]);
    }
    await store.close();
  });

  it('outlives a server that ends its sessions, idle or in a transaction', async () => {
    const store = openStore({ url: db.url, connections: 2 });
    const admin = await connect(db.adminUrl);
    const endAll = () =>
      admin.query(`select pg_terminate_backend(pid) from pg_stat_activity where usename = 'tagtrail_app'`);
    await Promise.all([
      store.withTenantSql(a.tenant, async (tx) => await sites(tx)),
      store.readTenant(a.tenant, (tx) => tx.site.count()),
    ]);
    await endAll();
    await expect
      .poll(() => store.withTenantSql(a.tenant, async (tx) => (await sites(tx)).length).catch(() => 'ended'))
      .toBe(1);
    const during = store.withTenantSql(a.tenant, async (tx) => {
      await endAll();
      return await sites(tx);
    });
    await expect(during).rejects.toThrow();
    expect(await store.withTenantSql(a.tenant, async (tx) => (await sites(tx)).length)).toBe(1);
    await admin.end();
    await store.close();
  });

  it('reads values as the requests do, in templates with pieces of SQL in them too', async () => {
    const at = new Date('2026-03-01T10:00:00.123Z');
    const wanted = { int8: 9007199254740993n, at, list: ['a', 'b"\\'], json: { deep: [1, null] }, no: null, yes: true };
    const piece = Prisma.sql`${at}::timestamptz as at, ${wanted.list}::text[] as list`;
    const read = (tx: SqlTransaction): PromiseLike<unknown[]> =>
      tx.$queryRaw`select ${wanted.int8}::bigint as int8, ${piece}, ${JSON.stringify(wanted.json)}::jsonb as json,
        ${null}::text as no, ${true}::boolean as yes`;
    expect(await db.store.withTenantSql(a.tenant, async (tx) => await read(tx))).toEqual([wanted]);
    expect(await db.store.withTenant(a.tenant, async (tx) => await read(tx))).toEqual([wanted]);
  });
});
