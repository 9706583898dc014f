import { errorText } from '@tagtrail/shared/error.js';
import type { Log, LogFields } from '@tagtrail/shared/log/log.js';
import { seededRandom } from '@tagtrail/shared/random/seeded-random.js';
import { sampleCustomer } from '@tagtrail/shared/sample/sample-customer.js';
import { systemClock } from '@tagtrail/shared/time/system-clock.js';
import { Command, InvalidArgumentError } from 'commander';
import { playShift, siteOfCustomer } from './people/shift.js';
import { readCabinetFile, readJsonFile, type ServedCabinet, serveCabinet } from './serve/serve.js';

const serveHelp = `
It prints one line when it is ready, and runs until Ctrl-C:
  {"control":"http://127.0.0.1:PORT","ports":{"uhf":"/dev/pts/N","badge":"...","lock":"..."}}
Open the control in a browser for what it can do.`;

const program = new Command('npm run sim --').description('Virtual cabinets that speak the bytes of real ones.');

program
  .command('serve')
  .description('Opens the serial ports of one virtual cabinet and an HTTP control for the people in front of it.')
  .requiredOption('--cabinet <file>', 'what is in the cabinet (JSON, see hardware-sim/README.md)')
  .requiredOption('--control <port>', 'port of the control on 127.0.0.1; 0 takes any free one', portNumber)
  .option('--links <folder>', 'keep links named uhf, badge and lock here, also after a port is plugged in again')
  .option('--seed <seed>', "dice, in place of the cabinet file's seed")
  .addHelpText('after', serveHelp)
  .action(serve);

program
  .command('shift')
  .description('Sends simulated people to running simulators: they badge, open, take, bring back, close.')
  .requiredOption('--site <file>', 'sample customer: who the people are and where the tools belong (JSON)')
  .requiredOption(
    '--controls <list>',
    'simulators, in the order of the cabinets in the site file, or as KEY=URL: http://127.0.0.1:4001,...',
    controlList,
  )
  .option('--seed <seed>', "dice, in place of the customer's seed")
  .option('--every <seconds>', 'mean time between two people', seconds, 6)
  .option('--steps <count>', 'end after so many people', countNumber)
  .action(shift);

interface ServeFlags {
  readonly cabinet: string;
  readonly control: number;
  readonly links?: string;
  readonly seed?: string;
}

async function serve(flags: ServeFlags): Promise<void> {
  const served = await serveCabinet(
    {
      file: readCabinetFile(flags.cabinet),
      controlPort: flags.control,
      ...(flags.links === undefined ? {} : { linksFolder: flags.links }),
      ...(flags.seed === undefined ? {} : { seed: flags.seed }),
    },
    { clock: systemClock },
  );
  stopWhenAsked(served);
  process.stdout.write(`${JSON.stringify({ control: served.control, ports: served.ports })}\n`);
}

interface ControlAddress {
  /** Key of the cabinet; the cabinets of the site in their order when it is left out. */
  readonly key: string | undefined;
  readonly address: string;
}

interface ShiftFlags {
  readonly site: string;
  readonly controls: readonly ControlAddress[];
  readonly seed?: string;
  readonly every: number;
  readonly steps?: number;
}

async function shift(flags: ShiftFlags): Promise<void> {
  const customer = readJsonFile('The site file', flags.site, sampleCustomer);
  const controls = flags.controls.map(
    ({ key, address }, index) => [key ?? customer.cabinets[index]?.key ?? '', address] as const,
  );
  const running = playShift({
    clock: systemClock,
    random: seededRandom(flags.seed ?? customer.seed),
    site: siteOfCustomer(customer, new Map(controls)),
    log: lineLog,
    everyMs: flags.every * 1000,
    ...(flags.steps === undefined ? {} : { steps: flags.steps }),
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void running.stop());
  await running.over;
}

const writeLine = (fields: LogFields, name: string): void => {
  process.stderr.write(`${JSON.stringify({ name, ...fields })}\n`);
};
const lineLog: Log = { debug() {}, info: writeLine, warn: writeLine, error: writeLine };

/** Ctrl-C, a polite kill, and the end of a launcher that said it would close our standard input. */
function stopWhenAsked(served: ServedCabinet): void {
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    served.close().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`${errorText(error)}\n`);
        process.exit(1);
      },
    );
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  if (process.env.TAGTRAIL_STOP_WITH_STDIN === '1') process.stdin.on('end', stop).on('error', stop).resume();
}

function portNumber(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new InvalidArgumentError('a port is a whole number between 0 and 65535');
}

function controlList(text: string): readonly ControlAddress[] {
  return text.split(',').map((one) => {
    const [, key, address] = /^(?:([a-z0-9-]+)=)?(https?:\/\/[^/]+)\/?$/.exec(one.trim()) ?? [];
    if (address !== undefined) return { key, address };
    throw new InvalidArgumentError(`"${one}" is neither http://HOST:PORT nor KEY=http://HOST:PORT`);
  });
}

function seconds(text: string): number {
  const value = Number(text);
  if (value > 0 && value <= 86_400) return value;
  throw new InvalidArgumentError('a time in seconds, more than 0');
}

function countNumber(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new InvalidArgumentError('a whole number, 1 or more');
}

program.parseAsync().catch((error: unknown) => {
  process.stderr.write(`${errorText(error)}\n`);
  process.exit(1);
});
