import { access, chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { AppError } from '@tagtrail/shared/error.js';
import type { Log } from '@tagtrail/shared/log/log.js';
import { type Random, randomBytes } from '@tagtrail/shared/random/random.js';
import { type Clock, sleep } from '@tagtrail/shared/time/clock.js';
import { z } from 'zod';
import { connect } from './connect.js';
import { choosePostgresAccount, type PostgresAccount } from './postgres-account.js';
import { findPostgresBinaries, type PostgresBinaries } from './postgres-binaries.js';
import { type Postmaster, runningPostmaster } from './postmaster.js';

/** A PostgreSQL of our own, listening on 127.0.0.1 only. */
export interface EmbeddedPostgres {
  /** True when a server that an earlier cloud left behind was taken over. */
  readonly adopted: boolean;
  readonly port: number;
  /** The address of a database for a role; `admin` is the superuser and never serves requests. */
  url(role: EmbeddedRole, database: string): string;
  /** The generated password of a role. */
  password(role: EmbeddedRole): string;
  /** Starts the server again, on its port, when it has died; answers whether it had. */
  revive(): Promise<boolean>;
  /** Fast shutdown: open transactions are rolled back, all that was committed is on the disk. */
  stop(): Promise<void>;
}

export const embeddedRoles = { admin: 'tagtrail_admin', owner: 'tagtrail_owner', app: 'tagtrail_app' } as const;
export type EmbeddedRole = keyof typeof embeddedRoles;

export interface EmbeddedPostgresOptions {
  /** Holds `postgres/` (the data), `postgres.json` (port and passwords, 0600) and `postgres.log`. */
  readonly folder: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Further server settings, such as `{ fsync: 'off' }` in tests. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Creates the cluster without waiting for the disk. */
  readonly forTests?: boolean;
}

const secretsFile = z.object({
  port: z.int().min(1).max(65_535),
  passwords: z.object({ admin: z.string(), owner: z.string(), app: z.string() }),
});
type Secrets = z.infer<typeof secretsFile>;

/**
 * Creates the cluster on the first start, adopts a server that is still running on it, else starts
 * one in a process group of its own, so that a Ctrl-C in the terminal does not reach it before the
 * cloud has let go of it.
 * @throws AppError `database.binaries_missing`, `database.no_account`, `database.not_started`.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { folder, log } = options;
  const data = join(folder, 'postgres');
  await mkdir(folder, { recursive: true });
  const secrets = await readSecrets(folder, options.random);
  const running = await adoptable(data, secrets, options.clock);
  if (running !== undefined) {
    log.info({ pid: running.pid, port: running.port }, 'database.server.adopted');
    return server({ options, data, secrets: { ...secrets, port: running.port }, adopted: true });
  }
  await rm(join(data, 'postmaster.pid'), { force: true });
  const binaries = await findPostgresBinaries();
  const account = await choosePostgresAccount([binaries.root, folder]);
  await createCluster(data, { binaries, account, secrets, sync: options.forTests !== true });
  const port = await startServer(data, { options, binaries, account, preferred: secrets.port });
  const kept = { ...secrets, port };
  await writeSecrets(folder, kept);
  log.info({ port }, 'database.server.started');
  return server({ options, data, secrets: kept, adopted: false });
}

function server(parts: {
  options: EmbeddedPostgresOptions;
  data: string;
  secrets: Secrets;
  adopted: boolean;
}): EmbeddedPostgres {
  const { options, data, secrets } = parts;
  return {
    adopted: parts.adopted,
    port: secrets.port,
    url: (role, database) => roleUrl(secrets, role, database),
    password: (role) => secrets.passwords[role],
    revive: () => revive(data, options, secrets),
    stop: () => stopServer(data, options.clock, options.log),
  };
}

function roleUrl(secrets: Secrets, role: EmbeddedRole, database: string): string {
  return `postgresql://${embeddedRoles[role]}:${secrets.passwords[role]}@127.0.0.1:${secrets.port}/${database}`;
}

async function readSecrets(folder: string, random: Random): Promise<Secrets> {
  const text = await readFile(join(folder, 'postgres.json'), 'utf8').catch(() => undefined);
  if (text !== undefined) {
    const parsed = secretsFile.safeParse(safeJson(text));
    if (parsed.success) return parsed.data;
    throw new AppError(
      'database.secrets_unreadable',
      `${join(folder, 'postgres.json')} is damaged; restore it from a backup, or start anew without this folder.`,
      { kind: 'operator' },
    );
  }
  const password = (): string => Buffer.from(randomBytes(random, 24)).toString('hex');
  const made = { port: await freePort(), passwords: { admin: password(), owner: password(), app: password() } };
  await writeSecrets(folder, made);
  return made;
}

async function writeSecrets(folder: string, secrets: Secrets): Promise<void> {
  const path = join(folder, 'postgres.json');
  await writeFile(path, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  await chmod(path, 0o600);
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * A server that runs on our data and answers our password. One that is starting or shutting down
 * gets time to do so.
 */
async function adoptable(data: string, secrets: Secrets, clock: Clock): Promise<Postmaster | undefined> {
  const until = clock.monotonicMs() + 30_000;
  for (;;) {
    const running = await runningPostmaster(data);
    if (running === undefined) return undefined;
    if (await answersForUs(running.port, secrets, data)) return running;
    if (clock.monotonicMs() > until) {
      throw notStarted(`runs already as process ${running.pid} and does not answer; end that process`, '');
    }
    await sleep(clock, 'database server answer', 200);
  }
}

async function answersForUs(port: number, secrets: Secrets, data: string): Promise<boolean> {
  try {
    const client = await connect(roleUrl({ ...secrets, port }, 'admin', 'postgres'));
    try {
      const { rows } = await client.query<{ data_directory: string }>('show data_directory');
      return rows[0]?.data_directory === data;
    } finally {
      await client.end();
    }
  } catch {
    return false;
  }
}

interface ClusterParts {
  readonly binaries: PostgresBinaries;
  readonly account: PostgresAccount;
  readonly secrets: Secrets;
  readonly sync: boolean;
}

async function createCluster(data: string, parts: ClusterParts): Promise<void> {
  const done = await access(join(data, 'PG_VERSION')).then(
    () => true,
    () => false,
  );
  await mkdir(data, { recursive: true, mode: 0o700 });
  await parts.account.own(data);
  if (done) return;
  const passwordFolder = join(data, '..', 'postgres.pw');
  await mkdir(passwordFolder, { recursive: true, mode: 0o700 });
  try {
    await writeFile(join(passwordFolder, 'admin'), parts.secrets.passwords.admin, { mode: 0o600 });
    await parts.account.own(passwordFolder);
    const result = await parts.account.run([
      ...[parts.binaries.initdb, '-D', data, '-U', embeddedRoles.admin, `--pwfile=${join(passwordFolder, 'admin')}`],
      ...['--auth=scram-sha-256', '--encoding=UTF8', '--locale=C', '--no-instructions'],
      ...(parts.sync ? [] : ['--no-sync']),
    ]);
    if (result.code !== 0) {
      await rm(data, { recursive: true, force: true });
      throw notStarted('could not be created', result.output);
    }
  } finally {
    await rm(passwordFolder, { recursive: true, force: true });
  }
}

async function revive(data: string, options: EmbeddedPostgresOptions, secrets: Secrets): Promise<boolean> {
  if ((await runningPostmaster(data)) !== undefined) return false;
  options.log.error({ port: secrets.port }, 'database.server.died');
  await rm(join(data, 'postmaster.pid'), { force: true });
  const binaries = await findPostgresBinaries();
  const account = await choosePostgresAccount([binaries.root, options.folder]);
  await startServer(data, { options, binaries, account, preferred: secrets.port, onlyPreferred: true });
  options.log.info({ port: secrets.port }, 'database.server.revived');
  return true;
}

interface StartParts {
  readonly options: EmbeddedPostgresOptions;
  readonly binaries: PostgresBinaries;
  readonly account: PostgresAccount;
  readonly preferred: number;
  /** Its clients know the port: no other will do. */
  readonly onlyPreferred?: boolean;
}

async function startServer(data: string, parts: StartParts): Promise<number> {
  const log = join(data, 'server.log');
  let output = '';
  for (let attempt = 0; attempt < 3; attempt++) {
    const keepsPort = parts.onlyPreferred === true || (attempt === 0 && (await isFree(parts.preferred)));
    const port = keepsPort ? parts.preferred : await freePort();
    const settings = { ...serverSettings, ...parts.options.settings, port: String(port) };
    const flags = Object.entries(settings).map(([name, value]) => `-c ${name}='${value}'`);
    const command = [parts.binaries.pgCtl, 'start', '-D', data, '-w', '-t', '60', '-l', log, '-o', flags.join(' ')];
    const result = await parts.account.run(command);
    if (result.code === 0) return port;
    output = `${result.output}\n${(await readFile(log, 'utf8').catch(() => '')).slice(-2000)}`;
  }
  throw notStarted('did not start', output);
}

const serverSettings: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '60',
  shared_buffers: '64MB',
  max_wal_size: '512MB',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_min_messages: 'warning',
};

async function stopServer(data: string, clock: Clock, log: Log): Promise<void> {
  for (const [signal, waitMs] of [
    ['SIGINT', 20_000],
    ['SIGQUIT', 5_000],
  ] as const) {
    const running = await runningPostmaster(data);
    if (running === undefined) return;
    try {
      process.kill(running.pid, signal);
    } catch {
      return;
    }
    const until = clock.monotonicMs() + waitMs;
    while (clock.monotonicMs() < until) {
      if ((await runningPostmaster(data)) === undefined) {
        log.info({}, 'database.server.stopped');
        return;
      }
      await sleep(clock, 'database server stop', 20);
    }
  }
  log.error({ data }, 'database.server.still_running');
}

function notStarted(what: string, output: string): AppError {
  const last = output.trim().split('\n').slice(-4).join(' / ');
  return new AppError('database.not_started', `The bundled PostgreSQL ${what}${last === '' ? '.' : `: ${last}`}`, {
    kind: 'operator',
    detail: { output },
  });
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}
