import { systemClock } from '@tagtrail/shared/time/system-clock.js';
import { Command } from 'commander';
import { readCabinetFile, serveCabinet } from '../serve/serve.js';
import { localAddress, portNumber } from './option-values.js';
import { stopWhenAsked } from './stop-with-stdin.js';

const serveHelp = `
It prints one line when it is ready, and runs until Ctrl-C:
  {"control":"http://127.0.0.1:PORT","ports":{"uhf":"/dev/pts/N","badge":"...","lock":"..."}}
Open the control in a browser to play with the cabinet.`;

export const serveCommand = new Command('serve')
  .description('Opens the serial ports of one virtual cabinet and an HTTP control for the people in front of it.')
  .requiredOption('--cabinet <file>', 'what is in the cabinet (JSON, see hardware-sim/README.md)')
  .requiredOption('--control <port>', 'port of the control on 127.0.0.1; 0 takes any free one', portNumber)
  .option('--links <folder>', 'keep links named uhf, badge and lock here, also after a port is plugged in again')
  .option('--seed <seed>', "dice, in place of the cabinet file's seed")
  .option(
    '--kiosk <url>',
    "where the agent shows this cabinet's screen, for its conclusions beside the reads",
    localAddress,
  )
  .addHelpText('after', serveHelp)
  .action(serve);

interface ServeFlags {
  readonly cabinet: string;
  readonly control: number;
  readonly links?: string;
  readonly seed?: string;
  readonly kiosk?: string;
}

async function serve(flags: ServeFlags): Promise<void> {
  const served = await serveCabinet(
    {
      file: readCabinetFile(flags.cabinet),
      controlPort: flags.control,
      ...(flags.links === undefined ? {} : { linksFolder: flags.links }),
      ...(flags.seed === undefined ? {} : { seed: flags.seed }),
      ...(flags.kiosk === undefined ? {} : { kiosk: flags.kiosk }),
    },
    { clock: systemClock },
  );
  stopWhenAsked(served);
  process.stdout.write(`${JSON.stringify({ control: served.control, ports: served.ports })}\n`);
}
