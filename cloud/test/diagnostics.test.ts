import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { idFromUuid } from '@tagtrail/shared/ids.js';
import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLog } from '../src/app-log/open-log.js';
import { settingNames } from '../src/config.js';
import { connect, type DatabaseClient } from '../src/database/connect.js';
import { readLogTail } from '../src/diagnostics/log-tail.js';
import { type Consent, type DiagnosticBundle, makeBundle } from '../src/diagnostics/make-bundle.js';
import { shownSettings } from '../src/diagnostics/shown-settings.js';
import { type AppFixture, startApp } from './app-fixture.js';
import { fillCustomer } from './canary/fill-customer.js';
import { startRetentionCase } from './retention-fixture.js';

const harmless = { PORT: '8081', LOG_LEVEL: 'debug' };
const secret = {
  AUTH_SECRET: 'an auth secret that nobody may read',
  DATABASE_URL: 'postgres://tagtrail:opensesame@db.example/tagtrail',
  BACKUP_PASSPHRASE: 'the passphrase of the backups',
};

describe('a diagnostic bundle', () => {
  let fixture: AppFixture;
  let clock: VirtualClock;
  let admin: DatabaseClient;
  let tenantId: string;
  let other: string;
  let folder: string;
  /** Whatever stands for somebody, or opens something, in the rows of the customers. */
  let telling: readonly string[];

  beforeAll(async () => {
    clock = new VirtualClock(Date.now());
    fixture = await startApp({ clock });
    admin = await connect(fixture.db.adminUrl);
    const given = await startRetentionCase(fixture, { clock, name: 'Zugvogel' });
    ({ tenantId } = given);
    await given.report(given.opened(), given.taken(0, 0), given.taken(1, 1));
    other = (await startRetentionCase(fixture, { clock, name: 'Kranich' })).tenantId;
    for (const [tenant, mark] of [
      [tenantId, 'Zugvogel'],
      [other, 'Kranich'],
    ] as const)
      await fillCustomer(admin, tenant, mark);
    telling = await valuesOf(`
      select epc from tag_binding union select number_hash from badge union select secret_hash from cabinet
      union select badge_key from tenant union select email from auth_user union select id from auth_user
      union select id::text from person union select holder_id::text from custody union select token from auth_sign_in
      union select password from auth_account union select asset_id::text from custody`);
    folder = await mkdtemp(join(tmpdir(), 'tagtrail-diagnostics-'));
  });
  afterAll(async () => {
    await admin?.end();
    await fixture?.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function valuesOf(query: string): Promise<string[]> {
    const { rows } = await admin.query<{ epc: string | null }>(query);
    return rows.flatMap(({ epc }) => (epc === null ? [] : [epc]));
  }

  async function bundle(consent?: Consent): Promise<DiagnosticBundle> {
    return await makeBundle({
      ...{ store: fixture.db.store, environment: { ...harmless, ...secret }, version: '0.1.0', keepDays: 30 },
      ...{ atMs: clock.wallMs(), health: { ready: true }, figures: null, log: await readLogTail(folder, 100) },
      ...(consent === undefined ? {} : { consent }),
    });
  }

  function found(text: string): string[] {
    const people = telling.flatMap((value) =>
      /^[0-9a-f-]{36}$/.test(value) ? [value, idFromUuid('person', value).slice(7)] : [value],
    );
    const marks = ['Zugvogel', 'Kranich', ...Object.values(secret), 'opensesame'];
    return [...people, ...marks].filter((value) => text.toLowerCase().includes(value.toLowerCase()));
  }

  it('says what there is to know of the machine', async () => {
    const made = await bundle();
    expect(made.versions).toMatchObject({ tagtrail: '0.1.0', node: process.version, postgres: expect.any(String) });
    expect(made.expiresAt).toBe(new Date(clock.wallMs() + 30 * 86_400_000).toISOString());
    expect(made.customers.map(({ tenant }) => tenant)).toEqual(
      [tenantId, other].sort().map((id) => idFromUuid('tenant', id)),
    );
    const [customer] = made.customers;
    expect(customer?.counts).toMatchObject({ people: 2, lines: expect.any(Number) });
    expect(customer?.cabinets.length).toBe(3);
    expect(made.names).toBeNull();
  });

  it('shows a setting only where it is harmless, and of the others that they are set', () => {
    const made = shownSettings({ ...harmless, ...secret });
    expect(Object.keys(made).sort()).toEqual([...settingNames].sort());
    expect(made).toMatchObject({ ...harmless, AUTH_SECRET: 'set', DATABASE_URL: 'set', HOST: null });
    const everything = Object.fromEntries([...settingNames].map((name) => [name, 'opensesame']));
    const open = Object.entries(shownSettings(everything)).filter(([, value]) => value === 'opensesame');
    expect(open.map(([name]) => name).filter((name) => /SECRET|PASS|KEY|URL|FOLDER|DATA|CERT/.test(name))).toEqual([]);
  });

  it('names nobody and opens nothing, whatever the rows and the log hold', async () => {
    expect(telling.length).toBeGreaterThan(30);
    const { log, close } = openLog({
      ...{ level: 'info', dataFolder: folder, keepDays: 5, clock, console: pino.destination({ dest: '/dev/null' }) },
    });
    log.info({ reason: `mail to ${telling.find((one) => one.includes('@'))}`, holder: 'Zugvogel Ana' }, 'a.line');
    close();
    const logFolder = join(folder, 'log');
    await writeFile(
      join(logFolder, 'cloud-2020-01-01.ndjson'),
      `${JSON.stringify({ time: 1, msg: 'Zugvogel Ana took it', person: 'Zugvogel Ana' })}\nno line: Zugvogel\n`,
    );
    const tail = await readLogTail(logFolder, 100);
    expect(tail.map(({ msg }) => msg)).toEqual([null, 'a.line']);
    expect(await readLogTail(logFolder, 1)).toHaveLength(1);
    const text = JSON.stringify({ ...(await bundle()), log: tail });
    expect(found(text)).toEqual([]);
  });

  it('names the people of a customer that has agreed, after a line of its trail, and of no other one', async () => {
    const lines = () =>
      fixture.db.store.readTenant(tenantId, (tx) =>
        tx.entry.findMany({ where: { tenantId, kind: 'diagnostics.names_shown' }, select: { data: true } }),
      );
    expect(await lines()).toEqual([]);
    const made = await bundle({ tenant: tenantId, note: 'M. Moreau by phone, ticket 12' });
    expect(made.names?.customer).toBe('Zugvogel Air');
    expect(Object.values(made.names?.people ?? {}).sort()).toEqual(['Zugvogel Ana Lima', 'Zugvogel Bo Berg']);
    expect(await lines()).toEqual([{ data: { expiresAt: made.expiresAt, note: 'M. Moreau by phone, ticket 12' } }]);
    expect(JSON.stringify(made)).not.toContain('Kranich');
    const unknown = { tenant: tenantId.replace(/^./, (digit) => (digit === '0' ? '1' : '0')), note: 'nobody' };
    await expect(bundle(unknown)).rejects.toMatchObject({ code: 'store.tenant_unknown' });
  });
});
