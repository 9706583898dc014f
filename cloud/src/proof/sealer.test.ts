import { idFromUuid } from '@tagtrail/shared/ids.js';
import { silentLog } from '@tagtrail/shared/log/log.js';
import { openCheckpoint } from '@tagtrail/shared/proof/checkpoint.js';
import { createFrontier } from '@tagtrail/shared/proof/merkle.js';
import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from '../database/connect.js';
import { fillLeaves } from '../database/fill-leaves.js';
import { nodeHashing } from '../store/hashing.js';
import { readLines } from '../store/read-lines.js';
import { appendCloudEvent, appendEntries, cloudEntry } from '../store/trail.js';
import { makeTenant, startTestDatabase, type TestDatabase } from '../testing/test-database.js';
import { logName, logSigner, verifyEd25519 } from './log-key.js';
import { type Sealer, startSealer } from './sealer.js';

const secret = 'a log secret of this test, long enough';

describe('the sealer', () => {
  let db: TestDatabase;
  const clock = new VirtualClock(Date.UTC(2026, 0, 6));
  const signed: { tenant: string; size: number }[] = [];
  let sealer: Sealer;
  beforeAll(async () => {
    db = await startTestDatabase();
    sealer = startSealer({
      ...{ store: db.store, databaseUrl: db.url, clock, log: silentLog, secret },
      onCheckpoint: (tenant, { size }) => signed.push({ tenant, size }),
    });
  });
  afterAll(async () => {
    await sealer.close();
    await db.close();
  });

  const grow = async (tenant: string, count: number): Promise<void> => {
    const at = new Date(clock.wallMs()).toISOString();
    await db.store.withTenant(tenant, (tx) =>
      appendEntries(
        tx,
        { tenant, recordedAt: at },
        Array.from({ length: count }, (_, i) =>
          cloudEntry({ tenant, at, kind: 'site.created', data: { name: `S${i}` } }),
        ),
      ),
    );
  };
  const checkpoints = (tenant: string) =>
    db.store.readTenant(tenant, (tx) =>
      tx.checkpoint.findMany({ where: { tenantId: tenant }, orderBy: { size: 'asc' } }),
    );

  it('signs a checkpoint over every entry, and introduces its key in the trail', async () => {
    const { tenant } = await makeTenant(db.store);
    await grow(tenant, 300);
    await sealer.seal(tenant);
    const rows = await checkpoints(tenant);
    expect(rows.map(({ size }) => Number(size))).toEqual([300, 301]);
    const { key } = logSigner(secret, tenant);
    const lines = await db.store.readTenant(tenant, (tx) => readLines(tx, tenant, { from: 0, to: 400 }));
    const frontier = createFrontier(nodeHashing);
    for (const { leaf } of lines) frontier.push(leaf ?? new Uint8Array(0));
    expect(await openCheckpoint(verifyEd25519, rows[1]?.note ?? '', key)).toEqual({
      origin: `tagtrail/${idFromUuid('tenant', tenant)}`,
      size: 301,
      root: new Uint8Array(frontier.root()),
    });
    expect(lines.at(-1)).toMatchObject({ kind: 'log.key_added', category: 'security' });
    const keys = await db.store.readTenant(tenant, (tx) => tx.logKey.findMany());
    expect(keys.map(({ noteKey }) => noteKey.startsWith(`${logName(tenant)}+`))).toEqual([true]);
  });

  it('signs nothing when nothing has come, and one root for a size however many seal at once', async () => {
    const { tenant } = await makeTenant(db.store);
    await grow(tenant, 5);
    await Promise.all([sealer.seal(tenant), sealer.seal(tenant), sealer.sealAll()]);
    const before = await checkpoints(tenant);
    await sealer.seal(tenant);
    expect(await checkpoints(tenant)).toEqual(before);
    expect(new Set(before.map(({ size }) => size)).size).toBe(before.length);
  });

  it('grows a tree in steps to the root of the tree in one', async () => {
    const { tenant } = await makeTenant(db.store);
    for (const count of [1, 254, 1, 1, 511, 3]) {
      await grow(tenant, count);
      await sealer.seal(tenant);
    }
    const lines = await db.store.readTenant(tenant, (tx) => readLines(tx, tenant, { from: 0, to: 2000 }));
    const frontier = createFrontier(nodeHashing);
    for (const { leaf } of lines) frontier.push(leaf ?? new Uint8Array(0));
    const last = (await checkpoints(tenant)).at(-1);
    expect(Buffer.from(last?.root ?? []).equals(frontier.root())).toBe(true);
  });

  it('lets nobody shorten, change or delete a tile, or sign a size twice', async () => {
    const { tenant } = await makeTenant(db.store);
    await grow(tenant, 4);
    await sealer.seal(tenant);
    const within = (work: string): Promise<unknown> => db.store.withTenant(tenant, (tx) => tx.$executeRawUnsafe(work));
    await expect(within('delete from tile')).rejects.toThrow(/only grows/);
    await expect(within(`update tile set hashes = decode(repeat('00', 160), 'hex')`)).rejects.toThrow(/only grows/);
    await expect(within('update checkpoint set size = 9')).rejects.toThrow(/permission denied/);
    await expect(within('insert into checkpoint select * from checkpoint')).rejects.toThrow(/duplicate key/);
  });

  it('gives leaves to entries that are older than leaves', async () => {
    const { tenant } = await makeTenant(db.store);
    await grow(tenant, 3);
    const owner = await connect(db.ownerUrl);
    await owner.query('begin');
    await owner.query(`select set_config('app.tenant', $1, true)`, [tenant]);
    await owner.query('update entry set leaf = null, salts = null, commitments = null');
    await owner.query('commit');
    expect(await fillLeaves(owner)).toBe(3);
    expect(await fillLeaves(owner)).toBe(0);
    await owner.end();
    await db.store.withTenant(tenant, (tx) =>
      appendCloudEvent(tx, { tenant, at: new Date(clock.wallMs()).toISOString(), kind: 'user.signed_in', data: {} }),
    );
    await sealer.seal(tenant);
    expect(Number((await checkpoints(tenant))[0]?.size)).toBe(4);
  });

  it('hears of new entries by itself', async () => {
    const { tenant } = await makeTenant(db.store);
    await sealer.sealAll();
    await grow(tenant, 2);
    await expect
      .poll(
        async () => {
          await clock.advance(1_000);
          return signed.filter((one) => one.tenant === tenant).length;
        },
        { timeout: 15_000 },
      )
      .toBeGreaterThan(0);
  });
});
