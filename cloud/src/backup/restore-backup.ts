import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '@tagtrail/shared/error.js';
import type { Log } from '@tagtrail/shared/log/log.js';
import type { Random } from '@tagtrail/shared/random/random.js';
import type { Clock } from '@tagtrail/shared/time/clock.js';
import { connect, type DatabaseClient } from '../database/connect.js';
import { migrate, readMigrations } from '../database/migrate.js';
import { ensurePartitions } from '../database/partitions.js';
import { checkRuntimeRole, grantRuntime } from '../database/roles.js';
import { closeDueCustomers } from '../off-boarding/off-boarding-job.js';
import { runForAll } from '../retention/retention-job.js';
import { openStore, type Store } from '../store/prisma.js';
import type { BackupSecret } from './backup-key.js';
import { loadRows } from './load-rows.js';
import type { BackupManifest } from './manifest.js';
import { type BackupContents, verifyBackup } from './verify-backup.js';

export interface RestoreOptions {
  readonly path: string;
  readonly secret: BackupSecret;
  readonly ownerUrl: string;
  readonly runtimeUrl: string;
  /** Gets the secrets of the data folder. */
  readonly dataFolder: string;
  /** Moves what is there aside, instead of refusing. */
  readonly replace: boolean;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly onTable?: (table: { readonly name: string; readonly rows: number }) => void;
}

export interface RestoreFigures {
  readonly takenAt: string;
  /** When the newest line of the backup was recorded; what came later has to come again from the cabinets. */
  readonly newestAt: string | null;
  readonly tables: number;
  readonly rows: number;
  readonly customers: number;
  readonly files: readonly string[];
  /** Migrations that are newer than the backup and were applied to it. */
  readonly migrated: readonly string[];
  /** Lines of the trail that retention took before anybody could see them. */
  readonly expired: number;
  /** Age of the backup when the restore began: what a disaster now would cost. */
  readonly lossMs: number;
  readonly elapsedMs: number;
}

/**
 * Makes a database of a backup. All of the file is checked before anything is touched; an older
 * schema is built first as it was and then migrated; and retention runs before anybody may look, so
 * that what has expired since does not show again.
 * @throws AppError with a `backup.*` or `database.*` code; `backup.retention_failed` when that could not be done.
 */
export async function restoreBackup(options: RestoreOptions): Promise<RestoreFigures> {
  const { clock } = options;
  const startedMs = clock.monotonicMs();
  const lossFrom = clock.wallMs();
  const contents = await verifyBackup(options.path, options.secret);
  const { manifest } = contents;
  await requireKnown(manifest);
  const owner = await connect(options.ownerUrl);
  let migrated: readonly string[];
  try {
    await makeRoom(owner, options);
    await migrate(owner, { random: options.random, only: new Set(manifest.migrations.map(({ name }) => name)) });
    for (const month of manifest.partitions) await owner.query('select ensure_entry_partition($1)', [month]);
    await loadRows(owner, options);
    migrated = await migrate(owner, { random: options.random });
    await grantRuntime(owner, decodeURIComponent(new URL(options.runtimeUrl).username));
  } finally {
    await owner.end();
  }
  await writeFiles(contents, options);
  const expired = await open(options);
  return {
    ...{ takenAt: manifest.takenAt, newestAt: manifest.newestAt, tables: contents.tables.size, rows: contents.rows },
    ...{ customers: manifest.tenants.length, files: contents.files.map(({ name }) => name), migrated, expired },
    lossMs: lossFrom - Date.parse(manifest.takenAt),
    elapsedMs: Math.round(clock.monotonicMs() - startedMs),
  };
}

/** @throws AppError `backup.newer_program` for a schema that this program cannot build. */
async function requireKnown({ migrations, version }: BackupManifest): Promise<void> {
  const known = new Map((await readMigrations()).map(({ name, checksum }) => [name, checksum]));
  const strange = migrations.filter(({ name, checksum }) => known.get(name) !== checksum).map(({ name }) => name);
  if (strange.length === 0) return;
  throw new AppError(
    'backup.newer_program',
    `The backup was made by version ${version}, whose schema (${strange.join(', ')}) this program does not know. Restore it with that version or a later one.`,
    { kind: 'operator' },
  );
}

/** @throws AppError `backup.target_not_empty`. */
async function makeRoom(owner: DatabaseClient, { replace, clock }: RestoreOptions): Promise<void> {
  const { rows } = await owner.query<{ name: string }>(`
    select relname::text as name from pg_class
    where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm', 'S') order by 1`);
  if (rows.length === 0) return;
  if (!replace) {
    throw new AppError(
      'backup.target_not_empty',
      `The database is not empty: it has ${rows.length} tables. Give an empty one, or --replace to move them aside.`,
      { kind: 'operator' },
    );
  }
  const aside = owner.escapeIdentifier(`before_restore_${new Date(clock.wallMs()).toISOString().replace(/\D/g, '')}`);
  await owner.query(`begin; alter schema public rename to ${aside}; create schema public;
    revoke all on schema ${aside} from public; commit`);
}

async function writeFiles({ files }: BackupContents, { dataFolder, replace }: RestoreOptions): Promise<void> {
  await mkdir(dataFolder, { recursive: true });
  for (const { name, content } of files) {
    const path = join(dataFolder, name);
    const bytes = Buffer.from(content, 'base64');
    const there = await readFile(path).catch(() => undefined);
    if (there !== undefined && !there.equals(bytes) && !replace) {
      throw new AppError(
        'backup.target_not_empty',
        `${path} holds another secret than the backup. Choose an empty data folder, or --replace.`,
        { kind: 'operator' },
      );
    }
    await writeFile(path, bytes, { mode: 0o600 });
  }
}

/** The last steps before anybody may look; answers how many lines had expired. */
async function open({ runtimeUrl, clock, random, log }: RestoreOptions): Promise<number> {
  await ensurePartitions(runtimeUrl, clock.wallMs());
  const client = await connect(runtimeUrl);
  await checkRuntimeRole(client).finally(() => client.end());
  const store = openStore({ url: runtimeUrl, connections: 2 });
  try {
    // Which of them were ended since the backup is not known any more: everybody signs in anew.
    await store.global.authSession.deleteMany();
    const before = await countLines(store);
    const problems = await runForAll({ store, clock, random, log });
    if (problems.length > 0) throw notRetained(problems);
    await closeDueCustomers(store, clock.wallMs());
    const after = await countLines(store);
    // The run leaves receipts, which are lines too.
    return before.kept - (after.kept - (after.given - before.given));
  } finally {
    await store.close();
  }
}

function notRetained(problems: readonly string[]): AppError {
  return new AppError(
    'backup.retention_failed',
    `The rows are back, but retention could not run on all of them: ${problems.join('; ')}. ` +
      'What has expired since may still be there. Do not open this database; find the cause and restore again with --replace.',
    { kind: 'operator', detail: { problems } },
  );
}

/** The lines that all trails hold, and the indexes that were ever given. */
async function countLines(store: Store): Promise<{ kept: number; given: number }> {
  let kept = 0;
  let given = 0;
  for (const tenantId of await store.tenants()) {
    await store.readTenant(tenantId, async (tx) => {
      kept += await tx.entry.count({ where: { tenantId } });
      given += Number((await tx.tenantHead.findFirst({ where: { tenantId } }))?.nextIndex ?? 0n);
    });
  }
  return { kept, given };
}
