import { open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, errorText } from '@tagtrail/shared/error.js';
import { isId, uuidFromId } from '@tagtrail/shared/ids.js';
import { systemClock } from '@tagtrail/shared/time/system-clock.js';
import { Command } from 'commander';
import { type CloudConfig, readConfig } from '../config.js';
import { withStoreBesideCloud } from '../database/store-beside-cloud.js';
import { readLogTail } from './log-tail.js';
import { type Consent, type DiagnosticBundle, makeBundle } from './make-bundle.js';

interface Flags {
  readonly out: string;
  readonly keepDays: string;
  readonly lines: string;
  readonly withNamesOf?: string;
  readonly consent?: string;
}

const program = new Command('diagnostics')
  .description(
    'Writes what somebody who helps needs to see into one file: versions, settings without secrets, health, figures, the end of the application log, and how each cabinet stands. It says nothing of people. Settings come from the environment, as for the cloud.',
  )
  .requiredOption('--out <file>', 'a file that does not exist yet')
  .option('--keep-days <days>', 'after so many days the file says that it has to be deleted', '30')
  .option('--lines <number>', 'lines of the log at most', '1000')
  .option('--with-names-of <id>', 'also the names of this customer (tenant_...), who has agreed; needs --consent')
  .option('--consent <text>', 'who agreed and why: becomes a line of the trail of that customer')
  .parse();

try {
  await run(program.opts<Flags>());
} catch (error) {
  process.stderr.write(`${errorText(error)}\n`);
  if (!(error instanceof AppError) || error.kind === 'bug') process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
}

async function run(flags: Flags): Promise<void> {
  const consent = consentOf(flags);
  const keepDays = wholeNumber('--keep-days', flags.keepDays, 365);
  const lines = wholeNumber('--lines', flags.lines, 100_000);
  const config = readConfig(process.env, process.cwd());
  // Before any name is read: a file that cannot be written would leave a line of the trail about nothing.
  const file = await open(flags.out, 'wx', 0o600).catch((error: unknown) => {
    throw refused(`${flags.out} cannot be made: ${errorText(error)}`);
  });
  try {
    const bundle = await bundleOf(config, { consent, keepDays, lines });
    await file.writeFile(`${JSON.stringify(bundle, undefined, 1)}\n`);
    process.stdout.write(`${flags.out}: delete it by ${bundle.expiresAt.slice(0, 10)}\n`);
  } catch (error) {
    await rm(flags.out, { force: true });
    throw error;
  } finally {
    await file.close();
  }
}

interface Wanted {
  readonly consent: Consent | undefined;
  readonly keepDays: number;
  readonly lines: number;
}

async function bundleOf(config: CloudConfig, { consent, keepDays, lines }: Wanted): Promise<DiagnosticBundle> {
  return await withStoreBesideCloud(config, async (store) => {
    const health = await asked(config, '/healthz');
    return await makeBundle({
      ...{ store, environment: process.env, version: await packageVersion(), atMs: systemClock.wallMs(), keepDays },
      health: health === null ? null : JSON.parse(health),
      figures: await asked(config, '/metrics'),
      log: await readLogTail(join(config.dataFolder, 'log'), lines),
      ...(consent === undefined ? {} : { consent }),
    });
  });
}

function consentOf({ withNamesOf, consent }: Flags): Consent | undefined {
  if (withNamesOf === undefined && consent === undefined) return undefined;
  if (withNamesOf === undefined || consent === undefined || consent.trim() === '' || consent.length > 200) {
    throw refused('Names need both --with-names-of and --consent, of 1 to 200 characters.');
  }
  if (!isId('tenant', withNamesOf)) throw refused(`${withNamesOf} is not the id of a customer (tenant_...).`);
  return { tenant: uuidFromId('tenant', withNamesOf), note: consent.trim() };
}

function wholeNumber(flag: string, text: string, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw refused(`${flag} takes a whole number from 1 to ${most}.`);
}

function refused(text: string): AppError {
  return new AppError('diagnostics.bad_option', text, { kind: 'operator' });
}

/** What the cloud that runs with these settings answers to whoever runs it; null where none does. */
async function asked({ metricsHost, metricsPort }: CloudConfig, path: string): Promise<string | null> {
  if (metricsPort === undefined || metricsPort === 0) return null;
  const host = metricsHost === '0.0.0.0' || metricsHost === '::' ? '127.0.0.1' : metricsHost;
  try {
    const answer = await fetch(`http://${host}:${metricsPort}${path}`, { signal: AbortSignal.timeout(5_000) });
    return await answer.text();
  } catch {
    return null;
  }
}

async function packageVersion(): Promise<string> {
  const text = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
