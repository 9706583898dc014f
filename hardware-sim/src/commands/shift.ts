import type { Log, LogFields } from '@tagtrail/shared/log/log.js';
import { seededRandom } from '@tagtrail/shared/random/seeded-random.js';
import { sampleCustomer } from '@tagtrail/shared/sample/sample-customer.js';
import { systemClock } from '@tagtrail/shared/time/system-clock.js';
import { Command, InvalidArgumentError } from 'commander';
import { playShift, siteOfCustomer } from '../people/shift.js';
import { readJsonFile } from '../serve/serve.js';
import { countNumber, seconds } from './option-values.js';

export const shiftCommand = new Command('shift')
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

function controlList(text: string): readonly ControlAddress[] {
  return text.split(',').map((one) => {
    const [, key, address] = /^(?:([a-z0-9-]+)=)?(https?:\/\/[^/]+)\/?$/.exec(one.trim()) ?? [];
    if (address !== undefined) return { key, address };
    throw new InvalidArgumentError(`"${one}" is neither http://HOST:PORT nor KEY=http://HOST:PORT`);
  });
}
