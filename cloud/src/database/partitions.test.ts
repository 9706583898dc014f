import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appendCloudEvent } from '../store/trail.js';
import { makeTenant, startTestDatabase, type TestDatabase, type TestTenant } from '../testing/test-database.js';
import { connect, type DatabaseClient } from './connect.js';
import { ensurePartitions } from './partitions.js';
import { findWallGaps } from './wall-check.js';

const month = (offset: number, day = 10): number => Date.UTC(2030, offset, day);

describe('the partitions of the trail', () => {
  let db: TestDatabase;
  let admin: DatabaseClient;
  let runtime: DatabaseClient;
  const places: TestTenant[] = [];
  beforeAll(async () => {
    db = await startTestDatabase();
    admin = await connect(db.adminUrl);
    runtime = await connect(db.url);
    places.push(await makeTenant(db.store, 'Aalto'), await makeTenant(db.store, 'Boreal'));
  });
  afterAll(async () => {
    await admin?.end();
    await runtime?.end();
    await db?.close();
  });

  const append = async (atMs: number): Promise<void> => {
    for (const { tenant } of places) {
      const event = { tenant, at: new Date(atMs).toISOString(), kind: 'site.created', data: { name: 'x' } } as const;
      await db.store.withTenant(tenant, (tx) => appendCloudEvent(tx, event));
    }
  };
  const names = async (): Promise<string[]> => {
    const { rows } = await admin.query<{ name: string }>(
      `select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
        where i.inhparent = 'entry'::regclass and c.relname ~ '^entry_20[34]' order by 1`,
    );
    return rows.map(({ name }) => name);
  };
  const linesIn = async (): Promise<Record<string, number>> => {
    const { rows } = await admin.query<{ name: string; lines: number }>(
      'select tableoid::regclass::text as name, count(*)::int as lines from entry group by 1 order by 1',
    );
    return Object.fromEntries(rows.map(({ name, lines }) => [name, lines]));
  };
  const everything = async (): Promise<unknown> =>
    (await admin.query('select * from entry order by tenant_id, index')).rows;

  it('stand two months ahead through fourteen months, and go when retention has emptied them', async () => {
    const keptMonths = 3;
    for (let now = 0; now < 14; now++) {
      await ensurePartitions(db.url, month(now));
      await append(month(now, 27));
      const gone = new Date(month(now - keptMonths, 27)).toISOString();
      await admin.query('delete from entry where recorded_at <= $1', [gone]);
      const expected = Array.from({ length: Math.min(now, keptMonths) + 1 + 2 }, (_, place) => {
        const at = new Date(month(now - Math.min(now, keptMonths) + place));
        return `entry_${at.getUTCFullYear()}_${String(at.getUTCMonth() + 1).padStart(2, '0')}`;
      });
      await ensurePartitions(db.url, month(now, 28));
      expect((await names()).filter((name) => !expected.includes(name) && now > keptMonths)).toEqual([]);
      expect(await names()).toEqual(expect.arrayContaining(expected.slice(-3)));
      expect(Object.keys(await linesIn())).not.toContain('entry_default');
    }
    expect(await findWallGaps(runtime)).toEqual([]);
  }, 60_000);

  it('take in what went into the default one while their month was not made, unchanged', async () => {
    await append(month(24));
    await append(month(30));
    expect(await linesIn()).toMatchObject({ entry_default: 4 });
    const before = await everything();
    await ensurePartitions(db.url, month(24));
    expect(await linesIn()).toMatchObject({ entry_2032_01: 2, entry_default: 2 });
    expect(await everything()).toEqual(before);
    expect(await findWallGaps(runtime)).toEqual([]);
    const [first] = places;
    const seen = await db.store.readTenant(first?.tenant ?? '', (tx) =>
      tx.entry.count({ where: { recordedAt: new Date(month(24)) } }),
    );
    expect(seen).toBe(1);
  });

  it('stay while any customer has a line in them, and the wall stays with them', async () => {
    await admin.query('delete from entry where tenant_id = $1', [places[0]?.tenant]);
    await ensurePartitions(db.url, month(40));
    expect(await linesIn()).toMatchObject({ entry_2032_01: 1 });
    expect(await names()).toContain('entry_2032_01');
    expect(await findWallGaps(runtime)).toEqual([]);
  });
});
