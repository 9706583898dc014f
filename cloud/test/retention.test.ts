import { newUuid } from '@tagtrail/shared/ids.js';
import { silentLog } from '@tagtrail/shared/log/log.js';
import { systemRandom } from '@tagtrail/shared/random/system-random.js';
import type { SampleCustomer } from '@tagtrail/shared/sample/sample-customer.js';
import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from '../src/database/connect.js';
import { logSigner } from '../src/proof/log-key.js';
import { sealTenant } from '../src/proof/seal.js';
import { signReceipts } from '../src/retention/receipts.js';
import { runForAll, startRetentionJob } from '../src/retention/retention-job.js';
import type { EntryDraft } from '../src/store/entry-draft.js';
import { sql } from '../src/store/sql.js';
import { appendEntries } from '../src/store/trail.js';
import { type AppFixture, type Caller, signedIn, startApp } from './app-fixture.js';
import { aCustomer } from './sample.js';

const dayMs = 86_400_000;

/** What shortens a rule by more than half takes two. */
function withSecondAdmin(file: SampleCustomer): SampleCustomer {
  return {
    ...file,
    users: [...file.users, { email: 'second@aalto.example', name: 'Second', role: 'admin', sites: [] }],
  };
}

describe('retention', () => {
  let fixture: AppFixture;
  let clock: VirtualClock;
  let tenantId: string;
  let otherTenantId: string;
  let passwords: ReadonlyMap<string, string>;
  let person: string;

  beforeAll(async () => {
    // Fourteen months pass from here on, and none of them in real time.
    clock = new VirtualClock(Date.now() - 430 * dayMs);
    fixture = await startApp({ clock });
    ({ tenantId, passwords } = await fixture.seed(withSecondAdmin(aCustomer('Aalto'))));
    otherTenantId = (await fixture.seed(aCustomer('Boreal'))).tenantId;
    const people = await fixture.db.store.readTenant(tenantId, (tx) =>
      tx.$queryRaw<{ id: string }[]>(sql`select id::text from person order by id limit 1`),
    );
    person = people[0]?.id ?? '';
  });
  afterAll(async () => {
    await fixture?.close();
  });

  const admin = (): Promise<Caller> =>
    signedIn(fixture.app, 'admin@aalto.example', passwords.get('admin@aalto.example') ?? '');
  const feed = async (): Promise<
    { index: number; kind: string; category: string; actor: unknown; data: Record<string, unknown> }[]
  > => (await (await admin()).get('/v1/events?limit=1000')).body.data;
  const second = (): Promise<Caller> =>
    signedIn(fixture.app, 'second@aalto.example', passwords.get('second@aalto.example') ?? '');
  /** Sets a rule, with the second person where it takes one. */
  const setRule = async (category: string, keep_days: number | null, action = 'delete', more = {}) => {
    const answer = await (await admin()).send('PUT', `/v1/retention/rules/${category}`, { keep_days, action, ...more });
    expect(answer.status).toBe(200);
    if (answer.body.status !== 'waiting') return answer;
    return await (await second()).send('POST', `/v1/retention/changes/${answer.body.change.id}/approve`);
  };
  /** Only what a checkpoint covers may go. */
  const seal = async (): Promise<void> => {
    for (const tenant of [tenantId, otherTenantId]) {
      const signer = logSigner('a log secret of this test, long enough', tenant);
      const target = { tenant, atMs: clock.wallMs() };
      while ((await fixture.db.store.withTenant(tenant, (tx) => sealTenant(tx, target, signer))) !== undefined);
      await fixture.db.store.withTenant(tenant, (tx) => signReceipts(tx, target, signer));
    }
  };
  const inDatabase = async (tenant: string, category: string): Promise<number> => {
    const rows = await fixture.db.store.readTenant(tenant, (tx) =>
      tx.$queryRaw<{ count: number }[]>(
        sql`select count(*)::int as count from entry where tenant_id = ${tenant}::uuid and category = ${category}`,
      ),
    );
    return rows[0]?.count ?? 0;
  };
  const options = () => ({ store: fixture.db.store, clock, random: systemRandom, log: silentLog });

  /** A refused badge, and a return that names two people. */
  async function addLines(tenant = tenantId): Promise<void> {
    const at = new Date(clock.wallMs()).toISOString();
    const line = (kind: string, category: EntryDraft['category'], data: unknown): EntryDraft => ({
      occurredAt: at,
      effectiveAt: at,
      kind,
      category,
      source: 'cabinet',
      status: 'accepted',
      siteId: null,
      cabinetId: null,
      actorId: person,
      counterpartId: person,
      assetId: null,
      sessionId: newUuid(clock.wallMs(), systemRandom),
      orderId: null,
      logId: null,
      seq: null,
      chain: null,
      data,
      origin: null,
    });
    await fixture.db.store.withTenant(tenant, (tx) =>
      appendEntries(tx, { tenant, recordedAt: at }, [
        line('badge.refused', 'security', { badgeHash: 'ab', refusal: 'lost' }),
        line('asset.returned', 'custody', { epc: '30', takenBy: 'person_x' }),
      ]),
    );
  }

  it('deletes the security log after a year, keeps the rest, and leaves a dense trail behind', async () => {
    for (let month = 0; month < 14; month++) {
      await addLines();
      await addLines(otherTenantId);
      clock.stepWall(30 * dayMs);
    }
    expect((await feed()).filter((line) => line.kind === 'badge.refused')).toHaveLength(12);
    expect(await inDatabase(tenantId, 'security')).toBeGreaterThanOrEqual(14);
    expect((await (await admin()).send('POST', '/v1/retention/runs')).body).toEqual({ data: [], stopped: [] });
    await seal();
    const others = await inDatabase(otherTenantId, 'security');
    const next = (await feed()).at(-1)?.index ?? 0;
    const run = await (await admin()).send('POST', '/v1/retention/runs');
    expect(run.body.data).toMatchObject([{ category: 'security', action: 'delete', entries: 2 }]);
    expect(await inDatabase(otherTenantId, 'security')).toBe(others);
    const lines = await feed();
    expect(lines.filter((line) => line.kind === 'badge.refused')).toHaveLength(12);
    expect(lines.filter((line) => line.kind === 'asset.returned')).toHaveLength(14);
    const receipt = lines.find((line) => line.kind === 'retention.run');
    expect(receipt?.data).toMatchObject({ category: 'security', entries: 2 });
    expect(receipt?.index).toBe(run.body.data[0].index);
    // New lines go on where the trail stood; the feed passes over the holes.
    expect(lines.filter((line) => line.index > next).map((line) => line.index)).toEqual(
      Array.from({ length: lines.filter((line) => line.index > next).length }, (_, i) => next + 1 + i),
    );
    const receipts = (await (await admin()).get('/v1/retention/runs')).body.data;
    expect(receipts).toHaveLength(1);
  });

  it('says before what a rule would take, and takes exactly that', async () => {
    const asked = await (await admin()).send('POST', '/v1/retention/rehearsals', {
      category: 'custody',
      keep_days: 200,
      action: 'delete',
    });
    const before = await inDatabase(tenantId, 'custody');
    await setRule('custody', 200);
    const visible = (await feed()).filter((line) => line.category === 'custody').length;
    expect(visible).toBe(before - asked.body.entries);
    const run = await (await admin()).send('POST', '/v1/retention/runs');
    expect(run.body.data).toMatchObject([{ category: 'custody', entries: asked.body.entries }]);
    expect(await inDatabase(tenantId, 'custody')).toBe(visible);
  });

  it('takes the people out of a line and keeps the line, at once for readers', async () => {
    const count = (await feed()).filter((line) => line.category === 'custody').length;
    await setRule('custody', 100, 'pseudonymise');
    const unnamed = async () => (await feed()).filter((line) => line.category === 'custody' && line.actor === null);
    const seen = await unnamed();
    expect(seen.length).toBeGreaterThan(0);
    for (const line of seen) expect(line.data).not.toHaveProperty('takenBy');
    await runForAll(options());
    expect(await unnamed()).toEqual(seen);
    expect((await feed()).filter((line) => line.category === 'custody')).toHaveLength(count);
    const left = await fixture.db.store.readTenant(tenantId, (tx) =>
      tx.$queryRaw<{ count: number }[]>(sql`
        select count(*)::int as count from entry where tenant_id = ${tenantId}::uuid and category = 'custody'
          and recorded_at < ${new Date(clock.wallMs() - 100 * dayMs)} and (actor_id is not null or data ? 'takenBy')`),
    );
    expect(left[0]?.count).toBe(0);
  });

  it('does nothing twice, and nothing where everything is kept', async () => {
    await runForAll(options());
    expect((await (await admin()).send('POST', '/v1/retention/runs')).body.data).toEqual([]);
    await setRule('custody', null, 'delete', { reason: 'statute', review_on: '2099-01-01' });
    expect((await (await admin()).get('/v1/retention/rehearsal')).body.data[0]).toMatchObject({
      category: 'custody',
      before: null,
      entries: 0,
    });
  });

  it('runs once a day', async () => {
    const alone = new VirtualClock(clock.wallMs());
    const job = startRetentionJob({ ...options(), clock: alone });
    expect(alone.pending()).toEqual(['retention']);
    job.cancel();
  });

  it('is refused by the database beyond the rule, without a rule, and without a customer', async () => {
    const all = '00000000-0000-0000-0000-000000000000';
    const call = (...[tenant, category, before, at = clock.wallMs()]: [string, string, number, number?]) =>
      fixture.db.store.withTenant(tenant, (tx) =>
        tx.$queryRaw(sql`select apply_retention(${category}, ${all}::uuid, ${new Date(before)}::timestamptz,
          ${new Date(at)}::timestamptz, array[0, 1, 2]::bigint[], '-infinity', 'infinity')`),
      );
    await expect(call(tenantId, 'security', clock.wallMs() - 364 * dayMs)).rejects.toThrow(/are kept/);
    await expect(call(tenantId, 'custody', 0)).rejects.toThrow(/is kept/);
    await expect(call(tenantId, 'security', clock.wallMs(), clock.wallMs() + 400 * dayMs)).rejects.toThrow(
      /has not come/,
    );
    await expect(call(otherTenantId, 'nonsense', 0)).rejects.toThrow(/is kept/);
    const client = await connect(fixture.db.url);
    await expect(
      client.query(`select apply_retention('security', '${all}', now(), now(), array[0]::bigint[], now(), now())`),
    ).rejects.toThrow(/no customer/);
    await client.end();
  });
});
