import { finished } from 'node:stream/promises';
import { AppError } from '@tagtrail/shared/error.js';
import type { DatabaseClient } from '../database/connect.js';
import { type CopyIn, copyIn } from '../database/copy-rows.js';
import { readBackupFile } from './backup-file.js';
import type { BackupSecret } from './backup-key.js';
import { tableEnd, tableStart } from './manifest.js';
import { parseRecord } from './verify-backup.js';

export interface LoadOptions {
  readonly path: string;
  readonly secret: BackupSecret;
  readonly onTable?: ((table: { readonly name: string; readonly rows: number }) => void) | undefined;
}

/**
 * Puts all rows of a backup into the empty tables of its schema, as the owner, in one transaction.
 * For as long as that lasts the walls do not hold the owner, and the triggers that keep rows from
 * being changed rest: the rows come as they were. References are checked.
 */
export async function loadRows(client: DatabaseClient, options: LoadOptions): Promise<void> {
  await client.query('begin');
  try {
    const { rows: forced } = await client.query<{ name: string }>(`
      select relname::text as name from pg_class
      where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and relforcerowsecurity`);
    const each = async (change: string): Promise<void> => {
      for (const { name } of forced) await client.query(`alter table ${client.escapeIdentifier(name)} ${change}`);
    };
    await each('no force row level security');
    await each('disable trigger user');
    await copyAll(client, options);
    await each('enable trigger user');
    await each('force row level security');
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => {});
    throw error;
  }
}

async function copyAll(client: DatabaseClient, { path, secret, onTable }: LoadOptions): Promise<void> {
  let into: { readonly name: string; readonly rows: CopyIn; readonly done: Promise<void> } | undefined;
  for await (const { kind, payload } of readBackupFile(path, secret)) {
    if (kind === 'table') {
      const { name, columns } = parseRecord(tableStart, payload);
      const rows = copyIn(client, name, columns);
      const done = finished(rows);
      done.catch(() => {});
      into = { name, rows, done };
    } else if (kind === 'rows' && into !== undefined) {
      if (!into.rows.write(payload)) await Promise.race([drained(into.rows), into.done]);
    } else if (kind === 'table end' && into !== undefined) {
      into.rows.end();
      await into.done;
      const { rows } = parseRecord(tableEnd, payload);
      if (into.rows.rowCount !== rows) throw shortfall(into.name, into.rows.rowCount, rows);
      onTable?.({ name: into.name, rows });
      into = undefined;
    }
  }
}

function drained(stream: CopyIn): Promise<void> {
  return new Promise((resolve) => stream.once('drain', resolve));
}

function shortfall(name: string, taken: number, wanted: number): AppError {
  return new AppError('backup.rows_missing', `The table ${name} took ${taken} of ${wanted} rows; nothing was kept.`, {
    kind: 'bug',
  });
}
