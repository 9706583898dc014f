import { silentLog } from '@tagtrail/shared/log/log.js';
import { systemRandom } from '@tagtrail/shared/random/system-random.js';
import { clearedBesideTrail } from '@tagtrail/shared/retention/beside-trail.js';
import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, type DatabaseClient } from '../src/database/connect.js';
import { runForAll } from '../src/retention/retention-job.js';
import { readLines } from '../src/store/read-lines.js';
import { type AppFixture, type Caller, signedIn, startApp } from './app-fixture.js';
import { fillCustomer } from './canary/fill-customer.js';
import { columnClocks } from './column-clocks.js';
import { aCustomer } from './sample.js';

const yearMs = 365 * 86_400_000;

/** A column that is added later stands in the list with its clock, or fails here by name. */
describe('what can hold something personal', () => {
  let fixture: AppFixture;
  let clock: VirtualClock;
  let admin: DatabaseClient;
  let tenant: string;
  let signIn: () => Promise<Caller>;

  beforeAll(async () => {
    // The database lets nothing expire before its own time has come.
    clock = new VirtualClock(Date.UTC(2021, 10, 25));
    fixture = await startApp({ clock });
    const { tenantId, passwords } = await fixture.seed(aCustomer('Aalto'));
    tenant = tenantId;
    const email = 'admin@aalto.example';
    signIn = () => signedIn(fixture.app, email, passwords.get(email) ?? '');
    admin = await connect(fixture.db.adminUrl);
    await fillCustomer(admin, tenant, 'Aalto');
    await makeOlder();
    await admin.query(`update badge set status = 'revoked' where id = (select id from badge order by id limit 1)`);
  });
  afterAll(async () => {
    await admin?.end();
    await fixture?.close();
  });

  /** What was filled in is of 2026: as much before the clock as it would have been. */
  async function makeOlder(): Promise<void> {
    const { rows } = await admin.query<{ name: string; column: string }>(`
      select c.relname as name, a.attname as column from pg_class c join pg_attribute a on a.attrelid = c.oid
      where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and not c.relispartition
        and a.attnum > 0 and not a.attisdropped and format_type(a.atttypid, null) = 'timestamp with time zone'`);
    for (const { name, column } of rows) {
      await admin.query(
        `update "${name}" set "${column}" = "${column}" - interval '5 years' where "${column}" >= '2026-11-01'`,
      );
    }
  }

  const runAt = async (afterMs: number): Promise<void> => {
    const later = new VirtualClock(clock.wallMs() + afterMs);
    const problems = await runForAll({ store: fixture.db.store, clock: later, random: systemRandom, log: silentLog });
    expect(problems).toEqual([]);
  };

  it('is named in one list with what takes it away', async () => {
    const { rows } = await admin.query<{ name: string }>(`
      select c.relname || '.' || a.attname as name from pg_class c join pg_attribute a on a.attrelid = c.oid
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
        and a.attnum > 0 and not a.attisdropped and a.attname <> 'tenant_id'
        and format_type(a.atttypid, null) ~ 'text|char|uuid|json|bytea|inet|xml'`);
    const named = Object.entries(columnClocks).flatMap(([table, { personal, ofNobody }]) =>
      [...Object.keys(personal), ...ofNobody].map((column) => `${table}.${column}`),
    );
    expect(named.sort()).toEqual(rows.map(({ name }) => name).sort());
    expect(new Set(named).size).toBe(named.length);
  });

  /** Columns of that clock in which the customer still has a value. */
  async function left(clocks: readonly string[]): Promise<string[]> {
    const found: string[] = [];
    for (const [table, { personal }] of Object.entries(columnClocks)) {
      for (const [column, by] of Object.entries(personal)) {
        if (!clocks.includes(by)) continue;
        const empty = column === 'groups' ? `and "${column}" <> '{}'` : '';
        const whose = table.startsWith('auth_') ? '' : `and tenant_id = '${tenant}'`;
        const { rows } = await admin.query(
          `select 1 from "${table}" where "${column}" is not null ${empty} ${whose} limit 1`,
        );
        if (rows.length > 0) found.push(`${table}.${column}`);
      }
    }
    return found;
  }

  it('goes from beside the trail by its clock, and the trail says so', async () => {
    expect((await left(clearedBesideTrail)).length).toBeGreaterThan(20);
    await runAt(yearMs / 12);
    expect(await left(['set_aside_contents'])).toEqual(['quarantine.payload']);
    await runAt(yearMs / 3);
    expect(await left(['set_aside_contents'])).toEqual([]);
    expect(await left(['set_aside'])).not.toEqual([]);
    await admin.query(`update person set valid_until = '2021-11-25'`);
    await admin.query(`update badge set status = 'revoked', ended_at = '2021-11-25'`);
    await admin.query(`update support_case set status = 'closed', closed_at = '2021-11-25'`);
    await runAt(3 * yearMs + yearMs / 12);
    expect(await left(clearedBesideTrail)).toEqual([]);
    const lines = await fixture.db.store.readTenant(tenant, (tx) => readLines(tx, tenant, { from: 0, to: 10_000 }));
    const cleared = lines.filter(({ kind }) => kind === 'retention.cleared').map(({ data }) => data['what']);
    expect([...new Set(cleared)].sort()).toEqual([...clearedBesideTrail].sort());
  });

  it('goes with the sign-in that has ended, and not before', async () => {
    await signIn();
    await admin.query(
      `insert into auth_verification (id, identifier, value, expires_at) values ('v', 'a@b.example', 'x', $1)`,
      [new Date(clock.wallMs() + 600_000)],
    );
    await runAt(60_000);
    expect(await left(['sign_in'])).toEqual(expect.arrayContaining(['auth_sign_in.ip_address', 'auth_sign_in.token']));
    await runAt(3_600_000);
    expect(await left(['sign_in'])).toEqual([]);
  });

  it('stays of whoever still has a tool out, and of whoever a hold is about', async () => {
    const { rows: people } = await admin.query<{ id: string }>('select id from person order by id limit 2');
    const { rows: users } = await admin.query<{ id: string }>('select id from auth_user limit 1');
    const [holder, held] = people.map(({ id }) => id);
    await admin.query('insert into person (tenant_id, id) values ($1, gen_random_uuid())', [tenant]);
    await admin.query(`update person set name = 'Ana', valid_until = '2021-11-25'`);
    await admin.query(`update custody set state = 'out', holder_id = $1`, [holder]);
    await admin.query(
      `insert into legal_hold (tenant_id, id, kind, subject_id, subject_text, reason, review_on, placed_by, placed_at)
       values ($1, gen_random_uuid(), 'person', $2, 'x', 'why', '2099-01-01', $3, now())`,
      [tenant, held, users[0]?.id],
    );
    await runAt(4 * yearMs);
    const { rows } = await admin.query<{ id: string }>('select id from person where name is not null order by id');
    expect(rows.map(({ id }) => id)).toEqual([holder, held].sort());
    const shown = await (await signIn()).get('/v1/people');
    expect(shown.body.data.filter(({ name }: { name: string | null }) => name === null)).not.toEqual([]);
  });
});
