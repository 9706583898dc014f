import { chown, lchown, readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '@tagtrail/shared/error.js';
import { type ProgramIdentity, type ProgramResult, runProgram } from './run-program.js';

/** How PostgreSQL's programs are run; they refuse to run as root. */
export interface PostgresAccount {
  run(command: readonly string[]): Promise<ProgramResult>;
  /** Hands a folder and all in it to the account. */
  own(folder: string): Promise<void>;
}

/**
 * An ordinary user runs PostgreSQL as itself. For root it runs in a user namespace in which root
 * appears as an ordinary user: the files stay root's own and no folder has to be opened to others.
 * Where the system has no user namespaces it runs as `postgres` or `nobody`, who must be able to
 * enter every folder on the way.
 * @throws AppError `database.no_account`.
 */
export async function choosePostgresAccount(folders: readonly string[]): Promise<PostgresAccount> {
  if (process.getuid?.() !== 0) return { run: (command) => runProgram(command), own: async () => {} };
  const accounts = parsePasswd(await readFile('/etc/passwd', 'utf8').catch(() => ''));
  const nobody = accounts.find(({ name }) => name === 'nobody') ?? accounts.find(({ uid }) => uid !== 0);
  if (nobody !== undefined) {
    const prefix = ['unshare', '--user', `--map-user=${nobody.uid}`, `--map-group=${nobody.gid}`, '--'];
    const probe = await runProgram([...prefix, 'true']);
    if (probe.code === 0) {
      return {
        run: (command) => runProgram([...prefix, ...command]),
        own: (folder) => chownAll(folder, { uid: 0, gid: 0 }),
      };
    }
  }
  const account = accounts.find(({ name }) => name === 'postgres') ?? nobody;
  const closed = await firstClosedFolder(folders);
  if (account === undefined || closed !== undefined) {
    throw new AppError(
      'database.no_account',
      `PostgreSQL refuses to run as root, and no other account can reach ${closed ?? 'its data'}. ` +
        'Start TagTrail as an ordinary user, move it to a folder that others may enter, or set DATABASE_URL.',
      { kind: 'operator' },
    );
  }
  const identity = { uid: account.uid, gid: account.gid };
  return {
    run: (command) => runProgram(command, identity),
    own: (folder) => chownAll(folder, identity),
  };
}

interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

function parsePasswd(text: string): readonly Account[] {
  return text
    .split('\n')
    .map((line) => line.split(':'))
    .filter((fields) => fields.length >= 4)
    .map(([name, , uid, gid]) => ({ name: name as string, uid: Number(uid), gid: Number(gid) }));
}

/** The first folder on the way that others may not enter. */
async function firstClosedFolder(folders: readonly string[]): Promise<string | undefined> {
  for (const folder of folders) {
    for (let path = folder; ; path = dirname(path)) {
      const facts = await stat(path).catch(() => undefined);
      if (facts !== undefined && (facts.mode & 0o001) === 0) return path;
      if (path === dirname(path)) break;
    }
  }
  return undefined;
}

async function chownAll(folder: string, owner: Required<ProgramIdentity>): Promise<void> {
  const facts = await stat(folder);
  if (facts.uid === owner.uid && facts.gid === owner.gid) return;
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await chownAll(path, owner);
    else await lchown(path, owner.uid, owner.gid);
  }
  await chown(folder, owner.uid, owner.gid);
}
