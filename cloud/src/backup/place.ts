import { access, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '@tagtrail/shared/error.js';
import type { Log } from '@tagtrail/shared/log/log.js';
import type { Random } from '@tagtrail/shared/random/random.js';
import type { Clock } from '@tagtrail/shared/time/clock.js';
import { connect } from '../database/connect.js';
import { startEmbeddedPostgres } from '../database/embedded-postgres.js';
import { createRoles } from '../database/roles.js';

/** The database that a command works on, until `close`. */
export interface Place {
  readonly ownerUrl: string;
  readonly runtimeUrl: string;
  close(): Promise<void>;
}

export interface PlaceOptions {
  /** `DATABASE_URL` and `DATABASE_OWNER_URL`; our own server in the data folder when absent. */
  readonly databaseUrl?: string | undefined;
  readonly databaseOwnerUrl?: string | undefined;
  readonly dataFolder: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/**
 * The database of the cloud: one's own, or the one in the data folder, which goes on running where it runs.
 * @throws AppError `backup.nothing_there`, `backup.owner_missing`.
 */
export async function openPlace(options: PlaceOptions): Promise<Place> {
  const own = ownDatabase(options);
  if (own !== undefined) return own;
  if (!(await exists(join(options.dataFolder, 'postgres.json')))) {
    throw new AppError('backup.nothing_there', `There is no database in ${options.dataFolder} (TAGTRAIL_DATA).`, {
      kind: 'operator',
    });
  }
  return await startOwn(options);
}

/**
 * A database to restore into; the data folder must hold none, or `replace` moves it aside.
 * @throws AppError `backup.target_not_empty`, `backup.target_in_use`, `backup.owner_missing`.
 */
export async function openFreshPlace(options: PlaceOptions & { readonly replace: boolean }): Promise<Place> {
  const own = ownDatabase(options);
  if (own !== undefined) return own;
  const { dataFolder, clock } = options;
  if (await exists(join(dataFolder, 'postgres'))) {
    if (!options.replace) {
      throw new AppError(
        'backup.target_not_empty',
        `There is a database in ${dataFolder}. Give another folder (--into), or --replace to move it aside.`,
        { kind: 'operator' },
      );
    }
    await requireUnused(dataFolder);
    const stamp = new Date(clock.wallMs()).toISOString().replace(/\D/g, '');
    await rename(join(dataFolder, 'postgres'), join(dataFolder, `postgres.before-restore-${stamp}`));
  }
  return await startOwn(options);
}

function ownDatabase({ databaseUrl, databaseOwnerUrl }: PlaceOptions): Place | undefined {
  if (databaseUrl === undefined) return undefined;
  if (databaseOwnerUrl === undefined) {
    throw new AppError(
      'backup.owner_missing',
      'Set DATABASE_OWNER_URL to the role that owns the tables: the runtime role may not read all of them.',
      { kind: 'operator' },
    );
  }
  return { ownerUrl: databaseOwnerUrl, runtimeUrl: databaseUrl, close: async () => {} };
}

async function startOwn({ dataFolder, ...rest }: PlaceOptions): Promise<Place> {
  const server = await startEmbeddedPostgres({ folder: dataFolder, ...rest });
  const close = async (): Promise<void> => (server.adopted ? undefined : await server.stop());
  try {
    const admin = await connect(server.url('admin', 'postgres'));
    const passwords = { owner: server.password('owner'), app: server.password('app') };
    await createRoles(admin, 'tagtrail', passwords).finally(() => admin.end());
  } catch (error) {
    await close();
    throw error;
  }
  return { ownerUrl: server.url('owner', 'tagtrail'), runtimeUrl: server.url('app', 'tagtrail'), close };
}

async function requireUnused(dataFolder: string): Promise<void> {
  if (!(await exists(join(dataFolder, 'postgres', 'postmaster.pid')))) return;
  throw new AppError(
    'backup.target_in_use',
    `A database server runs on ${dataFolder} (postgres/postmaster.pid). Stop the cloud first.`,
    { kind: 'operator' },
  );
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}
