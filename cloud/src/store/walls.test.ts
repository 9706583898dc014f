import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from '../database/connect.js';
import { checkRuntimeRole } from '../database/roles.js';
import { makeTenant, startTestDatabase, type TestDatabase } from '../testing/test-database.js';

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

  it('stands on every table of a customer, with the tenant first in its key', async () => {
    const client = await connect(db.adminUrl);
    const { rows } = await client.query<{ name: string; problem: string }>(catalogue);
    await client.end();
    expect(rows).toEqual([]);
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

  it('refuses a superuser, an owner and a role with BYPASSRLS at run time', async () => {
    for (const [url, text] of [
      [db.adminUrl, /superuser/],
      [db.ownerUrl, /owns/],
    ] as const) {
      const client = await connect(url);
      await expect(checkRuntimeRole(client)).rejects.toThrow(text);
      await client.end();
    }
    const admin = await connect(db.adminUrl);
    await admin.query('alter role tagtrail_app bypassrls');
    const app = await connect(db.url);
    await expect(checkRuntimeRole(app)).rejects.toMatchObject({ code: 'database.role_unsafe' });
    await admin.query('alter role tagtrail_app nobypassrls');
    await checkRuntimeRole(app);
    await app.end();
    await admin.end();
  });
});

/** Tables with tenant_id that lack row-level security, its force, a policy, or a key that starts with the tenant. */
const catalogue = `
  select c.relname as name,
    concat_ws(', ',
      case when not c.relrowsecurity then 'no row-level security' end,
      case when not c.relforcerowsecurity then 'not forced' end,
      case when not exists (select 1 from pg_policy p where p.polrelid = c.oid and p.polqual is not null
        and pg_get_expr(p.polqual, p.polrelid) like '%app.tenant%') then 'no policy' end,
      case when exists (select 1 from pg_index i where i.indrelid = c.oid and i.indisunique and i.indkey[0] <> a.attnum)
        or not exists (select 1 from pg_index i where i.indrelid = c.oid and i.indisunique) then 'key without tenant first' end
    ) as problem
  from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
    and (not c.relrowsecurity or not c.relforcerowsecurity
      or not exists (select 1 from pg_policy p where p.polrelid = c.oid and p.polqual is not null
        and pg_get_expr(p.polqual, p.polrelid) like '%app.tenant%')
      or exists (select 1 from pg_index i where i.indrelid = c.oid and i.indisunique and i.indkey[0] <> a.attnum)
      or not exists (select 1 from pg_index i where i.indrelid = c.oid and i.indisunique))
  union all
  select viewname, 'a view needs security_invoker' from pg_views v
    where schemaname = 'public' and not exists (select 1 from pg_class c where c.relname = v.viewname
      and c.reloptions::text like '%security_invoker=true%')`;
