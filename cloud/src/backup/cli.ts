import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { AppError, errorText } from '@tagtrail/shared/error.js';
import { silentLog } from '@tagtrail/shared/log/log.js';
import { systemRandom } from '@tagtrail/shared/random/system-random.js';
import { systemClock } from '@tagtrail/shared/time/system-clock.js';
import { Command } from 'commander';
import { pino } from 'pino';
import { readConfig } from '../config.js';
import { readSecret } from './backup-key.js';
import { openFreshPlace, openPlace, type PlaceOptions } from './place.js';
import { restoreBackup } from './restore-backup.js';
import { takeBackup } from './take-backup.js';
import { verifyBackup } from './verify-backup.js';

interface Flags {
  readonly out: string;
  readonly into?: string;
  readonly replace?: boolean;
  readonly keyFile?: string;
  readonly passphraseFile?: string;
  readonly json?: boolean;
}

const program = new Command('tagtrail').description(
  'Backup and restore of the cloud. The database is that of the environment (DATABASE_URL and DATABASE_OWNER_URL), or else the one in TAGTRAIL_DATA.',
);

function command(name: string, about: string): Command {
  return program
    .command(name)
    .description(about)
    .option('--key-file <file>', 'what encrypts: a file of at least 32 random bytes')
    .option('--passphrase-file <file>', 'or a file with a passphrase; or BACKUP_PASSPHRASE in the environment')
    .option('--json', 'print one line of JSON and no progress');
}

command('backup', 'Write everything as it is now into one encrypted file; the cloud may go on')
  .requiredOption('--out <file>', 'the file to write')
  .action((flags: Flags) => run(() => backup(flags)));
command('restore', 'Make a database of a backup, and check every byte of it before anything is touched')
  .argument('<file>', 'the backup')
  .option('--into <folder>', 'the data folder to restore into, instead of TAGTRAIL_DATA')
  .option('--replace', 'move aside what is there, instead of refusing')
  .action((file: string, flags: Flags) => run(() => restore(file, flags)));
command('verify-backup', 'Read a backup to its end and say what is in it; touches nothing')
  .argument('<file>', 'the backup')
  .action((file: string, flags: Flags) => run(() => verify(file, flags)));

await program.parseAsync();

async function run(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const text = error instanceof AppError ? `${error.message} (${error.code})` : (error as Error).stack;
    process.stderr.write(`${text ?? errorText(error)}\n`);
    process.exitCode = 1;
  }
}

async function backup(flags: Flags): Promise<void> {
  const secret = await secretOf(flags);
  const place = await openPlace(placeOf(flags));
  try {
    const path = resolve(flags.out);
    const { dataFolder } = placeOf(flags);
    const version = await packageVersion();
    const common = { clock: systemClock, random: systemRandom, version, onTable: progress(flags) };
    const figures = await takeBackup({ ...common, ownerUrl: place.ownerUrl, dataFolder, path, secret });
    const { rows, tables, bytes, elapsedMs, customers } = figures;
    print(flags, figures, [
      `${path}: ${rows} rows of ${tables} tables and ${customers} customers, ${mib(bytes)}, in ${seconds(elapsedMs)}`,
      `all as it was at ${figures.takenAt}; secrets of the data folder: ${figures.files.join(', ') || 'none'}`,
    ]);
  } finally {
    await place.close();
  }
}

async function restore(file: string, flags: Flags): Promise<void> {
  const secret = await secretOf(flags);
  const path = resolve(file);
  // Before a server is made for it.
  await verifyBackup(path, secret);
  const options = { ...placeOf(flags), replace: flags.replace === true };
  const place = await openFreshPlace(options);
  try {
    const { ownerUrl, runtimeUrl } = place;
    const figures = await restoreBackup({ ...options, ownerUrl, runtimeUrl, path, secret, onTable: progress(flags) });
    const aside =
      'What stood there before, if anything, is aside as postgres.before-restore-... or in the schema before_restore_...; ' +
      'no rule of retention reaches it any more, so delete it once this cloud is well.';
    print(flags, figures, [
      ...(flags.replace === true ? [aside] : []),
      `${figures.rows} rows of ${figures.tables} tables and ${figures.customers} customers in ${seconds(figures.elapsedMs)} (RTO)`,
      `as of ${figures.takenAt}, ${seconds(figures.lossMs)} before this restore (RPO); newest line ${figures.newestAt ?? 'none'}`,
      `migrated: ${figures.migrated.join(', ') || 'nothing'}; lines that had expired and were taken out: ${figures.expired}`,
      'What cabinets recorded since comes again by itself once they reach this cloud.',
      'What the office did since is lost: badges, people, users and cabinets that were ended since then, and legal holds, have to be ended and placed again. Everybody signs in anew.',
    ]);
  } finally {
    await place.close();
  }
}

async function verify(file: string, flags: Flags): Promise<void> {
  const { manifest, rows, tables, files } = await verifyBackup(resolve(file), await secretOf(flags));
  const figures = { takenAt: manifest.takenAt, rows, tables: tables.size, customers: manifest.tenants.length };
  print(flags, { ...figures, files: files.map(({ name }) => name) }, [
    `whole: ${rows} rows of ${tables.size} tables and ${manifest.tenants.length} customers as of ${manifest.takenAt}`,
  ]);
}

function placeOf({ into }: Flags): PlaceOptions {
  const { dataFolder, databaseUrl, databaseOwnerUrl, logLevel } = readConfig(process.env, process.cwd());
  const log = logLevel === 'info' ? silentLog : pino({ level: logLevel }, pino.destination({ dest: 2, sync: true }));
  const database = into === undefined ? { databaseUrl, databaseOwnerUrl } : {};
  const folder = into === undefined ? dataFolder : resolve(into);
  return { ...database, dataFolder: folder, clock: systemClock, random: systemRandom, log };
}

async function secretOf({ keyFile, passphraseFile }: Flags): ReturnType<typeof readSecret> {
  return await readSecret({ keyFile, passphraseFile, passphrase: process.env['BACKUP_PASSPHRASE'] });
}

function progress({ json }: Flags): (table: { name: string; rows: number }) => void {
  return ({ name, rows }) => {
    if (json !== true) process.stderr.write(`${String(rows).padStart(10)}  ${name}\n`);
  };
}

function print({ json }: Flags, figures: unknown, lines: readonly string[]): void {
  process.stdout.write(json === true ? `${JSON.stringify(figures)}\n` : `${lines.join('\n')}\n`);
}

function mib(bytes: number): string {
  return `${(bytes / 1_048_576).toFixed(1)} MiB`;
}

function seconds(elapsedMs: number): string {
  return `${(elapsedMs / 1000).toFixed(1)} s`;
}

async function packageVersion(): Promise<string> {
  const text = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
