import { AppError, errorText } from '@tagtrail/shared/error.js';
import pg from 'pg';

/** A plain connection, for what happens outside the requests: migrations, roles, listening. */
export type DatabaseClient = pg.Client;

/** @throws AppError `database.unreachable`, without the password. */
export async function connect(url: string): Promise<DatabaseClient> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  client.on('error', () => {});
  try {
    await client.connect();
  } catch (error) {
    throw new AppError('database.unreachable', `The database at ${withoutPassword(url)}: ${errorText(error)}`, {
      kind: 'operator',
      cause: error,
    });
  }
  return client;
}

/** Connections of the runtime role that requests and ingest share. */
export type ConnectionPool = pg.Pool;
export type PooledConnection = pg.PoolClient;

/**
 * Opens a connection when one is asked for and none is free; waits for a free one for ten seconds at most.
 * A server that is restarted or that ends a session kills idle connections: they are opened anew.
 */
export function openPool(url: string, connections: number): ConnectionPool {
  const pool = new pg.Pool({ connectionString: url, max: connections, connectionTimeoutMillis: 10_000 });
  pool.on('error', () => {});
  return pool;
}

/** Values as the store reads them: `bigint` whole, everything else as the driver does. */
export const storeTypes: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === pg.types.builtins.INT8 && format !== 'binary' ? BigInt : pg.types.getTypeParser(oid, format),
};

/** The address as it may be shown. */
export function withoutPassword(url: string): string {
  return url.replace(/^([a-z]+:\/\/[^:/@]*):[^@]*@/, '$1@');
}
