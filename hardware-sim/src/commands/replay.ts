import { readFileSync } from 'node:fs';
import { AppError, errorText } from '@tagtrail/shared/error.js';
import { traceDevices } from '@tagtrail/shared/serial/trace.js';
import { systemClock } from '@tagtrail/shared/time/system-clock.js';
import { Command } from 'commander';
import { readTrace } from '../replay/read-trace.js';
import { startReplay } from '../replay/replay.js';
import { createLinks } from '../serve/links.js';
import { openPty } from '../serve/pty.js';
import { stopWhenAsked } from './stop-with-stdin.js';

const replayHelp = `
It prints a line when the ports are there, waits for an agent, and prints another when all has been said:
  {"ready":true,"ports":{"uhf":"/dev/pts/N","badge":"...","lock":"..."}}
  {"ended":true,"uhf":{"known":812,"repeated":0,"unknownBytes":0},...}
Record a trace with: npm run edge -- --config FILE --record TRACE`;

export const replayCommand = new Command('replay')
  .description('Plays a recorded serial trace back over pseudo-terminals.')
  .argument('<trace>', 'what `npm run edge -- --record` wrote')
  .requiredOption('--links <folder>', 'keep links named uhf, badge and lock here, for the settings of the agent')
  .addHelpText('after', replayHelp)
  .action(replay);

function replay(file: string, { links: folder }: { links: string }): void {
  const trace = readTrace(textOf(file));
  const links = createLinks(folder);
  const paths: Record<string, string> = {};
  const running = startReplay({
    ...{ trace, clock: systemClock, openPort: () => openPty(systemClock) },
    onPath: (device, path) => {
      links.point(device, path);
      if (path === undefined) delete paths[device];
      else paths[device] = path;
    },
    onEnd: () => {
      process.stdout.write(`${JSON.stringify({ ended: true, ...running.counts() })}\n`);
    },
  });
  stopWhenAsked({
    close: async () => {
      running.close();
      for (const device of traceDevices) links.point(device, undefined);
    },
  });
  process.stdout.write(`${JSON.stringify({ ready: true, ports: paths, unreadable: trace.unreadable })}\n`);
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new AppError('sim.file_unreadable', `The trace ${file} cannot be read: ${errorText(cause)}`, {
      kind: 'operator',
      cause,
    });
  }
}
