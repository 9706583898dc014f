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

/** The address as it may be shown. */
export function withoutPassword(url: string): string {
  return url.replace(/^([a-z]+:\/\/[^:/@]*):[^@]*@/, '$1@');
}
