import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startTestDatabase, type TestDatabase } from '../testing/test-database.js';
import { connect, type DatabaseClient } from './connect.js';
import { checkRuntimeRole } from './roles.js';

describe('checkRuntimeRole', () => {
  let db: TestDatabase;
  let admin: DatabaseClient;
  let undo: string[] = [];
  beforeAll(async () => {
    db = await startTestDatabase();
    admin = await connect(db.adminUrl);
  });
  afterEach(async () => {
    for (const sql of undo) await admin.query(sql);
    undo = [];
    await check(db.url);
  });
  afterAll(async () => {
    await admin?.end();
    await db?.close();
  });

  async function check(url: string): Promise<void> {
    const client = await connect(url);
    try {
      await checkRuntimeRole(client);
    } finally {
      await client.end();
    }
  }

  async function alter(sql: string, back: string): Promise<void> {
    undo.unshift(back);
    await admin.query(sql);
  }

  it('takes the ordinary role', async () => {
    await check(db.url);
  });

  it('refuses a superuser and the owner of the tables', async () => {
    await expect(check(db.adminUrl)).rejects.toThrow(/it is a superuser/);
    await expect(check(db.ownerUrl)).rejects.toThrow(/it owns .*asset/);
  });

  it.each([
    ['alter role tagtrail_app bypassrls', 'alter role tagtrail_app nobypassrls', /BYPASSRLS/],
    ['alter role tagtrail_app superuser', 'alter role tagtrail_app nosuperuser', /superuser/],
    ['alter role tagtrail_app replication', 'alter role tagtrail_app noreplication', /REPLICATION/],
    ['alter role tagtrail_app createrole', 'alter role tagtrail_app nocreaterole', /make roles/],
    ['grant tagtrail_owner to tagtrail_app', 'revoke tagtrail_owner from tagtrail_app', /owns .*asset/],
    [
      'grant tagtrail_admin to tagtrail_app',
      'revoke tagtrail_admin from tagtrail_app',
      /become tagtrail_admin, a superuser/,
    ],
    [
      'grant pg_read_server_files to tagtrail_app',
      'revoke pg_read_server_files from tagtrail_app',
      /files of the server/,
    ],
    ['alter table sighting owner to tagtrail_app', 'alter table sighting owner to tagtrail_owner', /owns sighting/],
    [
      'alter function tenant_ids() owner to tagtrail_app',
      'alter function tenant_ids() owner to tagtrail_owner',
      /owns tenant_ids/,
    ],
    [
      'alter database tagtrail owner to tagtrail_app',
      'alter database tagtrail owner to tagtrail_owner',
      /the database/,
    ],
    ['grant create on schema public to tagtrail_app', 'revoke create on schema public from tagtrail_app', /may create/],
    [
      'grant update on entry to tagtrail_app',
      'revoke update on entry from tagtrail_app',
      /entry, which are only added/,
    ],
    [
      'grant truncate on retention_run to public',
      'revoke truncate on retention_run from public',
      /retention_run, which are only added/,
    ],
    ['revoke insert on entry from tagtrail_app', 'grant insert on entry to tagtrail_app', /may not read the trail/],
  ])('refuses the runtime role after: %s', async (sql, back, text) => {
    await alter(sql, back);
    await expect(check(db.url)).rejects.toMatchObject({
      code: 'database.role_unsafe',
      message: expect.stringMatching(text),
    });
  });

  it('counts what the role signed in as, whatever it became', async () => {
    const url = `${db.adminUrl}?options=-c%20role%3Dtagtrail_app`;
    await expect(check(url)).rejects.toThrow(/it is a superuser/);
  });

  it.each([
    ['alter table asset disable row level security', 'alter table asset enable row level security', /asset: .*is off/],
    [
      'alter table asset no force row level security',
      'alter table asset force row level security',
      /asset: .*not forced/,
    ],
    [
      'alter table entry_default no force row level security',
      'alter table entry_default force row level security',
      /entry_default/,
    ],
    ['alter table tenant disable row level security', 'alter table tenant enable row level security', /tenant: .*off/],
    [
      'drop policy tenant_wall on badge',
      `create policy tenant_wall on badge using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
         with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)`,
      /badge: no policy/,
    ],
    [
      `alter policy tenant_wall on badge
         using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid or status = 'lost')`,
      `alter policy tenant_wall on badge using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)`,
      /badge: no policy holds/,
    ],
    [
      'create policy support on person for select using (true)',
      'drop policy support on person',
      /person: .*support opens/,
    ],
    ['create table note (tenant_id uuid, id uuid)', 'drop table note', /note: row-level security is off/],
    ['create view names as select name from asset', 'drop view names', /names: the view runs/],
    [
      'create materialized view counted as select count(*) from asset',
      'drop materialized view counted',
      /counted: a mat/,
    ],
  ])('refuses the database after: %s', async (sql, back, text) => {
    await alter(sql, back);
    await expect(check(db.url)).rejects.toMatchObject({
      code: 'database.walls_open',
      message: expect.stringMatching(text),
    });
  });
});
