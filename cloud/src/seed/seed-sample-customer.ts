import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newUuid } from '@tagtrail/shared/ids.js';
import type { Log } from '@tagtrail/shared/log/log.js';
import type { Random } from '@tagtrail/shared/random/random.js';
import type { SampleCustomer } from '@tagtrail/shared/sample/sample-customer.js';
import type { Clock } from '@tagtrail/shared/time/clock.js';
import { createPasswordHash } from '../auth/password-hash.js';
import type { CabinetReach } from '../cabinets/create-cabinet.js';
import type { Store } from '../store/prisma.js';
import { sql } from '../store/sql.js';
import { decideRules } from './decide-rules.js';
import { insertCustomer } from './insert-customer.js';
import { type CustomerPlan, planCustomer, type UserCredentials } from './plan-customer.js';

export interface SeedOptions extends CabinetReach {
  readonly store: Store;
  readonly file: SampleCustomer;
  /** Gets `<cabinet key>.json` for every cabinet and `users.json`, readable by the owner only. */
  readonly credentialsDir: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

export interface SeedResult {
  /** UUID of the customer. */
  readonly tenantId: string;
  /** False when a customer of this name was there before; nothing is changed then. */
  readonly created: boolean;
}

/**
 * Creates the customer that a file describes, unless one of that name exists. The credentials are
 * written before the commit: a customer whose credentials were lost would be of no use.
 */
export async function seedSampleCustomer(options: SeedOptions): Promise<SeedResult> {
  const { store, file, clock, random, log } = options;
  const existing = await findTenant(store, file.name);
  if (existing !== undefined) return { tenantId: existing, created: false };
  const atMs = clock.wallMs();
  const plan = planCustomer(file, { atMs, random, mqttUrl: options.mqttUrl, cloudKey: options.cloudKey });
  const passwords = createPasswordHash({ atOnce: 2, waiting: plan.users.length });
  const users = await Promise.all(
    plan.users.map(async ({ id, name, email, password }) => ({
      id,
      name,
      email,
      password: await passwords.hash(password),
      account_id: newUuid(atMs, random),
    })),
  );
  await store.withTenant(plan.tenant.id, async (tx) => {
    await insertCustomer(tx, plan, { users, at: new Date(atMs).toISOString() });
    if (file.rules !== undefined) await decideRules(tx, plan, { rules: file.rules, atMs, random });
    await writeCredentials(options.credentialsDir, plan);
  });
  log.info(
    { tenantId: plan.tenant.id, cabinets: plan.cabinets.length, assets: plan.assets.length },
    'seed.customer.created',
  );
  return { tenantId: plan.tenant.id, created: true };
}

async function findTenant(store: Store, name: string): Promise<string | undefined> {
  for (const tenantId of await store.tenants()) {
    const rows = await store.readTenant(tenantId, (tx) =>
      tx.$queryRaw<{ name: string }[]>(sql`select name from tenant where id = ${tenantId}::uuid`),
    );
    if (rows[0]?.name === name) return tenantId;
  }
  return undefined;
}

async function writeCredentials(folder: string, plan: CustomerPlan): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const write = (name: string, content: unknown): Promise<void> =>
    writeFile(join(folder, name), `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  for (const cabinet of plan.cabinets) await write(`${cabinet.key}.json`, cabinet.credentials);
  const users: UserCredentials[] = plan.users.map(({ email, password, role }) => ({ email, password, role }));
  await write('users.json', users);
}
