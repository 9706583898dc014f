import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseSettings } from '@tagtrail/shared/config/settings.js';
import { AppError, errorText } from '@tagtrail/shared/error.js';
import { systemRandom } from '@tagtrail/shared/random/system-random.js';
import { type SampleCustomer, sampleCustomer } from '@tagtrail/shared/sample/sample-customer.js';
import { systemClock } from '@tagtrail/shared/time/system-clock.js';
import closeWithGrace from 'close-with-grace';
import { Command } from 'commander';
import { pino } from 'pino';
import { openLog } from './app-log/open-log.js';
import { type CloudOptions, startCloud } from './cloud.js';
import { readConfig } from './config.js';
import { parseRoles, roles } from './roles/roles.js';

interface Flags {
  readonly role: string;
  readonly sample?: string;
  readonly customer?: string;
  readonly admin?: string;
  readonly credentials?: string;
}

const program = new Command('cloud')
  .description('The cloud of TagTrail: broker, ingest, API and live feed. Settings come from the environment (README).')
  .option('--role <roles>', `what this process does: all, or some of ${roles.join(', ')} with commas between`, 'all')
  .option('--sample <file>', 'create the customer that this file describes, unless it exists')
  .option('--customer <name>', 'create a customer of this name with nothing in it, unless it exists; needs --admin')
  .option('--admin <email>', 'the first user of the customer that --customer creates')
  .option(
    '--credentials <folder>',
    'where the credentials of a created customer go (default: TAGTRAIL_DATA/credentials)',
  )
  .parse();

try {
  await run(program.opts<Flags>());
} catch (error) {
  process.stderr.write(`${errorText(error)}\n`);
  if (!(error instanceof AppError) || error.kind === 'bug') process.stderr.write(`${detailOf(error)}\n`);
  process.exitCode = 1;
}

async function run(flags: Flags): Promise<void> {
  const config = readConfig(process.env, process.cwd(), parseRoles(flags.role));
  const appLog = openLog({
    level: config.logLevel,
    roles: config.roles,
    dataFolder: config.dataFolder,
    keepDays: config.logKeepDays,
    clock: systemClock,
    console: pino.destination({ dest: 2, sync: true }),
  });
  const { log } = appLog;
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  const starting = startCloud({
    config,
    clock: systemClock,
    random: systemRandom,
    log,
    version: await packageVersion(),
    say,
    ...(await sampleOf(flags, config.dataFolder)),
  });
  // A signal while the parts still start ends them in order too.
  const handle = closeWithGrace({ delay: 25_000, logger: false }, async ({ err }) => {
    if (err) log.error({ reason: detailOf(err) }, 'cloud.crashed');
    const cloud = await starting.catch(() => undefined);
    await cloud?.stop();
    appLog.close();
    say('stopped');
  });
  if (config.stopWithStdin) process.stdin.on('end', () => void handle.close()).resume();
  try {
    const cloud = await starting;
    say(
      JSON.stringify({
        ready: true,
        roles: [...config.roles],
        url: cloud.url,
        mqtt: cloud.mqtt,
        metrics: cloud.metrics,
      }),
    );
  } catch (error) {
    handle.uninstall();
    appLog.close();
    throw error;
  }
}

async function sampleOf(flags: Flags, dataFolder: string): Promise<Pick<CloudOptions, 'sample'>> {
  const credentialsFolder = resolve(flags.credentials ?? `${dataFolder}/credentials`);
  if (flags.customer !== undefined || flags.admin !== undefined) {
    return { sample: { customer: emptyCustomer(flags), credentialsFolder } };
  }
  if (flags.sample === undefined) return {};
  const text = await readFile(flags.sample, 'utf8').catch((error: unknown) => {
    throw new AppError('cloud.sample_unreadable', `The customer file ${flags.sample} cannot be read.`, {
      kind: 'operator',
      cause: error,
    });
  });
  const customer = parseSettings(flags.sample, sampleCustomer, safeJson(text));
  return { sample: { customer, credentialsFolder } };
}

/** A customer with one administrator, who adds everything else through the API. */
function emptyCustomer({ customer, admin }: Flags): SampleCustomer {
  const nothing = { seed: 0, sites: [], cabinets: [], people: [], assets: [] };
  const users = [{ email: admin, name: admin?.split('@')[0], role: 'admin', sites: [] }];
  return parseSettings('--customer and --admin', sampleCustomer, { name: customer, users, ...nothing });
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function packageVersion(): Promise<string> {
  const text = await readFile(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

function detailOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
