import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError } from '@tagtrail/shared/error.js';
import { type Random, randomBytes } from '@tagtrail/shared/random/random.js';
import type { DatabaseClient } from './connect.js';

/** The migrations that came with this program. */
export const migrationsFolder = fileURLToPath(new URL('../../prisma/migrations/', import.meta.url));

/** Prisma's own lock number, so that its command and this runner never work at the same time. */
const migrationLock = 72707369;

export interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

/** Every migration of the folder in the order of their names. */
export async function readMigrations(folder = migrationsFolder): Promise<readonly Migration[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  const migrations: Migration[] = [];
  for (const name of names.sort()) {
    const sql = await readFile(join(folder, name, 'migration.sql'), 'utf8');
    migrations.push({ name, sql, checksum: createHash('sha256').update(sql).digest('hex') });
  }
  return migrations;
}

/** The names of migrations that the database lacks; works for a role that may only read. */
export async function pendingMigrations(client: DatabaseClient, folder = migrationsFolder): Promise<readonly string[]> {
  const { rows } = await client.query<{ there: boolean }>(
    `select to_regclass('_prisma_migrations') is not null as there`,
  );
  const migrations = await readMigrations(folder);
  if (rows[0]?.there !== true) return migrations.map(({ name }) => name);
  const applied = await appliedChecksums(client);
  return migrations.filter(({ name }) => !applied.has(name)).map(({ name }) => name);
}

export interface MigrateOptions {
  readonly random: Random;
  readonly folder?: string;
  /** Leaves out every migration but these, to come to an older schema; all when not given. */
  readonly only?: ReadonlySet<string>;
}

/**
 * Applies what is missing, in the folder format and table of Prisma, each file and its row in one
 * transaction; several processes may call it at once.
 * @throws AppError `database.migration_edited`, `database.migration_refused`.
 */
export async function migrate(
  client: DatabaseClient,
  { random, folder = migrationsFolder, only }: MigrateOptions,
): Promise<readonly string[]> {
  const migrations = (await readMigrations(folder)).filter(({ name }) => only === undefined || only.has(name));
  await client.query('select pg_advisory_lock($1)', [migrationLock]);
  try {
    await client.query(bookTable);
    const applied = await appliedChecksums(client);
    const done: string[] = [];
    for (const migration of migrations) {
      const checksum = applied.get(migration.name);
      if (checksum === migration.checksum) continue;
      if (checksum !== undefined) {
        throw new AppError(
          'database.migration_edited',
          `The migration ${migration.name} differs from the one that made this database. Use the program version that made it.`,
          { kind: 'operator' },
        );
      }
      await apply(client, migration, random);
      done.push(migration.name);
    }
    return done;
  } finally {
    await client.query('select pg_advisory_unlock($1)', [migrationLock]);
  }
}

async function apply(client: DatabaseClient, migration: Migration, random: Random): Promise<void> {
  const id = Buffer.from(randomBytes(random, 16)).toString('hex');
  await client.query('begin');
  try {
    await client.query(migration.sql);
    await client.query(
      `insert into "_prisma_migrations" (id, checksum, finished_at, migration_name, started_at, applied_steps_count)
       values ($1, $2, now(), $3, now(), 1)`,
      [id, migration.checksum, migration.name],
    );
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw new AppError('database.migration_refused', `The database refused the migration ${migration.name}.`, {
      kind: 'bug',
      cause: error,
      detail: { reason: String(error) },
    });
  }
}

async function appliedChecksums(client: DatabaseClient): Promise<ReadonlyMap<string, string>> {
  const { rows } = await client.query<{ migration_name: string; checksum: string }>(
    'select migration_name, checksum from "_prisma_migrations" where rolled_back_at is null and finished_at is not null',
  );
  return new Map(rows.map((row) => [row.migration_name, row.checksum]));
}

const bookTable = `create table if not exists "_prisma_migrations" (
  id varchar(36) primary key not null,
  checksum varchar(64) not null,
  finished_at timestamptz,
  migration_name varchar(255) not null,
  logs text,
  rolled_back_at timestamptz,
  started_at timestamptz not null default now(),
  applied_steps_count integer not null default 0
)`;
