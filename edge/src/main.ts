#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { AppError, errorText, isAppError } from '@tagtrail/shared/error.js';
import { systemRandom } from '@tagtrail/shared/random/system-random.js';
import { systemClock } from '@tagtrail/shared/time/system-clock.js';
import { Command, CommanderError, Option } from 'commander';
import { destination, type Logger, pino } from 'pino';
import { parseCredentials, parseEdgeConfig, settingsHelp } from './config.js';
import { lockData } from './data-lock.js';
import { doctorCommand } from './doctor/doctor-command.js';
import { enrolCommand } from './enrol/enrol-command.js';
import { openTraceFile } from './record/trace-recorder.js';
import { runEdge } from './run-edge.js';

/** 0 stopped as asked, 1 broke down, 2 something an operator has to change first. */
const exitCodes = { stopped: 0, broken: 1, unusable: 2 } as const;
const stopWithinMs = 8_000;
const agentVersion = versionOf(new URL('../package.json', import.meta.url));

interface RunOptions {
  readonly config?: string;
  readonly logLevel: string;
  readonly record?: string;
}

async function main(): Promise<void> {
  const program = new Command('edge')
    .description('The agent of one cabinet: reads its devices, keeps its journal, reports to the cloud.')
    .option('-c, --config <file>', 'settings of this cabinet, YAML or JSON (required to run the agent)')
    .addOption(
      new Option('--log-level <level>', 'how much is written to standard error')
        .choices(['debug', 'info', 'warn', 'error', 'silent'])
        .default('info'),
    )
    .option('--record <trace>', 'write every byte of every device into this file, with its time and direction')
    .version(agentVersion)
    .addHelpText('after', `\nSettings of the file, with their defaults:\n${settingsHelp()}`)
    .enablePositionalOptions()
    .exitOverride()
    .action(runAgent);
  for (const command of [enrolCommand, doctorCommand]) program.addCommand(command.exitOverride());
  await program.parseAsync();
}

async function runAgent({ config: file, logLevel, record }: RunOptions, command: Command): Promise<void> {
  if (file === undefined) {
    command.error("error: required option '-c, --config <file>' not specified", { exitCode: exitCodes.unusable });
    return;
  }
  // Written at once: the last lines before a crash are the ones that matter.
  const lines = destination({ dest: 2, sync: true });
  // A log that nobody reads any more is no reason to stop watching the cabinet.
  lines.on('error', () => {});
  const log = pino({ level: logLevel, base: null }, lines);
  await start(resolve(file), log, record === undefined ? undefined : resolve(record));
}

async function start(file: string, log: Logger, traceFile: string | undefined): Promise<void> {
  const config = parseEdgeConfig(readText(file, 'the configuration'), file);
  const near = dirname(file);
  const credentialsFile = resolve(near, config.credentials);
  const credentials = parseCredentials(readText(credentialsFile, 'the credentials'), credentialsFile);
  const trust = config.mqttCa === undefined ? {} : { mqttCa: readText(resolve(near, config.mqttCa), 'mqttCa') };
  const data = resolve(near, config.data);
  const lock = lockData(data, process.pid);
  process.on('exit', lock.release);
  const platform = { clock: systemClock, random: systemRandom, log };
  const trace = traceFile === undefined ? {} : { trace: openTraceFile(traceFile, platform) };
  const edge = await runEdge({ config, credentials, data, agentVersion, ...platform, ...trace, ...trust });

  let stopping = false;
  const stop = (reason: string): void => {
    if (stopping) process.exit(exitCodes.broken);
    stopping = true;
    log.info({ reason }, 'edge.agent.stopping');
    systemClock.startTimer('edge.stop', stopWithinMs, () => process.exit(exitCodes.broken));
    edge.stop(reason).then(
      () => process.exit(exitCodes.stopped),
      (error) => breakDown(error, log),
    );
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop(signal));
  // A launcher that is gone, however it went, closes our standard input.
  if (process.env.TAGTRAIL_STOP_WITH_STDIN === '1') process.stdin.on('end', () => stop('launcher gone')).resume();
  process.on('uncaughtException', (error) => breakDown(error, log));
  process.on('unhandledRejection', (error) => breakDown(error, log));
  log.info({ cabinet: credentials.cabinet, kiosk: edge.kiosk }, 'edge.agent.started');
  process.stdout.write(`${JSON.stringify({ ready: true, cabinet: credentials.cabinet, kiosk: edge.kiosk })}\n`);
}

function versionOf(packageFile: URL): string {
  return (JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string }).version;
}

function readText(file: string, what: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new AppError('config.unreadable', `${what} cannot be read: ${errorText(cause)}`, { kind: 'operator', cause });
  }
}

function breakDown(error: unknown, log: Logger): void {
  log.error({ error: errorText(error), stack: error instanceof Error ? error.stack : null }, 'edge.agent.broken');
  process.exit(exitCodes.broken);
}

main().catch((error: unknown) => {
  // Commander has written its own message already, and help is not an error.
  if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? exitCodes.stopped : exitCodes.unusable);
  const foreseen = isAppError(error) && error.kind === 'operator';
  process.stderr.write(`${foreseen || !(error instanceof Error) ? errorText(error) : error.stack}\n`);
  process.exit(foreseen ? exitCodes.unusable : exitCodes.broken);
});
