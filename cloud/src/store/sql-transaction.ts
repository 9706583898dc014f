import { AppError } from '@tagtrail/shared/error.js';
import { type ConnectionPool, type PooledConnection, storeTypes } from '../database/connect.js';
import { keptName } from './kept-statements.js';

/** A statement with numbered parameters, as `sql` makes one. */
export interface SqlText {
  readonly text: string;
  readonly values: readonly unknown[];
}

/**
 * A transaction that takes statements as text only. What runs for every batch of every cabinet is
 * written for it: a transaction of Prisma is one too, and so is the bare one of `Store.withTenantSql`,
 * which takes a third of Prisma's time for a statement. `bigint` arrives as bigint, `timestamptz` as Date,
 * `jsonb` parsed, as with Prisma.
 */
export interface SqlTransaction {
  $queryRaw<T = unknown>(query: TemplateStringsArray | SqlText, ...values: readonly unknown[]): PromiseLike<T>;
  /** Answers how many rows were written. */
  $executeRaw(query: TemplateStringsArray | SqlText, ...values: readonly unknown[]): PromiseLike<number>;
}

/**
 * One transaction for one customer (`tenant` is a UUID that has been checked) by the plain driver:
 * whatever fails, nothing of it stays and the connection carries nothing to the next.
 * @throws AppError `store.not_committed` when the server took back what it was told to commit; what `work` throws;
 * what the server says.
 */
export async function runSql<T>(
  { pool, flatten }: SqlDriver,
  { tenant, timeoutMs }: { readonly tenant: string; readonly timeoutMs: number },
  work: (tx: SqlTransaction) => Promise<T>,
): Promise<T> {
  const connection = await pool.connect();
  // A server that goes away between two statements says so here; the next statement fails by itself.
  connection.on('error', ignore);
  let isBroken = false;
  try {
    await connection.query(`begin; set local app.tenant = '${tenant}'; ${settings(timeoutMs)}`);
    const done = await work(transactionOn(connection, flatten));
    const { command } = await connection.query('commit');
    if (command !== 'COMMIT') {
      throw new AppError('store.not_committed', 'The database took the transaction back.', { kind: 'bug' });
    }
    return done;
  } catch (error) {
    isBroken = await connection.query('rollback').then(
      () => false,
      () => true,
    );
    throw error;
  } finally {
    connection.off('error', ignore);
    connection.release(isBroken);
  }
}

export interface SqlDriver {
  readonly pool: ConnectionPool;
  /** Puts a template and the pieces of SQL among its values together to one text with numbered parameters. */
  readonly flatten: (template: TemplateStringsArray, ...values: unknown[]) => SqlText;
}

function transactionOn(connection: PooledConnection, flatten: SqlDriver['flatten']): SqlTransaction {
  const ask = async (query: TemplateStringsArray | SqlText, given: readonly unknown[]) => {
    const { text, values } = isTemplate(query) ? flatten(query, ...given) : query;
    const name = keptName(text);
    return await connection.query({
      ...(name === undefined ? {} : { name }),
      text,
      values: [...values],
      types: storeTypes,
    });
  };
  return {
    $queryRaw: async <T>(query: TemplateStringsArray | SqlText, ...values: readonly unknown[]) =>
      (await ask(query, values)).rows as T,
    $executeRaw: async (query, ...values) => (await ask(query, values)).rowCount ?? 0,
  };
}

/**
 * Plans that hold for all values: over the months of the trail the server otherwise plans each statement anew, which
 * takes longer than running it.
 */
function settings(timeoutMs: number): string {
  return `set local plan_cache_mode = force_generic_plan; set local statement_timeout = ${Math.ceil(timeoutMs)}`;
}

function isTemplate(query: TemplateStringsArray | SqlText): query is TemplateStringsArray {
  return Array.isArray(query);
}

function ignore(): void {}
