import { idFromUuid, uuidFromId } from '@tagtrail/shared/ids.js';
import { silentLog } from '@tagtrail/shared/log/log.js';
import { openNote, parseNoteKey } from '@tagtrail/shared/proof/signed-note.js';
import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signInEndedChannel } from '../src/auth/sign-in-ended.js';
import { connect, type DatabaseClient } from '../src/database/connect.js';
import { readContractRecords } from '../src/off-boarding/contract-records.js';
import { cabinetsWaitMs } from '../src/off-boarding/leaving-step.js';
import { runOffBoarding } from '../src/off-boarding/off-boarding-job.js';
import { verifyEd25519 } from '../src/proof/log-key.js';
import { createRulebooks, type Rulebooks } from '../src/rulebooks/rulebooks.js';
import { nodeHashing } from '../src/store/hashing.js';
import { verifyText } from '../src/testing/test-export.js';
import { type AppFixture, type Caller, startApp } from './app-fixture.js';
import { fillCustomer } from './canary/fill-customer.js';
import { leaksIn, snapshotOf, type Traces, tracesOf } from './canary/traces.js';
import { dayMs, logSecret, type RetentionCase, startRetentionCase } from './retention-fixture.js';
import { aCustomer } from './sample.js';

const ends = (clock: VirtualClock, days: number): string =>
  new Date(clock.wallMs() + days * dayMs).toISOString().slice(0, 10);

describe('a customer that leaves', () => {
  let fixture: AppFixture;
  let clock: VirtualClock;
  let superuser: DatabaseClient;
  let given: RetentionCase;
  let neighbour: { tenantId: string; passwords: ReadonlyMap<string, string> };
  let before: ReadonlyMap<string, string>;
  let traces: Traces;
  let exported: string;
  let key: string;
  let contractEndsOn: string;
  let books: Rulebooks;
  let shared: string;
  /** What went down, by topic, newest last. */
  const sent = new Map<string, string[]>();
  const cut: string[] = [];

  beforeAll(async () => {
    clock = new VirtualClock(Date.now() - 430 * dayMs);
    fixture = await startApp({ clock });
    superuser = await connect(fixture.db.adminUrl);
    given = await startRetentionCase(fixture, { clock, name: 'Zugvogel' });
    neighbour = await fixture.seed(aCustomer('Staying'));
    await given.report(given.opened(), given.taken(0, 0), given.taken(1, 1));
    contractEndsOn = ends(clock, 40);
    books = createRulebooks({ store: fixture.db.store, clock, log: silentLog, publish });
  });
  afterAll(async () => {
    await books?.close();
    await superuser?.end();
    await fixture?.close();
  });

  async function publish(topic: string, body: string): Promise<void> {
    sent.set(topic, [...(sent.get(topic) ?? []), body]);
  }
  const round = () =>
    runOffBoarding({
      ...{ store: fixture.db.store, clock, log: silentLog, logSecret },
      link: { stands: () => true, send: publish, cutOff: ({ cabinet }) => void cut.push(cabinet) },
      requestRulebooks: (tenant) => books.request(tenant),
    });
  const ask = (by: Caller, body: Record<string, unknown> = {}) =>
    by.send('POST', '/v1/off-boarding', { contract_ends_on: contractEndsOn, record_days: 100, ...body });
  const approve = (by: Caller, body: Record<string, unknown> = {}) =>
    by.send('POST', '/v1/off-boarding/approval', { contract_ends_on: contractEndsOn, ...body });
  const reject = (by: Caller) => by.send('POST', '/v1/off-boarding/rejection');
  const status = async (): Promise<string> =>
    (await given.admin().get('/v1/off-boarding')).body.off_boarding?.status ?? 'never asked';
  /** Rows of the customer in each table that knows customers. */
  async function rowsLeft(): Promise<Record<string, number>> {
    const { rows } = await superuser.query<{ name: string; key: string }>(`
      select c.relname::text as name, a.attname::text as key from pg_class c join pg_attribute a on a.attrelid = c.oid
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
        and (a.attname = 'tenant_id' or c.relname = 'tenant' and a.attname = 'id')`);
    expect(rows.length).toBeGreaterThan(40);
    const left: Record<string, number> = {};
    for (const { name, key: column } of rows) {
      const counted = await superuser.query<{ n: number }>(
        `select count(*)::int as n from "${name}" where "${column}" = $1`,
        [given.tenantId],
      );
      if (counted.rows[0]?.n !== 0) left[name] = counted.rows[0]?.n ?? 0;
    }
    return left;
  }

  it('is asked for by one administrator, and refused, taken back or stopped by one', async () => {
    expect(await status()).toBe('never asked');
    expect((await ask(given.admin(), { contract_ends_on: ends(clock, -1) })).status).toBe(400);
    expect((await approve(given.second())).status).toBe(404);
    expect((await reject(given.second())).status).toBe(404);
    const asked = await ask(given.admin());
    expect(asked.status, asked.text).toBe(201);
    expect(asked.body).toMatchObject({ status: 'waiting', remove_at: null, exported_at: null, holds: 0 });
    expect((await ask(given.second())).status).toBe(409);
    expect((await reject(given.second())).body.status).toBe('rejected');
    expect((await reject(given.second())).status).toBe(409);
    await ask(given.admin());
    expect((await reject(given.admin())).body.status).toBe('withdrawn');
    await ask(given.admin());
    expect((await approve(given.second(), { without_export: true })).body.status).toBe('agreed');
    expect((await reject(given.admin())).body.status).toBe('cancelled');
    await ask(given.admin());
    await given.pass(14);
    expect(await status()).toBe('expired');
    expect((await approve(given.second(), { without_export: true })).status).toBe(409);
    expect(await round()).toEqual([]);
  });

  it('takes another administrator, the same day, no hold, and an export or the word that none is needed', async () => {
    await ask(given.admin());
    expect((await approve(given.admin(), { without_export: true })).status).toBe(403);
    expect((await approve(given.second(), { contract_ends_on: ends(clock, 41) })).status).toBe(409);
    expect((await approve(given.second())).text).toContain('exported');
    await given.seal();
    const part = await given.whileSealing(given.admin().get(`/v1/trail/export?to=${given.now()}`));
    expect(part.status).toBe(200);
    expect((await approve(given.second())).status, 'a part is not the whole').toBe(409);
    const whole = await given.whileSealing(given.admin().get('/v1/trail/export'));
    exported = whole.text;
    key = (await given.admin().get('/v1/proof/keys')).body.data[0].key;
    const subject = idFromUuid('asset', given.assets[0] as string);
    const review = { reason: 'claim', review_on: ends(clock, 300) };
    const hold = await given.admin().send('POST', '/v1/holds', { kind: 'asset', subject, ...review });
    expect((await approve(given.second())).text).toContain('hold');
    await given.admin().send('POST', `/v1/holds/${hold.body.id}/release`, { reason: 'settled' });
    const agreed = await approve(given.second());
    expect(agreed.status, agreed.text).toBe(200);
    const removeAt = new Date(Math.max(clock.wallMs() + 30 * dayMs, Date.parse(contractEndsOn) + dayMs)).toISOString();
    expect(agreed.body).toMatchObject({ status: 'agreed', remove_at: removeAt, exported_at: expect.any(String) });
  });

  it('keeps everything until its day, and while a hold stands or cannot be read', async () => {
    await fillCustomer(superuser, given.tenantId, 'Zugvogel');
    await superuser.query('update cabinet set revoked_at = null where tenant_id = $1', [given.tenantId]);
    await superuser.query('delete from contract_record where tenant_id = $1', [given.tenantId]);
    shared = (await superuser.query<{ id: string }>(`select id from auth_user where email = 'viewer@zugvogel.example'`))
      .rows[0]?.id as string;
    await superuser.query(`insert into membership (tenant_id, user_id, role) values ($1, $2, 'viewer')`, [
      neighbour.tenantId,
      shared,
    ]);
    before = await snapshotOf(superuser, neighbour.tenantId);
    const whom = { tenant: given.tenantId, mark: 'Zugvogel', others: [neighbour.tenantId] };
    traces = await tracesOf(superuser, whom);
    expect(traces.tokens.size).toBeGreaterThan(100);
    clock.stepWall(29 * dayMs);
    expect(await round()).toEqual([]);
    expect((await rowsLeft())['person']).toBe(2);

    clock.stepWall(2 * dayMs);
    await superuser.query(
      `insert into legal_hold (tenant_id, id, kind, subject_id, subject_text, reason, review_on, placed_by, placed_at)
       values ($1, $1, 'person', $1, 'x', 'why', '2099-01-01', $1, now())`,
      [given.tenantId],
    );
    expect(await round()).toEqual([]);
    expect((await rowsLeft())['membership']).toBe(4);
    await superuser.query('delete from legal_hold where id = $1', [given.tenantId]);
  });

  it('lets nobody in from its day on, and tells the cabinets to forget everybody', async () => {
    const ended: string[] = [];
    await superuser.query(`listen ${signInEndedChannel}`);
    superuser.on('notification', ({ payload }) => ended.push(payload ?? ''));
    await given.pass(0);
    const open = given.admin();
    expect((await open.get('/v1/me')).status).toBe(200);
    const ids = (await open.get('/v1/sign-ins')).body.data.map(({ id }: { id: string }) => id);
    expect(await round()).toEqual([]);
    expect((await open.get('/v1/me')).status).toBe(401);
    const { rows } = await superuser.query(`select email from auth_user where email like '%zugvogel%'`);
    expect(rows, 'who works for another customer keeps the account').toEqual([{ email: 'viewer@zugvogel.example' }]);
    expect((await superuser.query('select 1 from auth_sign_in')).rows).toEqual([]);
    expect(ended).toEqual(expect.arrayContaining(ids));
    await books.settled();
    const book = JSON.parse(sent.get(rulebookTopic(given.cabinet.address.cabinet))?.at(-1) ?? '');
    expect([book.people, book.badges]).toEqual([[], []]);
  });

  it('waits for cabinets that are away, but not for ever, and then listens to none', async () => {
    const version = JSON.parse(sent.get(rulebookTopic(given.cabinet.address.cabinet))?.at(-1) ?? '').version;
    await given.report({ kind: 'rulebook.applied', at: given.now(), data: { version } });
    expect(await round()).toEqual([]);
    expect(cut).toEqual([]);
    clock.stepWall(cabinetsWaitMs);
    expect(await round()).toEqual([]);
    expect(cut).toHaveLength(3);
    expect(Object.keys(await rowsLeft()).length, 'still there').toBeGreaterThan(30);
  });

  it('is gone from every table but for the record of its contract', async () => {
    expect((await wholeDatabase()).length, 'the look finds what is there').toBeGreaterThan(100);
    // The database looks itself who leaves.
    await expect(
      fixture.db.store.withTenant(neighbour.tenantId, (tx) => tx.$queryRaw`select remove_customer(now())`),
    ).rejects.toThrow(/not leaving/);
    await books.settled();
    expect(await round()).toEqual([]);
    books.request(given.tenantId);
    await books.settled();
    expect(await rowsLeft()).toEqual({ contract_record: 1 });
    await superuser.query('delete from membership where tenant_id = $1 and user_id = $2', [neighbour.tenantId, shared]);
    await superuser.query('delete from auth_user where id = $1', [shared]);
    expect(await wholeDatabase(), 'nothing of it is anywhere').toEqual([]);
    for (const topic of sent.keys()) expect([topic, sent.get(topic)?.at(-1)]).toEqual([topic, '']);
  });

  it('touches nobody else', async () => {
    const after = await snapshotOf(superuser, neighbour.tenantId);
    for (const table of ['person', 'entry', 'badge', 'asset', 'cabinet', 'tile', 'site']) {
      expect([table, after.get(table)]).toEqual([table, before.get(table)]);
    }
  });

  it('leaves a signed receipt, and an export of before still verifies by itself', async () => {
    const { rows } = await superuser.query<{ note: string; name: string; kept_until: string }>(
      'select name, kept_until::text, note from contract_record',
    );
    const [record] = rows;
    expect(await readContractRecords(fixture.db.store)).toEqual([
      {
        ...{ tenant: idFromUuid('tenant', given.tenantId), name: 'Zugvogel Air', contractEndedOn: contractEndsOn },
        ...{ keptUntil: keptUntil(100), removedAt: given.now(), note: record?.note },
      },
    ]);
    expect(record).toMatchObject({ name: 'Zugvogel Air', kept_until: keptUntil(100) });
    const noteKey = parseNoteKey(nodeHashing, key);
    if (noteKey === undefined) throw new TypeError(`${key} is no key of a note`);
    const text = await openNote(verifyEd25519, record?.note ?? '', noteKey);
    const [title, json] = (text ?? '').split('\n');
    expect(title).toBe('tagtrail off-boarding receipt v1');
    const receipt = JSON.parse(json ?? '');
    expect(receipt).toMatchObject({
      users: 4,
      cabinets: 3,
      unreached: 2,
      rows: { tenant: 1, person: 2, cabinet: 3 },
      key,
    });
    const size = Number(receipt.checkpoint.split('\n')[1]);
    expect(receipt.rows.entry).toBe(size);
    expect(uuidFromId('tenant', receipt.tenant)).toBe(given.tenantId);
    expect((await verifyText(exported, { keys: [noteKey], checkpoints: [] })).problems).toEqual([]);
  });

  it('keeps the record for its time and not a day longer', async () => {
    const last = Date.parse(`${keptUntil(100)}T23:00:00.000Z`);
    clock.stepWall(last - clock.wallMs());
    expect(await round()).toEqual([]);
    expect(await rowsLeft()).toEqual({ contract_record: 1 });
    clock.stepWall(dayMs / 12);
    expect(await round()).toEqual([]);
    expect(await rowsLeft()).toEqual({});
  });

  const keptUntil = (days: number): string =>
    new Date(Date.parse(contractEndsOn) + days * dayMs).toISOString().slice(0, 10);
  const rulebookTopic = (cabinet: string): string =>
    `tagtrail/v1/${idFromUuid('tenant', given.tenantId)}/${cabinet}/down/rulebook`;

  /** What betrays the customer in any row of any table, but for the record of its contract. */
  async function wholeDatabase(): Promise<string[]> {
    const { rows: tables } = await superuser.query<{ name: string }>(`
      select c.relname::text as name from pg_class c where c.relnamespace = 'public'::regnamespace
        and c.relkind in ('r', 'p') and not c.relispartition and c.relname <> 'contract_record'`);
    const found: string[] = [];
    for (const { name } of tables) {
      const { rows } = await superuser.query<{ row: string }>(`select to_jsonb(t)::text as row from "${name}" t`);
      for (const { row } of rows) found.push(...leaksIn(row, traces, '').map((leak) => `${name}: ${leak}`));
    }
    return found;
  }
});
