import { PrismaPg } from '@prisma/adapter-pg';
import { AppError } from '@tagtrail/shared/error.js';
import { openPool } from '../database/connect.js';
import { Prisma, PrismaClient } from '../generated/prisma/client.js';
import { keptName } from './kept-statements.js';
import { runSql, type SqlTransaction } from './sql-transaction.js';

/**
 * The only door to the database for requests and ingest. Everything of a customer goes through
 * `withTenant` or `readTenant`; `global` is for the sign-in tables, which belong to no customer.
 */
export interface Store {
  /** Tables without a tenant only: row-level security shows nothing of a customer here. */
  readonly global: PrismaClient;
  /**
   * One transaction for one customer (`tenant` is the UUID). Whatever `work` does sees and writes
   * rows of this customer only.
   */
  withTenant<T>(tenant: string, work: (tx: Transaction) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /** The same by the plain driver, for what runs with every batch of every cabinet. */
  withTenantSql<T>(tenant: string, work: (tx: SqlTransaction) => Promise<T>): Promise<T>;
  /** The same, read only. */
  readTenant<T>(tenant: string, work: (tx: Transaction) => Promise<T>): Promise<T>;
  /** One read-only transaction that sees a user's own memberships, before a tenant is chosen. */
  readUser<T>(userId: string, work: (tx: Transaction) => Promise<T>): Promise<T>;
  /** The UUIDs of all customers. */
  tenants(): Promise<readonly string[]>;
  /** Once is enough; again waits for the same end. */
  close(): Promise<void>;
}

export type Transaction = Prisma.TransactionClient;
export type { PrismaClient };
export { Prisma };

export interface TransactionOptions {
  /** How long a transaction may run; 15 s when not given. */
  readonly timeoutMs?: number;
}

export interface StoreOptions {
  readonly url: string;
  /** Connections at most; 12 when not given. */
  readonly connections?: number;
}

const defaultTimeoutMs = 15_000;
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export function openStore({ url, connections = 12 }: StoreOptions): Store {
  const pool = openPool(url, connections);
  const adapter = new PrismaPg(pool, { statementNameGenerator: ({ sql }) => keptName(sql) ?? '' });
  const client = new PrismaClient({ adapter });

  let closing: Promise<void> | undefined;

  async function run<T>(
    setting: { readonly name: 'app.tenant' | 'app.user'; readonly value: string; readonly readOnly: boolean },
    work: (tx: Transaction) => Promise<T>,
    timeoutMs = defaultTimeoutMs,
  ): Promise<T> {
    return await client.$transaction(
      async (tx) => {
        await tx.$queryRaw`select set_config(${setting.name}, ${setting.value}, true),
          set_config('transaction_read_only', ${setting.readOnly ? 'on' : 'off'}, true)`;
        return await work(tx);
      },
      { timeout: timeoutMs, maxWait: 10_000 },
    );
  }

  return {
    global: client,
    withTenant: async (tenant, work, options) =>
      await run({ name: 'app.tenant', value: tenantUuid(tenant), readOnly: false }, work, options?.timeoutMs),
    withTenantSql: async (tenant, work) =>
      await runSql({ pool, flatten: Prisma.sql }, { tenant: tenantUuid(tenant), timeoutMs: defaultTimeoutMs }, work),
    readTenant: async (tenant, work) =>
      await run({ name: 'app.tenant', value: tenantUuid(tenant), readOnly: true }, work),
    readUser: async (userId, work) => await run({ name: 'app.user', value: userId, readOnly: true }, work),
    tenants: async () => {
      const rows = await client.$queryRaw<{ id: string }[]>`select id::text as id from tenant_ids() as id`;
      return rows.map((row) => row.id);
    },
    close: () => {
      closing ??= client.$disconnect().then(() => pool.end());
      return closing;
    },
  };
}

/** @throws AppError `store.tenant_missing`: a query without a customer is a bug, never a query over all. */
function tenantUuid(tenant: string): string {
  if (!uuid.test(tenant)) {
    throw new AppError('store.tenant_missing', 'A query was made without a customer.', { kind: 'bug' });
  }
  return tenant;
}
