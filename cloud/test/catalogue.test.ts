import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, type DatabaseClient } from '../src/database/connect.js';
import { startTestDatabase, type TestDatabase } from '../src/testing/test-database.js';

/** Functions that run with the owner's rights, each reviewed: it holds to the customer of the transaction itself, or tells ids only. */
const reviewedFunctions = [
  'apply_retention',
  'contract_record_tenants',
  'drop_empty_entry_partitions',
  'end_contract_record',
  'enrolment_tenant',
  'ensure_entry_partition',
  'remove_customer',
  'tenant_ids',
];
/** Policies beside `tenant_wall`, each reviewed: whom it shows what. */
const reviewedPolicies = [
  'contract_record.record_list r tagtrail_owner',
  'enrolment_code.code_lookup r tagtrail_owner',
  'membership.own_membership r public',
  'tenant.tenant_list r tagtrail_owner',
];
/** Tables without a customer: signing in comes before one is chosen. */
const globalTables = ['_prisma_migrations', 'auth_account', 'auth_sign_in', 'auth_user', 'auth_verification', 'tenant'];

/** The laws of the schema, read from the catalogue of a migrated database: a new table is looked at like the first. */
describe('the catalogue of the database', () => {
  let db: TestDatabase;
  let admin: DatabaseClient;
  beforeAll(async () => {
    db = await startTestDatabase();
    admin = await connect(db.adminUrl);
  });
  afterAll(async () => {
    await admin?.end();
    await db?.close();
  });

  async function names(sql: string): Promise<string[]> {
    const { rows } = await admin.query<{ name: string }>(sql);
    return rows.map(({ name }) => name);
  }

  it('gives every table a customer, except those that come before one', async () => {
    const found = await names(`
      select c.relname::text as name from pg_class c
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not exists (
        select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and a.attnotnull) order by 1`);
    expect(found).toEqual(globalTables);
  });

  it('starts every key and unique index with the customer', async () => {
    expect(
      await names(`
        select i.indexrelid::regclass::text as name from pg_index i
        join pg_attribute a on a.attrelid = i.indrelid and a.attname = 'tenant_id'
        join pg_class c on c.oid = i.indrelid and c.relnamespace = 'public'::regnamespace
        where i.indisunique and i.indkey[0] <> a.attnum`),
    ).toEqual([]);
    expect(
      await names(`
        select c.relname::text as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
          and not exists (select 1 from pg_index i where i.indrelid = c.oid and i.indisprimary)`),
    ).toEqual([]);
  });

  it('refers from customer to the same customer only', async () => {
    expect(
      await names(`
        select f.conrelid::regclass || '.' || f.conname as name from pg_constraint f
        join pg_attribute here on here.attrelid = f.conrelid and here.attname = 'tenant_id'
        join pg_attribute there on there.attrelid = f.confrelid
          and there.attname = case f.confrelid when 'tenant'::regclass then 'id' else 'tenant_id' end
        where f.contype = 'f' and (f.conkey[1] <> here.attnum or f.confkey[1] <> there.attnum)`),
    ).toEqual([]);
    // What belongs to a customer is referred to by what belongs to it only.
    expect(
      await names(`
        select f.conrelid::regclass || '.' || f.conname as name from pg_constraint f
        where f.contype = 'f' and exists (
            select 1 from pg_attribute a where a.attrelid = f.confrelid and a.attname = 'tenant_id')
          and not exists (select 1 from pg_attribute a where a.attrelid = f.conrelid and a.attname = 'tenant_id')`),
    ).toEqual([]);
  });

  it('has no policy beside the wall that was not reviewed', async () => {
    const found = await names(`
      select p.polrelid::regclass || '.' || p.polname || ' ' || p.polcmd::text || ' ' ||
        (select string_agg(case r.id when 0 then 'public' else r.id::regrole::text end, ',') from unnest(p.polroles) as r(id))
        as name
      from pg_policy p where p.polname <> 'tenant_wall' order by 1`);
    expect(found).toEqual(reviewedPolicies);
  });

  it('has no function with its owner’s rights that was not reviewed', async () => {
    const found = await names(`
      select distinct proname::text as name from pg_proc
      where pronamespace = 'public'::regnamespace and prosecdef order by 1`);
    expect(found).toEqual(reviewedFunctions);
  });

  it('fixes where such a function looks up names, and opens it to the runtime role alone', async () => {
    expect(
      await names(`
        select p.oid::regprocedure::text as name from pg_proc p
        where p.pronamespace = 'public'::regnamespace and p.prosecdef
          and (coalesce(p.proconfig::text, '') not like '%search_path=pg_catalog%'
            or exists (select 1 from aclexplode(p.proacl) as x where x.grantee = 0) or p.proacl is null)`),
    ).toEqual([]);
  });

  it('gives PUBLIC nothing but the list of migrations, now and in future', async () => {
    expect(
      await names(`
        select c.relname || ' ' || x.privilege_type as name from pg_class c, aclexplode(c.relacl) as x
        where c.relnamespace = 'public'::regnamespace and x.grantee = 0`),
    ).toEqual(['_prisma_migrations SELECT']);
    expect(
      await names(`select x.privilege_type as name from pg_default_acl d, aclexplode(d.defaclacl) as x
      where x.grantee = 0 or x.grantee = 'tagtrail_app'::regrole`),
    ).toEqual([]);
    expect(
      await names(`select x.privilege_type as name from pg_namespace n, aclexplode(n.nspacl) as x
        where n.nspname = 'public' and x.grantee = 0 and x.privilege_type <> 'USAGE'`),
    ).toEqual([]);
  });

  it('hides from the runtime role the partitions, whose rights are those of their table', async () => {
    expect(
      await names(`
        select c.relname::text as name from pg_class c where c.relispartition and c.relkind in ('r', 'p')
          and has_table_privilege('tagtrail_app', c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE')`),
    ).toEqual([]);
  });
});
