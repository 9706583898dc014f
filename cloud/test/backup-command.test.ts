import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from '../src/database/connect.js';
import { keptSecrets } from '../src/roles/kept-secret.js';
import { openStore } from '../src/store/prisma.js';
import { sql } from '../src/store/sql.js';
import { freshUuid } from '../src/testing/test-cabinet.js';
import { makeTenant, startTestDatabase, type TestDatabase, type TestTenant } from '../src/testing/test-database.js';

const program = fileURLToPath(new URL('../dist/backup/cli.js', import.meta.url));

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly problem: string;
}

/** The commands as an operator gives them (built by `npm run build:code`), on a server of one's own. */
describe('backup and restore by command on one’s own PostgreSQL', () => {
  let db: TestDatabase;
  let folder: string;
  let tenant: TestTenant;
  const at = (name: string): string => join(folder, name);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tagtrail-command-'));
    await writeFile(at('key'), Buffer.alloc(32, 5));
    db = await startTestDatabase();
    tenant = await makeTenant(db.store, 'Aalto');
  });
  afterAll(async () => {
    await db?.close();
    await rm(folder, { recursive: true, force: true });
  });

  function tagtrail(settings: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<Ended> {
    const { PATH, HOME } = process.env;
    const env = { PATH, HOME, ...settings };
    return new Promise((resolve) => {
      execFile(
        process.execPath,
        [program, ...args, '--key-file', at('key'), '--json'],
        { env },
        (error, out, problem) => resolve({ code: error === null ? 0 : Number(error.code), out, problem }),
      );
    });
  }

  const source = () => ({ DATABASE_URL: db.url, DATABASE_OWNER_URL: db.ownerUrl, TAGTRAIL_DATA: at('data') });

  async function target(
    name: string,
  ): Promise<Record<'DATABASE_URL' | 'DATABASE_OWNER_URL' | 'TAGTRAIL_DATA', string>> {
    const admin = await connect(db.adminUrl);
    await admin.query(`create database ${name} owner tagtrail_owner`);
    await admin.end();
    const of = (url: string): string => url.replace(/\/tagtrail$/, `/${name}`);
    return { DATABASE_URL: of(db.url), DATABASE_OWNER_URL: of(db.ownerUrl), TAGTRAIL_DATA: at(name) };
  }

  async function signIn(): Promise<void> {
    const { global } = db.store;
    const userId = freshUuid();
    await global.authUser.create({ data: { id: userId, name: 'Ana', email: 'ana@aalto.example' } });
    const expiresAt = new Date('2099-01-01');
    await global.authSession.create({ data: { id: freshUuid(), userId, token: 'of this browser', expiresAt } });
  }

  it('brings everything to another database, with every secret that the cloud makes', async () => {
    const { TAGTRAIL_DATA } = source();
    await mkdir(TAGTRAIL_DATA);
    for (const name of keptSecrets) await writeFile(join(TAGTRAIL_DATA, name), `${name} of this test, long enough`);
    await signIn();
    const saved = await tagtrail(source(), 'backup', '--out', at('one.backup'));
    expect([saved.code, saved.problem]).toEqual([0, '']);
    const into = await target('elsewhere');
    const restored = await tagtrail(into, 'restore', at('one.backup'));
    expect([restored.code, restored.problem]).toEqual([0, '']);
    expect(JSON.parse(restored.out)).toMatchObject({ rows: JSON.parse(saved.out).rows, customers: 1 });
    for (const name of keptSecrets) {
      expect(await readFile(join(into.TAGTRAIL_DATA, name), 'utf8')).toBe(`${name} of this test, long enough`);
    }
    const store = openStore({ url: into.DATABASE_URL, connections: 1 });
    expect(await store.tenants()).toEqual([tenant.tenant]);
    // One that was ended after the backup must not open the cloud again.
    expect([await db.store.global.authSession.count(), await store.global.authSession.count()]).toEqual([1, 0]);
    await store.close();
  });

  it('is refused where there is something already, and without the role that may read all of it', async () => {
    const again = await tagtrail(source(), 'restore', at('one.backup'));
    expect([again.code, again.problem]).toEqual([1, expect.stringContaining('backup.target_not_empty')]);
    const { DATABASE_URL, TAGTRAIL_DATA } = source();
    const half = await tagtrail({ DATABASE_URL, TAGTRAIL_DATA }, 'backup', '--out', at('never.backup'));
    expect([half.code, half.problem]).toEqual([1, expect.stringContaining('backup.owner_missing')]);
  });

  it('says so and fails when retention cannot run on what was restored', async () => {
    await db.store.withTenant(tenant.tenant, (tx) =>
      tx.$executeRaw(sql`
        insert into legal_hold (tenant_id, id, kind, subject_id, subject_text, reason, review_on, placed_by, placed_at)
        values (${tenant.tenant}::uuid, ${freshUuid()}::uuid, 'person', ${freshUuid()}::uuid, 'of nobody', 'why',
          '2099-01-01', ${freshUuid()}::uuid, now())`),
    );
    expect((await tagtrail(source(), 'backup', '--out', at('held.backup'))).code).toBe(0);
    const restored = await tagtrail(await target('held'), 'restore', at('held.backup'));
    expect([restored.code, restored.out]).toEqual([1, '']);
    expect(restored.problem).toMatch(/hold_unreadable.*Do not open this database.*backup\.retention_failed/s);
  });
});
