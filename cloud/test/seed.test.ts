import { createPrivateKey, createPublicKey } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLog } from '@tagtrail/shared/log/log.js';
import { seededRandom } from '@tagtrail/shared/random/seeded-random.js';
import { systemRandom } from '@tagtrail/shared/random/system-random.js';
import { rulebook } from '@tagtrail/shared/rules/rulebook.js';
import { cabinetCredentials, sampleRules } from '@tagtrail/shared/sample/sample-customer.js';
import { systemClock } from '@tagtrail/shared/time/system-clock.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { issueRulebooks } from '../src/rulebooks/issue-rulebooks.js';
import { planCustomer } from '../src/seed/plan-customer.js';
import { seedSampleCustomer } from '../src/seed/seed-sample-customer.js';
import { sql } from '../src/store/sql.js';
import { startTestDatabase, type TestDatabase } from '../src/testing/test-database.js';
import { seedFor } from './app-fixture.js';
import { aCustomer } from './sample.js';

const reach = { mqttUrl: 'mqtt://127.0.0.1:1883', cloudKey: 'a key of this test only' };

/** The smallest of each. */
const decided = {
  pins: [{ person: 'ana', number: '1001', pin: '2468' }],
  licences: [{ person: 'ana', name: 'Torque', endsInDays: -3 }],
  itemRules: [{ model: 'Ruled TW-1', two_person: true }],
  grants: [{ effect: 'deny', person: 'bo', model: 'Ruled TW-2', note: 'After the course' }],
  kits: [{ kit: 'a0', children: ['a1'] }],
  orders: [{ number: 'WO-1', title: 'Wheel change', people: ['ana'] }],
  places: [{ asset: 'a0', place: 'Drawer 1' }],
  notice: { text: { en: 'What we keep', fr: 'Ce que nous gardons' }, contact: 'privacy@example' },
};

describe('the sample customer', () => {
  let db: TestDatabase;
  let folder: string;
  beforeAll(async () => {
    db = await startTestDatabase();
    folder = join(await mkdtemp(join(tmpdir(), 'tagtrail-seed-')), 'credentials');
  });
  afterAll(async () => {
    await db?.close();
    await rm(join(folder, '..'), { recursive: true, force: true });
  });

  const seed = () =>
    seedSampleCustomer({
      store: db.store,
      file: aCustomer('Aalto', 120),
      credentialsDir: folder,
      ...reach,
      clock: systemClock,
      random: systemRandom,
      log: silentLog,
    });

  it('is created once, with everything in the trail', async () => {
    const first = await seed();
    const again = await seed();
    expect([first.created, again]).toEqual([true, { tenantId: first.tenantId, created: false }]);
    const counts = await db.store.readTenant(first.tenantId, (tx) =>
      tx.$queryRaw<{ kind: string; count: number }[]>(
        sql`select kind, count(*)::int as count from entry group by kind order by kind`,
      ),
    );
    expect(Object.fromEntries(counts.map(({ kind, count }) => [kind, count]))).toEqual({
      'asset.created': 120,
      'badge.issued': 2,
      'cabinet.created': 2,
      'person.created': 2,
      'site.created': 2,
      'tag.bound': 120,
      'tenant.created': 1,
    });
  });

  it('has what its office decided, each with a line in the name of its administrator', async () => {
    const file = { ...aCustomer('Ruled'), rules: sampleRules.parse(decided) };
    const { tenantId } = await seedFor(db.store, file);
    const { lines, books } = await db.store.withTenant(tenantId, async (tx) => ({
      lines: await tx.entry.findMany({ where: { actorId: { not: null } }, orderBy: { index: 'asc' } }),
      books: (await issueRulebooks(tx, { tenant: tenantId, wallMs: 1_000 })).map(({ rulebook }) => rulebook()),
    }));
    expect(lines.map(({ kind }) => kind)).toEqual([
      'person.updated',
      'person.updated',
      'item_rule.added',
      'grant.added',
      'kit.changed',
      'kit.child_added',
      'order.created',
      'asset.updated',
      'notice.published',
    ]);
    expect(new Set(lines.map(({ actorId }) => actorId)).size).toBe(1);
    const north = rulebook.parse(books[0]);
    expect(north.people.find(({ displayName }) => displayName === 'Ruled Ana')).toMatchObject({
      pin: { numberHash: expect.any(String) },
      licences: [{ name: 'Torque', validUntil: expect.any(String) }],
    });
    expect(north.items.filter(({ twoPerson }) => twoPerson)).toHaveLength(2);
    expect(north.items.find(({ place }) => place === 'Drawer 1')?.name).toBe('Ruled Torque wrench 0');
    expect(north).toMatchObject({
      grants: [{ effect: 'deny', note: 'After the course' }],
      kits: [{ children: [expect.any(String)] }],
      orders: [{ number: 'WO-1' }],
      privacyNotice: { version: 1, contact: 'privacy@example' },
    });
  });

  it('says who is missing when a file with rules has nobody to decide them', async () => {
    const file = { ...aCustomer('Nobody'), users: [], rules: sampleRules.parse(decided) };
    await expect(seedFor(db.store, file)).rejects.toMatchObject({ code: 'seed.nobody_decides' });
    const lost = {
      ...aCustomer('Lost'),
      rules: sampleRules.parse({ ...decided, kits: [{ kit: 'a9', children: ['a1'] }] }),
    };
    await expect(seedFor(db.store, lost)).rejects.toThrow(/asset "a9"/);
  });

  it('leaves credentials that fit, readable by nobody else', async () => {
    expect((await readdir(folder)).sort()).toEqual(['n1.json', 's1.json', 'users.json']);
    for (const name of await readdir(folder)) expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
    const credentials = cabinetCredentials.parse(JSON.parse(await readFile(join(folder, 'n1.json'), 'utf8')));
    const publicKey = createPublicKey(createPrivateKey(credentials.signingKey)).export({ type: 'spki', format: 'pem' });
    const stored = await db.store.readTenant((await seed()).tenantId, (tx) => tx.cabinet.findMany());
    expect(stored.map((cabinet) => cabinet.publicKey)).toContain(publicKey);
  });

  it('is the same for the same chance', () => {
    const plan = () => planCustomer(aCustomer('Aalto'), { atMs: 1e12, random: seededRandom(7), ...reach });
    expect(plan()).toEqual(plan());
  });

  it('says which reference of the file leads nowhere', () => {
    const file = { ...aCustomer('Aalto'), sites: [] };
    expect(() => planCustomer(file, { atMs: 0, random: seededRandom(7), ...reach })).toThrow(/site "north"/);
  });
});
