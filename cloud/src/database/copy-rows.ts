import type { Readable, Writable } from 'node:stream';
import copyStreams from 'pg-copy-streams';
import type { DatabaseClient } from './connect.js';

/** Rows in PostgreSQL's text format, and after the end how many they were. */
export type CopyOut = Readable & { readonly rowCount: number };
export type CopyIn = Writable & { readonly rowCount: number };

/** The rows of a query (`selection` is SQL without values from outside), as fast as the reader takes them. */
export function copyOut(client: DatabaseClient, selection: string): CopyOut {
  return client.query(copyStreams.to(`copy (${selection}) to stdout`)) as unknown as CopyOut;
}

/** Takes rows as `copyOut` gives them into the named columns. */
export function copyIn(client: DatabaseClient, table: string, columns: readonly string[]): CopyIn {
  const names = columns.map((column) => client.escapeIdentifier(column)).join(', ');
  return client.query(
    copyStreams.from(`copy ${client.escapeIdentifier(table)} (${names}) from stdin`),
  ) as unknown as CopyIn;
}
