import { bytesOfBase64 } from '@tagtrail/shared/bytes/base64.js';
import { idFromUuid } from '@tagtrail/shared/ids.js';
import { silentLog } from '@tagtrail/shared/log/log.js';
import { leafOfEntry } from '@tagtrail/shared/proof/entry-leaf.js';
import { verifyInclusion } from '@tagtrail/shared/proof/merkle.js';
import { personalDataFields } from '@tagtrail/shared/proof/personal-fields.js';
import { openNote } from '@tagtrail/shared/proof/signed-note.js';
import { systemRandom } from '@tagtrail/shared/random/system-random.js';
import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connect } from '../src/database/connect.js';
import { createIngest } from '../src/ingest/ingest.js';
import { logSigner, verifyEd25519 } from '../src/proof/log-key.js';
import { sealTenant } from '../src/proof/seal.js';
import { signReceipts } from '../src/retention/receipts.js';
import { nodeHashing } from '../src/store/hashing.js';
import { rebuildProjections } from '../src/store/projections/rebuild.js';
import { readLines } from '../src/store/read-lines.js';
import { sql } from '../src/store/sql.js';
import {
  freshUuid,
  inventoryEvent,
  lineEvent,
  makeAsset,
  makeCabinet,
  type TestCabinet,
  type TestEvent,
} from '../src/testing/test-cabinet.js';
import { verifyText } from '../src/testing/test-export.js';
import { type AppFixture, type Caller, signedIn, startApp } from './app-fixture.js';
import { aCustomer } from './sample.js';

const dayMs = 86_400_000;
const secret = 'a log secret of this test, long enough';
const epcs = ['E280117000000000000000D1', 'E280117000000000000000D2', 'E280117000000000000000D3'] as const;

/** A customer of its own for each test, with a year and more of lines behind it. */
describe('what retention may touch', () => {
  let fixture: AppFixture;
  let clock: VirtualClock;
  let turn = 0;
  let tenantId: string;
  let admin: Caller;
  let second: Caller;
  let user: (who: string) => Promise<Caller>;
  let cabinet: TestCabinet;
  let sites: { north: string; south: string };
  let people: string[];
  let assets: string[];
  const session = freshUuid();

  beforeAll(async () => {
    clock = new VirtualClock(Date.now() - 430 * dayMs);
    fixture = await startApp({ clock });
  });
  afterAll(async () => {
    await fixture?.close();
  });

  beforeEach(async () => {
    turn += 1;
    const name = `Hold${turn}`;
    const file = aCustomer(name);
    const more = { email: `second@${name.toLowerCase()}.example`, name: 'Second', role: 'admin' as const, sites: [] };
    const seeded = await fixture.seed({ ...file, users: [...file.users, more] });
    tenantId = seeded.tenantId;
    user = (who: string): Promise<Caller> =>
      signedIn(
        fixture.app,
        `${who}@${name.toLowerCase()}.example`,
        seeded.passwords.get(`${who}@${name.toLowerCase()}.example`) ?? '',
      );
    await signIn();
    const rows = await fixture.db.store.readTenant(tenantId, async (tx) => ({
      sites: await tx.site.findMany({ orderBy: { name: 'asc' } }),
      people: await tx.person.findMany({ orderBy: { name: 'asc' } }),
    }));
    sites = { north: rows.sites[0]?.id ?? '', south: rows.sites[1]?.id ?? '' };
    people = rows.people.map(({ id }) => id);
    cabinet = await makeCabinet(fixture.db.store, { tenant: tenantId, site: sites.north }, 'Held');
    assets = [];
    for (const epc of epcs) assets.push(await makeAsset(fixture.db.store, tenantId, { epc }));
  });

  async function signIn(): Promise<void> {
    admin = await user('admin');
    second = await user('second');
  }
  /** Time passes; sign-ins do not last that long. */
  async function pass(days: number): Promise<void> {
    await clock.advance(days * dayMs);
    await signIn();
  }
  const now = (): string => new Date(clock.wallMs()).toISOString();
  async function report(...events: readonly TestEvent[]): Promise<void> {
    const from = cabinet.last + 1;
    cabinet.record(...events);
    const ingest = createIngest({
      store: fixture.db.store,
      clock,
      random: systemRandom,
      log: silentLog,
      send: async () => {},
    });
    await ingest.receive(cabinet.topic('events'), Buffer.from(JSON.stringify(cabinet.batch(from))));
    await ingest.close();
  }
  async function seal(): Promise<void> {
    const signer = logSigner(secret, tenantId);
    const target = { tenant: tenantId, atMs: clock.wallMs() };
    while ((await fixture.db.store.withTenant(tenantId, (tx) => sealTenant(tx, target, signer))) !== undefined);
    await fixture.db.store.withTenant(tenantId, (tx) => signReceipts(tx, target, signer));
  }
  /** An export waits until a checkpoint covers its own line. */
  async function whileSealing<T>(work: Promise<T>): Promise<T> {
    let isDone = false;
    const done = work.finally(() => {
      isDone = true;
    });
    while (!isDone) {
      await seal();
      await clock.advance(100);
    }
    return await done;
  }
  async function setRule(category: string, rule: Record<string, unknown>): Promise<void> {
    const answer = await admin.send('PUT', `/v1/retention/rules/${category}`, { action: 'delete', ...rule });
    expect(answer.status, answer.text).toBe(200);
    if (answer.body.status === 'waiting') {
      const approved = await second.send('POST', `/v1/retention/changes/${answer.body.change.id}/approve`);
      expect(approved.status, approved.text).toBe(200);
    }
  }
  const run = async () => (await admin.send('POST', '/v1/retention/runs')).body;
  const kinds = async (): Promise<string[]> =>
    (await fixture.db.store.readTenant(tenantId, (tx) => readLines(tx, tenantId, { from: 0, to: 10_000 })))
      .filter(({ source }) => source === 'cabinet')
      .map(({ kind }) => kind);
  const taken = (which: number, who: number, within = session): TestEvent =>
    lineEvent('asset.checked_out', {
      epc: epcs[which] as string,
      at: now(),
      actor: people[who] as string,
      session: within,
    });
  const returned = (which: number, who: number): TestEvent =>
    lineEvent('asset.returned', { epc: epcs[which] as string, at: now(), actor: people[who] as string });
  const projections = async (): Promise<unknown> =>
    await fixture.db.store.readTenant(tenantId, async (tx) => ({
      custody: await tx.custody.findMany({ orderBy: { assetId: 'asc' } }),
      sighting: await tx.sighting.findMany({ orderBy: [{ assetId: 'asc' }, { cabinetId: 'asc' }] }),
      session: await tx.cabinetSession.findMany({ orderBy: { id: 'asc' } }),
      state: await tx.cabinetState.findMany({ orderBy: { cabinetId: 'asc' } }),
    }));

  it('is nothing that a checkpoint does not cover yet', async () => {
    await report(taken(0, 0));
    await setRule('custody', { keep_days: 5 });
    await pass(10);
    expect((await run()).data).toEqual([]);
    await seal();
    expect((await run()).data).toMatchObject([{ category: 'custody', entries: 1, carried: 1 }]);
  });

  it('goes by the site, and by the general rule elsewhere', async () => {
    await report(returned(0, 0), returned(1, 1));
    await setRule('custody', { keep_days: 20 });
    await setRule('custody', { keep_days: 5000, site: idFromUuid('site', sites.north), source: 'law' });
    await pass(30);
    await seal();
    expect((await run()).data).toEqual([]);
    const dropped = await admin.send('DELETE', `/v1/retention/rules/custody?site=${idFromUuid('site', sites.north)}`);
    expect(dropped.status).toBe(409);
    await setRule('custody', { keep_days: 10, site: idFromUuid('site', sites.north) });
    expect((await run()).data).toMatchObject([{ site: idFromUuid('site', sites.north), entries: 2, version: 2 }]);
  });

  it.each(['person', 'asset', 'site', 'period'] as const)(
    'leaves out what a hold on a %s covers, until it is released',
    async (kind) => {
      const from = now();
      await report(
        {
          kind: 'session.opened',
          at: now(),
          actor: idFromUuid('person', people[0] as string),
          session: idFromUuid('session', session),
          data: { door: 1, signed: true },
        },
        taken(0, 0),
        { kind: 'door.closed', at: now(), session: idFromUuid('session', session), data: { door: 1, openForMs: 5 } },
      );
      await pass(1);
      const to = now();
      await pass(1);
      await report(taken(1, 1, freshUuid()));
      const subject = {
        person: { kind, subject: idFromUuid('person', people[0] as string) },
        asset: { kind, subject: idFromUuid('asset', assets[0] as string) },
        site: { kind, subject: idFromUuid('site', sites.north) },
        period: { kind, from, to },
      }[kind];
      const review = { reason: 'claim 7', review_on: '2099-01-01' };
      const hold = await admin.send('POST', '/v1/holds', { ...subject, ...review });
      expect(hold.status, hold.text).toBe(200);
      for (const category of ['custody', 'session']) await setRule(category, { keep_days: 5 });
      await pass(20);
      await seal();
      const rehearsed = (
        await admin.send('POST', '/v1/retention/rehearsals', { category: 'custody', keep_days: 5, action: 'delete' })
      ).body;
      await run();
      const kept = {
        person: ['session.opened', 'asset.checked_out', 'door.closed'],
        asset: ['asset.checked_out'],
        site: ['session.opened', 'asset.checked_out', 'door.closed', 'asset.checked_out'],
        period: ['session.opened', 'asset.checked_out', 'door.closed'],
      }[kind];
      expect(await kinds()).toEqual(kept);
      expect(rehearsed.held).toBe(kept.filter((name) => name === 'asset.checked_out').length);
      const released = await admin.send('POST', `/v1/holds/${hold.body.id}/release`, { reason: 'claim settled' });
      expect(released.body).toMatchObject({
        release_reason: 'claim settled',
        released_by: { name: expect.any(String) },
      });
      expect((await admin.send('POST', `/v1/holds/${hold.body.id}/release`, { reason: 'again' })).status).toBe(409);
      await run();
      expect(await kinds()).toEqual([]);
    },
  );

  it('is nothing at all while a hold cannot be read', async () => {
    await report(returned(0, 0));
    await setRule('custody', { keep_days: 5 });
    await pass(20);
    await seal();
    const owner = await connect(fixture.db.ownerUrl);
    const place = async (kind: string, subject: string | null): Promise<void> => {
      await owner.query('begin');
      await owner.query(`select set_config('app.tenant', $1, true)`, [tenantId]);
      await owner.query('delete from legal_hold');
      await owner.query(
        `insert into legal_hold (tenant_id, id, kind, subject_id, subject_text, reason, review_on, placed_by, placed_at)
         values ($1, $2, $3, $4, 'x', 'why', '2099-01-01', $2, now())`,
        [tenantId, freshUuid(), kind, subject],
      );
      await owner.query('commit');
    };
    try {
      await owner.query('alter table legal_hold drop constraint legal_hold_shape');
      for (const [kind, subject] of [
        ['vessel', freshUuid()],
        ['person', freshUuid()],
        ['asset', null],
        ['period', null],
      ] as const) {
        await place(kind, subject);
        const stopped = await run();
        expect(stopped.data).toEqual([]);
        expect(stopped.stopped).toContainEqual({ category: 'custody', site: null, why: 'hold_unreadable' });
        expect(await kinds(), kind).toEqual(['asset.returned']);
      }
      await owner.query('alter table legal_hold rename to legal_hold_away');
      expect(await run()).toMatchObject({ data: [] });
      expect(await kinds()).toEqual(['asset.returned']);
    } finally {
      await owner.query('alter table if exists legal_hold_away rename to legal_hold');
      await owner.query('begin');
      await owner.query(`select set_config('app.tenant', $1, true)`, [tenantId]);
      await owner.query('delete from legal_hold');
      await owner.query('commit');
      await owner.end();
    }
    expect((await run()).data).toMatchObject([{ entries: 1 }]);
  });

  it('takes a second person where a rule is shortened by more than half', async () => {
    const wish = { keep_days: 30, action: 'delete' };
    const asked = (await admin.send('PUT', '/v1/retention/rules/device', wish)).body;
    expect(asked).toMatchObject({
      status: 'waiting',
      rule: { keep_days: 1095 },
      change: { status: 'waiting', rehearsal: { entries: 0 } },
    });
    const approve = `/v1/retention/changes/${asked.change.id}/approve`;
    expect((await admin.send('POST', approve)).status).toBe(403);
    expect((await second.send('POST', approve)).body).toMatchObject({
      status: 'approved',
      decided_by: { name: 'Second' },
    });
    expect((await second.send('POST', approve)).status).toBe(409);
    const rules = (await admin.get('/v1/retention/rules')).body.data;
    expect(rules.find((rule: { category: string }) => rule.category === 'device')).toMatchObject({
      keep_days: 30,
      version: 1,
    });
    const late = (await admin.send('PUT', '/v1/retention/rules/device', { ...wish, keep_days: 3 })).body.change;
    await pass(15);
    expect((await second.send('POST', `/v1/retention/changes/${late.id}/approve`)).status).toBe(409);
    const changes = (await second.get('/v1/retention/changes')).body.data;
    expect(changes.find(({ id }: { id: string }) => id === late.id)).toMatchObject({ status: 'expired' });
    const trail = (
      await fixture.db.store.readTenant(tenantId, (tx) => readLines(tx, tenantId, { from: 0, to: 10_000 }))
    ).map(({ kind }) => kind);
    expect(trail).toEqual(
      expect.arrayContaining(['retention.change_asked', 'retention.change_decided', 'retention.rule_set']),
    );
  });

  it('leaves every proof standing, signs a receipt, and rebuilds to the same', async () => {
    await report(
      {
        kind: 'session.opened',
        at: now(),
        actor: idFromUuid('person', people[0] as string),
        session: idFromUuid('session', session),
        data: { door: 1, signed: true },
      },
      taken(0, 0),
      {
        kind: 'session.closed',
        at: now(),
        session: idFromUuid('session', session),
        data: { outcome: 'settled', taken: 1, returned: 0, disputed: 0, elapsedMs: 5 },
      },
      inventoryEvent(now(), [epcs[2]], []),
      returned(1, 1),
    );
    await pass(1);
    await report(inventoryEvent(now(), [], [epcs[2]]));
    await seal();
    const before = await fixture.db.store.readTenant(tenantId, (tx) =>
      readLines(tx, tenantId, { from: 0, to: 10_000 }),
    );
    const proofs = new Map<number, { leaf: string; path: string[]; size: number }>();
    for (const { index } of before) proofs.set(index, (await admin.get(`/v1/entries/${index}/proof`)).body);
    await setRule('custody', { keep_days: 10, action: 'pseudonymise' });
    for (const category of ['session', 'inventory']) await setRule(category, { keep_days: 10 });
    await pass(400);
    await seal();
    const { data } = await run();
    expect(data).toMatchObject([
      { category: 'custody', action: 'pseudonymise', carried: 1 },
      { category: 'session', action: 'delete', entries: 2 },
      { category: 'inventory', action: 'delete', entries: 1, carried: 1 },
      ...data.slice(3),
    ]);
    // What went missing is still missing, and who has a tool out still has it.
    const after = (await projections()) as {
      custody: { assetId: string; holderId: string | null; missingSince: Date | null }[];
      session: unknown[];
    };
    expect(after.custody.find(({ assetId }) => assetId === assets[0])?.holderId).toBe(people[0]);
    expect(after.custody.find(({ assetId }) => assetId === assets[2])?.missingSince).toBeInstanceOf(Date);
    expect(after.session).toEqual([]);
    await rebuildProjections(fixture.db.store, tenantId);
    expect(await projections()).toEqual(after);

    const roots = await fixture.db.store.readTenant(tenantId, (tx) => tx.checkpoint.findMany());
    const left = await fixture.db.store.readTenant(tenantId, (tx) => readLines(tx, tenantId, { from: 0, to: 10_000 }));
    for (const line of before) {
      const proof = proofs.get(line.index);
      const root = roots.find(({ size }) => Number(size) === proof?.size)?.root ?? new Uint8Array(0);
      const now = left.find(({ index }) => index === line.index);
      const leaf = now === undefined ? bytesOfBase64(proof?.leaf ?? '') : undefined;
      const again = now === undefined ? undefined : leafOfEntry(nodeHashing, now);
      const hash = again?.ok ? again.leaf : leaf;
      const path = (proof?.path ?? []).map((hash) => bytesOfBase64(hash) ?? new Uint8Array(0));
      const claim = {
        index: BigInt(line.index),
        size: BigInt(proof?.size ?? 0),
        leaf: hash ?? new Uint8Array(0),
        path,
        root,
      };
      expect(verifyInclusion(nodeHashing, claim), `${line.index} ${line.kind}`).toBe(true);
    }

    await seal();
    const exported = await whileSealing(admin.get('/v1/trail/export'));
    const verdict = await verifyText(exported.text);
    expect(verdict.problems).toEqual([]);
    expect(verdict.withheld.absent).toBeGreaterThanOrEqual(3);
    expect(verdict.custody.checked).toBeGreaterThan(0);

    const receipt = (await admin.get(`/v1/retention/runs/${data[0].id}/receipt`)).body;
    const text = await openNote(verifyEd25519, receipt.note, logSigner(secret, tenantId).key);
    expect(JSON.parse(text?.split('\n')[1] ?? '')).toMatchObject({
      ...data[0],
      tenant: idFromUuid('tenant', tenantId),
    });
  });

  it('takes out the same fields in the database as in the leaf', async () => {
    const rows = await fixture.db.store.readTenant(tenantId, (tx) =>
      tx.$queryRaw<{ fields: string[] }[]>(sql`select personal_data_fields() as fields`),
    );
    expect(rows[0]?.fields).toEqual([...personalDataFields]);
  });

  it('refuses holds on what is not there, for those who may not, and without a day to look again', async () => {
    const hold = (body: unknown, who = admin) => who.send('POST', '/v1/holds', body);
    const base = { reason: 'r', review_on: '2099-01-01' };
    expect((await hold({ kind: 'person', subject: idFromUuid('person', freshUuid()), ...base })).status).toBe(404);
    expect((await hold({ kind: 'person', subject: idFromUuid('asset', assets[0] as string), ...base })).status).toBe(
      404,
    );
    expect(
      (await hold({ kind: 'period', from: '2026-01-02T00:00:00Z', to: '2026-01-01T00:00:00Z', ...base })).status,
    ).toBe(400);
    expect(
      (
        await hold({
          kind: 'asset',
          subject: idFromUuid('asset', assets[0] as string),
          reason: 'r',
          review_on: '2001-01-01',
        })
      ).status,
    ).toBe(400);
    expect((await hold({ kind: 'asset', subject: idFromUuid('asset', assets[0] as string), reason: 'r' })).status).toBe(
      400,
    );
  });
});
