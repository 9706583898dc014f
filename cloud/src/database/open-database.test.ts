import { silentLog } from '@tagtrail/shared/log/log.js';
import { systemRandom } from '@tagtrail/shared/random/system-random.js';
import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestDatabase, type TestDatabase } from '../testing/test-database.js';
import { connect } from './connect.js';
import { migrate } from './migrate.js';
import { openDatabase } from './open-database.js';

describe('a database of the customer', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await startTestDatabase();
  });
  afterAll(async () => {
    await db.close();
  });

  const open = (urls: { url: string; ownerUrl?: string; asGuest?: boolean }) =>
    openDatabase({ ...urls, folder: '/nowhere', clock: new VirtualClock(), random: systemRandom, log: silentLog });
  const empty = async (name: string) => {
    const admin = await connect(db.adminUrl);
    await admin.query(`create database ${name} owner tagtrail_owner`);
    await admin.end();
    const at = (url: string) => url.replace(/\/tagtrail$/, `/${name}`);
    return { url: at(db.url), ownerUrl: at(db.ownerUrl) };
  };

  it('is migrated by its owner and used by the runtime role', async () => {
    const urls = await empty('theirs');
    const first = await open(urls);
    expect(first.shown).not.toContain(new URL(urls.url).password);
    await first.close();
    await (await open({ url: urls.url })).close();
  });

  it('is refused while it is behind and nobody may migrate it', async () => {
    const { url } = await empty('behind');
    await expect(open({ url })).rejects.toMatchObject({ code: 'database.schema_behind' });
  });

  it('is not migrated by a command beside a cloud that may be of another version', async () => {
    const urls = await empty('visited');
    const guest = open({ ...urls, asGuest: true });
    await expect(guest).rejects.toMatchObject({ code: 'database.schema_behind' });
    await expect(guest).rejects.toThrow(/the command of the version that runs/);
    await (await open(urls)).close();
    await (await open({ ...urls, asGuest: true })).close();
  });

  it('is refused with a runtime role that could step over the walls', async () => {
    await expect(open({ url: db.ownerUrl })).rejects.toMatchObject({ code: 'database.role_unsafe' });
    await expect(open({ url: db.adminUrl })).rejects.toMatchObject({ code: 'database.role_unsafe' });
  });

  it('says what cannot be reached without the password', async () => {
    const gone = open({ url: 'postgresql://app:hush@127.0.0.1:1/none' });
    await expect(gone).rejects.toMatchObject({ code: 'database.unreachable' });
    await expect(gone).rejects.not.toThrow(/hush/);
  });

  it('is migrated once by several programs that start at the same time', async () => {
    const { ownerUrl } = await empty('raced');
    const clients = await Promise.all([1, 2, 3].map(() => connect(ownerUrl)));
    const applied = await Promise.all(clients.map((client) => migrate(client, { random: systemRandom })));
    for (const client of clients) await client.end();
    expect(applied.filter((names) => names.length > 0)).toHaveLength(1);
  });

  it('is refused when a migration was edited after it ran', async () => {
    const { ownerUrl } = await empty('edited');
    const client = await connect(ownerUrl);
    await migrate(client, { random: systemRandom });
    await client.query(`update _prisma_migrations set checksum = 'other' where migration_name = '0001_trail'`);
    await expect(migrate(client, { random: systemRandom })).rejects.toMatchObject({
      code: 'database.migration_edited',
    });
    await client.end();
  });
});
