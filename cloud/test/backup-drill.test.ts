import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert } from '@tagtrail/shared/assert.js';
import { silentLog } from '@tagtrail/shared/log/log.js';
import { trustedCheckpoint } from '@tagtrail/shared/proof/verify-checkpoints.js';
import { systemRandom } from '@tagtrail/shared/random/system-random.js';
import { systemClock } from '@tagtrail/shared/time/system-clock.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Scope } from '../src/auth/scope.js';
import type { BackupSecret } from '../src/backup/backup-key.js';
import { openFreshPlace, openPlace, type Place } from '../src/backup/place.js';
import { type RestoreFigures, restoreBackup } from '../src/backup/restore-backup.js';
import { type BackupFigures, takeBackup } from '../src/backup/take-backup.js';
import { connect } from '../src/database/connect.js';
import { migrate, readMigrations } from '../src/database/migrate.js';
import { prepareExport } from '../src/export/prepare-export.js';
import { awaitCheckpoint, type Read, writeExport } from '../src/export/write-export.js';
import { createIngest } from '../src/ingest/ingest.js';
import { logSigner } from '../src/proof/log-key.js';
import { startSealer } from '../src/proof/sealer.js';
import { openStore, type Store } from '../src/store/prisma.js';
import { rebuildProjections } from '../src/store/projections/rebuild.js';
import { appendEntries, cloudEntry } from '../src/store/trail.js';
import { freshUuid, lineEvent, makeAsset, makeCabinet, type TestCabinet } from '../src/testing/test-cabinet.js';
import { makeTenant, startTestDatabase, type TestDatabase, type TestTenant } from '../src/testing/test-database.js';
import { verifyText } from '../src/testing/test-export.js';

const secret: BackupSecret = { kind: 'key-file', bytes: Buffer.alloc(32, 7) };
const logSecret = 'the secret of the log, which must come back';
const at = '2026-01-05T06:00:00.000Z';
const common = { clock: systemClock, random: systemRandom, log: silentLog, version: '0.0.0' };

/**
 * The drill: a backup while cabinets pour, a disaster, a restore on another server, and a look at
 * whether anything is missing, wrong or back that had gone.
 */
describe('a backup that is restored elsewhere', () => {
  let db: TestDatabase;
  let folder: string;
  let place: Place;
  let restored: Store;
  let tenant: TestTenant;
  let forgetful: TestTenant;
  let leaving: TestTenant;
  let cabinet: TestCabinet;
  let taken: BackupFigures;
  let figures: RestoreFigures;
  /** What somebody outside has kept: a signed checkpoint from before the disaster. */
  let kept: string;

  const path = () => join(folder, 'drill.backup');
  const target = () => ({ ...common, dataFolder: join(folder, 'target') });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tagtrail-drill-'));
    await writeFile(join(folder, 'log-secret'), logSecret);
    db = await startTestDatabase();
    tenant = await makeTenant(db.store, 'Aalto');
    forgetful = await makeTenant(db.store, 'Boreal');
    leaving = await makeTenant(db.store, 'Cygne');
    await agreeToLeave();
    cabinet = await makeCabinet(db.store, tenant);
    await makeAsset(db.store, tenant.tenant, { epc: 'E28011700000000000000001' });
    await logOldSignIn();
    await pour(db.store, 1, 12);
    kept = await seal(db.store, db.url);
    const owner = { ownerUrl: db.ownerUrl, dataFolder: folder };
    [taken] = await Promise.all([takeBackup({ ...common, ...owner, path: path(), secret }), pour(db.store, 13, 30)]);
    place = await openFreshPlace({ ...target(), replace: false });
    figures = await restoreBackup({ ...target(), ...place, path: path(), secret, replace: false });
    restored = openStore({ url: place.runtimeUrl, connections: 4 });
  });
  afterAll(async () => {
    await restored?.close();
    await place?.close();
    await db?.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** A line of the security log that is older than it is kept, and sealed, so that it may go. */
  async function logOldSignIn(): Promise<void> {
    const old = '2024-03-01T08:00:00.000Z';
    const { tenant: id } = forgetful;
    await db.store.withTenant(id, (tx) =>
      appendEntries(tx, { tenant: id, recordedAt: old }, [
        cloudEntry({ tenant: id, at: old, kind: 'user.signed_in', data: {}, actorId: freshUuid() }),
      ]),
    );
    const sealer = startSealer({ ...common, store: db.store, databaseUrl: db.url, secret: logSecret });
    await sealer.seal(id);
    await sealer.close();
  }

  /** Two administrators agreed, and the day is over; its jobs had not come to it when the backup was taken. */
  async function agreeToLeave(): Promise<void> {
    const admin = await connect(db.adminUrl);
    const user = freshUuid();
    await admin.query(`insert into auth_user (id, name, email) values ($1, 'Cygne Admin', 'admin@cygne.example')`, [
      user,
    ]);
    await admin.query(`insert into membership (tenant_id, user_id, role) values ($1, $2, 'admin')`, [
      leaving.tenant,
      user,
    ]);
    await admin.query(`insert into person (tenant_id, id, name) values ($1, $2, 'Cygne Ana')`, [
      leaving.tenant,
      freshUuid(),
    ]);
    await admin.query(
      `insert into off_boarding (tenant_id, status, contract_ends_on, record_days, asked_by, asked_at, asked_index, expires_at,
         decided_by, decided_at, remove_at)
       values ($1, 'agreed', '2025-12-31', 100, $2, $4, 0, $4, $3, $4, '2026-01-01')`,
      [leaving.tenant, user, freshUuid(), at],
    );
    await admin.end();
  }

  /** Signs what is there of the customer; answers the newest checkpoint. */
  async function seal(store: Store, databaseUrl: string): Promise<string> {
    const sealer = startSealer({ ...common, store, databaseUrl, secret: logSecret });
    await sealer.seal(tenant.tenant);
    await sealer.close();
    const newest = { where: { tenantId: tenant.tenant }, orderBy: { size: 'desc' } } as const;
    return (await store.readTenant(tenant.tenant, (tx) => tx.checkpoint.findFirstOrThrow(newest))).note;
  }

  async function exported(store: Store, databaseUrl: string): Promise<string> {
    const scope: Scope = { tenantId: tenant.tenant, userId: freshUuid(), role: 'admin', siteIds: null };
    const asking = { scope, atMs: systemClock.wallMs() };
    const prepared = await store.withTenant(tenant.tenant, (tx) => prepareExport({ ...asking, tx }, {}));
    await seal(store, databaseUrl);
    const read: Read = (work) => store.readTenant(tenant.tenant, work);
    const checkpoint = await awaitCheckpoint(read, prepared, systemClock);
    let text = '';
    for await (const piece of writeExport(read, prepared, checkpoint)) text += piece;
    return text;
  }

  /** Batches of the cabinet, one event each; its journal goes on where it ended. */
  async function pour(store: Store, from: number, count: number): Promise<unknown[]> {
    const answers: unknown[] = [];
    const send = async (_topic: string, body: string): Promise<void> => void answers.push(JSON.parse(body));
    const ingest = createIngest({ ...common, store, send });
    for (let seq = from; seq < from + count; seq++) {
      if (seq > cabinet.last) {
        const kind = seq % 2 === 1 ? 'asset.checked_out' : 'asset.returned';
        cabinet.record(lineEvent(kind, { epc: 'E28011700000000000000001', at, actor: freshUuid() }));
      }
      await ingest.receive(cabinet.topic('events'), Buffer.from(JSON.stringify(cabinet.batch(seq, seq))));
    }
    await ingest.close();
    return answers;
  }

  async function rowsOf(store: Store, table: string, before = Number.MAX_SAFE_INTEGER): Promise<string[]> {
    const only = table === 'entry' ? `where t.index < ${before}` : '';
    return await store.readTenant(tenant.tenant, async (tx) => {
      const rows = await tx.$queryRawUnsafe<{ row: string }[]>(
        `select t::text as row from ${table} t ${only} order by 1`,
      );
      return rows.map(({ row }) => row);
    });
  }

  const next = async (store: Store): Promise<number> =>
    await store.readTenant(tenant.tenant, async (tx) => Number((await tx.tenantHead.findFirstOrThrow()).nextIndex));

  it('is of one moment, although cabinets went on', async () => {
    const size = await next(restored);
    const entries = await rowsOf(restored, 'entry');
    expect(size).toBeGreaterThanOrEqual(12);
    expect(await next(db.store)).toBeGreaterThan(size);
    expect(entries).toHaveLength(size);
    expect(entries).toEqual(await rowsOf(db.store, 'entry', size));
    const [stream] = await restored.readTenant(tenant.tenant, (tx) => tx.stream.findMany());
    const last = await restored.readTenant(tenant.tenant, (tx) => tx.entry.aggregate({ _max: { seq: true } }));
    expect(stream?.nextSeq ?? 1n).toBe((last._max.seq ?? 0n) + 1n);
    expect([figures.rows, figures.tables]).toEqual([taken.rows, taken.tables]);
  });

  it('has projections that follow from its trail, byte for byte', async () => {
    const tables = ['custody', 'sighting', 'cabinet_session', 'cabinet_state'];
    const before = await Promise.all(tables.map((table) => rowsOf(restored, table)));
    await rebuildProjections(restored, tenant.tenant);
    expect(await Promise.all(tables.map((table) => rowsOf(restored, table)))).toEqual(before);
  });

  it('gets from the cabinets what came after it', async () => {
    const from = Number((await restored.readTenant(tenant.tenant, (tx) => tx.stream.findMany()))[0]?.nextSeq ?? 1);
    await pour(db.store, cabinet.last + 1, 3);
    const answers = await pour(restored, from, cabinet.last - from + 1);
    expect(answers.at(-1)).toMatchObject({ upTo: cabinet.last, chain: cabinet.chain });
    const chains = (store: Store) =>
      store.readTenant(tenant.tenant, (tx) =>
        tx.entry.findMany({
          where: { logId: cabinet.log },
          orderBy: { seq: 'asc' },
          select: { seq: true, chain: true },
        }),
      );
    expect(await chains(restored)).toEqual(await chains(db.store));
  });

  it('verifies line by line, and against a checkpoint from before the disaster', async () => {
    const text = await exported(restored, place.runtimeUrl);
    const checkpoint = trustedCheckpoint(kept);
    assert(checkpoint !== undefined, 'a signed checkpoint');
    const report = await verifyText(text, {
      keys: [logSigner(logSecret, tenant.tenant).key],
      checkpoints: [checkpoint],
    });
    expect(report.problems).toEqual([]);
    expect(report.entries).toBeGreaterThanOrEqual(12);
    const line = text.split('\n').find((one) => one.includes('asset.checked_out')) as string;
    const changed = text.replace(line, line.replace('asset.checked_out', 'asset.returned'));
    expect((await verifyText(changed)).problems).not.toEqual([]);
  });

  it('does not show again what has expired', async () => {
    expect(figures.expired).toBe(1);
    const kinds = await restored.readTenant(forgetful.tenant, (tx) => tx.entry.findMany({ select: { kind: true } }));
    expect(kinds.map(({ kind }) => kind)).not.toContain('user.signed_in');
    expect(kinds.map(({ kind }) => kind)).toContain('retention.run');
  });

  it('lets nobody of a customer in that should have left by now, and names nobody of it', async () => {
    const { tenant: id } = leaving;
    const there = await restored.readTenant(id, async (tx) => ({
      members: await tx.membership.count({ where: { tenantId: id } }),
      people: await tx.person.findMany({ where: { tenantId: id }, select: { name: true, status: true } }),
      off: await tx.offBoarding.findMany({ where: { tenantId: id }, select: { status: true, users: true } }),
    }));
    expect(there).toEqual({
      members: 0,
      people: [{ name: null, status: 'left' }],
      off: [{ status: 'closing', users: 1 }],
    });
    expect(await restored.global.authUser.count({ where: { email: 'admin@cygne.example' } })).toBe(0);
  });

  it('has the secrets of the cloud, and nothing of it can be read without the key', async () => {
    expect(figures.files).toEqual(['log-secret']);
    expect(await readFile(join(folder, 'target', 'log-secret'), 'utf8')).toMatch(/which must come back/);
    const bytes = await readFile(path());
    for (const word of ['Aalto', 'which must come back', 'user.signed_in']) expect(bytes.includes(word)).toBe(false);
  });

  it('is refused where there is something already, and moves it aside when told', async () => {
    await expect(openFreshPlace({ ...target(), replace: false })).rejects.toMatchObject({
      code: 'backup.target_not_empty',
    });
    await expect(openFreshPlace({ ...target(), replace: true })).rejects.toMatchObject({
      code: 'backup.target_in_use',
    });
    const again = { ...target(), ...place, path: path(), secret };
    await expect(restoreBackup({ ...again, replace: false })).rejects.toMatchObject({
      code: 'backup.target_not_empty',
    });
    const reached = await openPlace(target());
    expect(reached.ownerUrl).toBe(place.ownerUrl);
    expect((await restoreBackup({ ...again, replace: true })).rows).toBe(taken.rows);
    await reached.close();
  });

  it('is migrated when it was made with an older schema, and refused from a newer program', async () => {
    const [first] = await readMigrations();
    const { url, ownerUrl, adminUrl } = await emptyDatabase('older');
    const owner = await connect(ownerUrl);
    await migrate(owner, { random: systemRandom, only: new Set([first?.name ?? '']) });
    const admin = await connect(adminUrl);
    await admin.query(`insert into tenant (id, name, badge_key) values ($1, 'Aalto', repeat('5', 64))`, [
      tenant.tenant,
    ]);
    await admin.query('insert into tenant_head (tenant_id) values ($1)', [tenant.tenant]);
    await admin.end();
    const old = join(folder, 'old.backup');
    await takeBackup({ ...common, ownerUrl, dataFolder: folder, path: old, secret });
    await owner.query(`update _prisma_migrations set checksum = 'of another program'`);
    const newer = join(folder, 'newer.backup');
    await takeBackup({ ...common, ownerUrl, dataFolder: folder, path: newer, secret });
    await owner.end();
    const into = { ...(await emptyDatabase('migrated')), dataFolder: folder };
    const done = await restoreBackup({ ...common, ...into, runtimeUrl: into.url, path: old, secret, replace: false });
    expect([done.customers, done.rows]).toEqual([1, 2]);
    expect(done.migrated).toEqual((await readMigrations()).slice(1).map(({ name }) => name));
    await expect(
      restoreBackup({ ...common, ...into, runtimeUrl: url, path: newer, secret, replace: true }),
    ).rejects.toMatchObject({ code: 'backup.newer_program' });
  });

  async function emptyDatabase(name: string): Promise<{ url: string; ownerUrl: string; adminUrl: string }> {
    const admin = await connect(db.adminUrl);
    await admin.query(`create database ${name} owner tagtrail_owner`);
    await admin.end();
    const of = (url: string) => url.replace(/\/tagtrail$/, `/${name}`);
    return { url: of(db.url), ownerUrl: of(db.ownerUrl), adminUrl: of(db.adminUrl) };
  }
});
