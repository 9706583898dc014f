import { errorText } from '@tagtrail/shared/error.js';
import { systemClock } from '@tagtrail/shared/time/system-clock.js';
import { Command, InvalidArgumentError } from 'commander';
import { readCabinetFile, type ServedCabinet, serveCabinet } from './serve/serve.js';

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

program.parseAsync().catch((error: unknown) => {
  process.stderr.write(`${errorText(error)}\n`);
  process.exit(1);
});
