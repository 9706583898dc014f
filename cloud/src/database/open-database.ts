import { AppError } from '@tagtrail/shared/error.js';
import type { Log } from '@tagtrail/shared/log/log.js';
import type { Random } from '@tagtrail/shared/random/random.js';
import { type Clock, repeat } from '@tagtrail/shared/time/clock.js';
import { connect, withoutPassword } from './connect.js';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.js';
import { fillLeaves } from './fill-leaves.js';
import { migrate, pendingMigrations } from './migrate.js';
import { ensurePartitions } from './partitions.js';
import { checkRuntimeRole, createRoles, grantRuntime } from './roles.js';

/** A database that is migrated, whose runtime role has been checked. */
export interface Database {
  /** The address for the runtime role. */
  readonly url: string;
  /** The address for the owner of the tables, where it is known. */
  readonly ownerUrl: string | undefined;
  /** The address as it may be shown, or `embedded`. */
  readonly shown: string;
  close(): Promise<void>;
}

export interface OpenDatabaseOptions {
  /** `DATABASE_URL`; our own server when absent. */
  readonly url?: string;
  /** `DATABASE_OWNER_URL`: migrates. */
  readonly ownerUrl?: string;
  /** `TAGTRAIL_DATA`, absolute. */
  readonly folder: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /**
   * For a command beside the cloud: a server of our own that runs already is left running, and the schema below a cloud
   * that may be running is left as it is.
   */
  readonly asGuest?: boolean;
}

/**
 * Starts or reaches the database, migrates it unless a guest does, and refuses an unsafe runtime role.
 * @throws AppError with a `database.*` code.
 */
export async function openDatabase(options: OpenDatabaseOptions): Promise<Database> {
  const reached = await reach(options);
  const { ownerUrl, isGuest } = reached;
  try {
    if (ownerUrl !== undefined && !isGuest) await prepare(ownerUrl, new URL(reached.url), options);
    await checkRuntime(reached.url, { isPrepared: ownerUrl !== undefined && !isGuest, isGuest });
    await ensurePartitions(reached.url, options.clock.wallMs());
  } catch (error) {
    await reached.stop();
    throw error;
  }
  const monthly = repeat(options.clock, 'entry partitions', 6 * 3_600_000, () =>
    ensurePartitions(reached.url, options.clock.wallMs()).catch((error: unknown) => {
      options.log.error({ reason: String(error) }, 'database.partition.missed');
    }),
  );
  return {
    url: reached.url,
    ownerUrl,
    shown: options.url === undefined ? 'embedded' : withoutPassword(options.url),
    close: async () => {
      monthly.cancel();
      await reached.stop();
    },
  };
}

interface Reached {
  readonly url: string;
  readonly ownerUrl: string | undefined;
  /** Somebody else's, who may be running a program of another version. */
  readonly isGuest: boolean;
  readonly stop: () => Promise<void>;
}

async function reach(options: OpenDatabaseOptions): Promise<Reached> {
  const { url, ownerUrl, asGuest = false } = options;
  if (url !== undefined) return { url, ownerUrl, isGuest: asGuest, stop: async () => {} };
  return await startOwn(options);
}

/** A server of our own that dies, as when memory runs out, is started again. */
const watchEveryMs = 3_000;

async function startOwn(options: OpenDatabaseOptions): Promise<Reached> {
  const server = await startEmbeddedPostgres(options);
  if (options.asGuest === true && server.adopted) {
    return { ...addresses(server), isGuest: true, stop: async () => {} };
  }
  try {
    const admin = await connect(server.url('admin', 'postgres'));
    try {
      await createRoles(admin, 'tagtrail', { owner: server.password('owner'), app: server.password('app') });
    } finally {
      await admin.end();
    }
  } catch (error) {
    await server.stop();
    throw error;
  }
  let reviving: Promise<unknown> = Promise.resolve();
  const watch = repeat(options.clock, 'database server watch', watchEveryMs, async () => {
    reviving = server.revive().catch((error: unknown) => {
      options.log.error({ reason: String(error) }, 'database.server.not_revived');
    });
    await reviving;
  });
  return {
    ...{ ...addresses(server), isGuest: false },
    stop: async () => {
      watch.cancel();
      await reviving;
      await server.stop();
    },
  };
}

function addresses(server: EmbeddedPostgres): { readonly url: string; readonly ownerUrl: string } {
  return { url: server.url('app', 'tagtrail'), ownerUrl: server.url('owner', 'tagtrail') };
}

async function prepare(ownerUrl: string, runtime: URL, options: OpenDatabaseOptions): Promise<void> {
  const owner = await connect(ownerUrl);
  try {
    const applied = await migrate(owner, { random: options.random });
    if (applied.length > 0) options.log.info({ applied }, 'database.schema.migrated');
    const filled = await fillLeaves(owner);
    if (filled > 0) options.log.info({ entries: filled }, 'database.leaves.filled');
    const role = decodeURIComponent(runtime.username);
    if (role !== '' && role !== decodeURIComponent(new URL(ownerUrl).username)) await grantRuntime(owner, role);
  } finally {
    await owner.end();
  }
}

const ownerAdvice = 'Set DATABASE_OWNER_URL to the role that owns the tables, once.';
const guestAdvice =
  'Start the cloud of this version first, which migrates, or take the command of the version that runs.';

async function checkRuntime(
  url: string,
  { isPrepared, isGuest }: { isPrepared: boolean; isGuest: boolean },
): Promise<void> {
  const client = await connect(url);
  try {
    if (!isPrepared) {
      const pending = await pendingMigrations(client);
      if (pending.length > 0) {
        throw new AppError(
          'database.schema_behind',
          `The database lacks the migrations ${pending.join(', ')}. ${isGuest ? guestAdvice : ownerAdvice}`,
          { kind: 'operator' },
        );
      }
    }
    await checkRuntimeRole(client);
  } finally {
    await client.end();
  }
}
