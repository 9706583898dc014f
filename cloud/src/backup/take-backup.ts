import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Random } from '@tagtrail/shared/random/random.js';
import type { Clock } from '@tagtrail/shared/time/clock.js';
import { connect, type DatabaseClient } from '../database/connect.js';
import { copyOut } from '../database/copy-rows.js';
import { keptSecrets } from '../roles/kept-secret.js';
import { type BackupWriter, createBackupFile } from './backup-file.js';
import type { BackupSecret } from './backup-key.js';
import type { BackupManifest } from './manifest.js';
import { type BackupTable, listPartitions, listTables } from './tables.js';

export interface TakeBackupOptions {
  /** The address for the role that owns the tables. */
  readonly ownerUrl: string;
  /** The data folder, whose secrets belong to the backup. */
  readonly dataFolder: string;
  /** The file to write. */
  readonly path: string;
  readonly secret: BackupSecret;
  readonly clock: Clock;
  readonly random: Random;
  readonly version: string;
  readonly onTable?: (table: { readonly name: string; readonly rows: number }) => void;
}

export interface BackupFigures {
  readonly path: string;
  readonly takenAt: string;
  readonly tables: number;
  readonly rows: number;
  readonly customers: number;
  readonly files: readonly string[];
  readonly bytes: number;
  readonly elapsedMs: number;
}

/**
 * Writes everything as it was at one moment while the cloud goes on: one transaction of the owner
 * sees one snapshot (REPEATABLE READ) and reads table by table. The walls hold the owner too, so it
 * reads the customers one after the other.
 */
export async function takeBackup(options: TakeBackupOptions): Promise<BackupFigures> {
  const { clock } = options;
  const startedMs = clock.monotonicMs();
  const client = await connect(options.ownerUrl);
  try {
    await client.query('begin isolation level repeatable read read only');
    await client.query('set local statement_timeout = 0');
    const manifest = await readManifest(client, options);
    const file = await createBackupFile(options.path, options);
    try {
      await file.write('manifest', json(manifest));
      const files = await writeFiles(file, options.dataFolder);
      const tenants = manifest.tenants.map(({ id }) => id);
      const tables = await listTables(client);
      let rows = 0;
      for (const table of tables) {
        const written = await writeTable({ client, file, tenants }, table);
        rows += written;
        options.onTable?.({ name: table.name, rows: written });
      }
      await client.query('commit');
      await file.write('end', json({ tables: tables.length, rows }));
      const bytes = await file.finish();
      const figures = {
        takenAt: manifest.takenAt,
        tables: tables.length,
        rows,
        customers: tenants.length,
        files,
        bytes,
      };
      return { path: options.path, ...figures, elapsedMs: Math.round(clock.monotonicMs() - startedMs) };
    } catch (error) {
      await file.abandon();
      throw error;
    }
  } finally {
    await client.end();
  }
}

async function readManifest(client: DatabaseClient, { clock, version }: TakeBackupOptions): Promise<BackupManifest> {
  // The first query takes the snapshot, so the clock is read before it: the backup is never newer than it says.
  const takenAt = new Date(clock.wallMs()).toISOString();
  const { rows: migrations } = await client.query<{ name: string; checksum: string }>(`
    select migration_name as name, checksum from "_prisma_migrations"
    where rolled_back_at is null and finished_at is not null order by 1`);
  const { rows: ids } = await client.query<{ id: string }>('select id::text from tenant order by id');
  const tenants: { id: string; nextIndex: number }[] = [];
  let newestMs = Number.NEGATIVE_INFINITY;
  for (const { id } of ids) {
    await become(client, id);
    const { rows } = await client.query<{ next: string; newest: Date | null }>(
      `select h.next_index::text as next, (select max(e.recorded_at) from entry e where e.tenant_id = h.tenant_id) as newest
       from tenant_head h where h.tenant_id = $1`,
      [id],
    );
    tenants.push({ id, nextIndex: Number(rows[0]?.next ?? 0) });
    newestMs = Math.max(newestMs, rows[0]?.newest?.getTime() ?? newestMs);
  }
  const newestAt = Number.isFinite(newestMs) ? new Date(newestMs).toISOString() : null;
  return { takenAt, version, migrations, partitions: [...(await listPartitions(client))], tenants, newestAt };
}

/**
 * The secrets of the data folder that were made once. One that is not there came from the environment;
 * one that cannot be read fails the backup.
 */
async function writeFiles(file: BackupWriter, folder: string): Promise<readonly string[]> {
  const there = new Set(await readdir(folder).catch(() => []));
  const names = keptSecrets.filter((name) => there.has(name)).sort();
  for (const name of names) {
    const content = (await readFile(join(folder, name))).toString('base64');
    await file.write('file', json({ name, content }));
  }
  return names;
}

interface Place {
  readonly client: DatabaseClient;
  readonly file: BackupWriter;
  readonly tenants: readonly string[];
}

async function writeTable({ client, file, tenants }: Place, table: BackupTable): Promise<number> {
  const columns = table.columns.map((column) => client.escapeIdentifier(column)).join(', ');
  const all = `select ${columns} from ${client.escapeIdentifier(table.name)}`;
  await file.write('table', json({ name: table.name, columns: table.columns }));
  let rows = 0;
  const copy = async (selection: string): Promise<void> => {
    const out = copyOut(client, selection);
    for await (const chunk of out) await file.write('rows', chunk as Buffer);
    rows += out.rowCount;
  };
  if (table.tenantColumn === null) await copy(all);
  else {
    for (const tenant of tenants) {
      await become(client, tenant);
      await copy(`${all} where ${table.tenantColumn} = ${client.escapeLiteral(tenant)}`);
    }
  }
  await file.write('table end', json({ rows }));
  return rows;
}

async function become(client: DatabaseClient, tenant: string): Promise<void> {
  await client.query(`select set_config('app.tenant', $1, true)`, [tenant]);
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}
