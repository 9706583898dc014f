import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError, errorText } from '@tagtrail/shared/error.js';
import type { SampleCustomer } from '@tagtrail/shared/sample/sample-customer.js';
import { systemClock } from '@tagtrail/shared/time/system-clock.js';
import { Command } from 'commander';
import { startShift } from './sample-shift.js';
import { startOptions } from './start-options.js';
import { type RunningSystem, startSystem, waitUntilUsable } from './system.js';

const help = `
Settings (environment):
  PORT            port of the dashboard and the API (8080)
  MQTT_PORT       port of the embedded broker (1883)
  TAGTRAIL_DATA   folder for everything that survives a restart (.tagtrail)
  DATABASE_URL    your own PostgreSQL in place of the embedded one (see cloud/README.md)
  MQTT_URL        your own broker in place of the embedded one`;

/** `npm start`: the whole product with a sample customer, until Ctrl-C. */
export async function main(): Promise<void> {
  const program = new Command('npm start --')
    .description(
      'Starts TagTrail with a sample customer: cloud, dashboard and three simulated cabinets with their agents.',
    )
    .option('--fresh', 'begin anew: forget everything in the data folder', false)
    .option('--no-shift', 'keep the simulated people at home')
    .addHelpText('after', help)
    .parse();
  const flags = program.opts<{ fresh: boolean; shift: boolean }>();
  const began = systemClock.monotonicMs();
  const say = (line: string): void => {
    process.stdout.write(`  ${line}\n`);
  };
  process.stdout.write('TagTrail is starting. Ctrl-C stops it.\n');
  try {
    const root = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));
    const options = startOptions(root, process.env, flags);
    const stopping = stopOnSignal(say);
    const system = await startSystem(options, {
      clock: systemClock,
      say,
      environment: process.env,
      onStoppable: stopping.use,
    });
    stopping.use(system.stop);
    const usable = await waitUntilUsable(system, systemClock, 15_000);
    if (!usable) say('not every cabinet can be used yet; the board shows which');
    process.stdout.write(welcome(system));
    process.stdout.write(`ready in ${((systemClock.monotonicMs() - began) / 1000).toFixed(1)} s\n`);
    if (options.shift) stopping.before(startShift(system, { clock: systemClock }));
  } catch (error) {
    process.stderr.write(`${errorText(error)}\n${whereToLook(error)}`);
    process.exit(1);
  }
}

function whereToLook(error: unknown): string {
  const logFile = error instanceof AppError ? error.detail.logFile : undefined;
  return typeof logFile === 'string' ? `Its log is ${logFile}\n` : '';
}

function welcome(system: RunningSystem): string {
  const admin = system.users.find((user) => user.role === 'admin');
  const lines = [
    '',
    `  Dashboard   ${system.url}`,
    `  Sign in     ${admin?.email}   password: ${admin?.password}`,
    ...system.users
      .filter((user) => user !== admin)
      .map((user) => `              ${user.email}   password: ${user.password}   (${user.role})`),
    `  API         ${system.url}/docs`,
    ...pinsOf(system.customer),
    ...system.cabinets.map(
      (cabinet) => `  Cabinet ${cabinet.name.padEnd(3)} kiosk ${cabinet.kiosk}   simulator ${cabinet.control}`,
    ),
    '',
    '',
  ];
  return lines.join('\n');
}

/** Ways in at a kiosk without a badge. */
function pinsOf({ people, rules }: SampleCustomer): string[] {
  return (rules?.pins ?? []).map(({ person, number, pin }) => {
    const name = people.find(({ key }) => key === person)?.displayName ?? person;
    return `  At a kiosk  number ${number}, PIN ${pin}   (${name})`;
  });
}

/** The first Ctrl-C stops every part in order; a second one stops waiting for them. */
function stopOnSignal(say: (line: string) => void) {
  let stopParts: (() => Promise<void>) | undefined;
  let shift: { stop(): Promise<void> } | undefined;
  let asked = 0;
  const stop = async (): Promise<void> => {
    asked++;
    if (asked > 1 || stopParts === undefined) process.exit(130);
    process.stdout.write('\n');
    say('stopping');
    await shift?.stop();
    await stopParts();
    say('stopped; everything is kept');
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop());
  return {
    use: (stopRunning: () => Promise<void>) => {
      stopParts = stopRunning;
    },
    before: (running: { stop(): Promise<void> }) => {
      shift = running;
    },
  };
}
