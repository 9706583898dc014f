import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { AppError, errorText } from '@tagtrail/shared/error.js';
import { systemClock } from '@tagtrail/shared/time/system-clock.js';
import { Command } from 'commander';
import type { JunitCase } from '../scenario/junit.js';

const runHelp = `
A scenario is a text file of steps and expectations; hardware-sim/scenarios/README.md says what can be
written in one. The whole world runs in this process on a virtual clock: hours take seconds, and the
same seed gives the same bytes and the same events. Exit code 1 when one failed, 2 when one cannot be read.`;

export const runCommand = new Command('run')
  .description('Plays scenarios without hardware and says whether everything came as expected.')
  .argument('<path>', 'a scenario file, or a folder of them')
  .option('--seed <seed>', 'dice of the world', '1')
  .option('--junit <file>', 'write the verdicts as JUnit XML')
  .option('--bytes <file>', 'write every byte that the serial lines carried, one line for each piece')
  .option('--events <file>', 'write every event that the cabinet recorded, as JSON lines')
  .option('--verbose', 'show the events of scenarios that passed, too')
  .addHelpText('after', runHelp)
  .action(run);

interface RunFlags {
  readonly seed: string;
  readonly junit?: string;
  readonly bytes?: string;
  readonly events?: string;
  readonly verbose?: boolean;
}

interface Output {
  readonly bytes: string[];
  readonly events: string[];
}

async function run(path: string, flags: RunFlags): Promise<void> {
  const files = scenarioFiles(path);
  const output: Output = { bytes: [], events: [] };
  const cases: JunitCase[] = [];
  for (const file of files) cases.push(await runFile(file, flags, output));
  if (flags.bytes !== undefined) writeText(flags.bytes, output.bytes.join(''));
  if (flags.events !== undefined) writeText(flags.events, output.events.join(''));
  if (flags.junit !== undefined) {
    const { junitReport } = await import('../scenario/junit.js');
    writeText(flags.junit, junitReport(path, cases));
  }
  const failed = cases.filter(({ failure }) => failure !== undefined);
  const unreadable = failed.some(({ properties }) => properties.outcome === 'unreadable');
  process.stdout.write(`${cases.length - failed.length} passed, ${failed.length} failed, seed ${flags.seed}\n`);
  process.exitCode = unreadable ? 2 : failed.length > 0 ? 1 : 0;
}

async function runFile(file: string, flags: RunFlags, output: Output): Promise<JunitCase> {
  const { parseScenario } = await import('../scenario/parse-scenario.js');
  const { runScenario } = await import('../scenario/run-scenario.js');
  const startedMs = systemClock.monotonicMs();
  const repeat = `npm run sim -- run ${file} --seed ${flags.seed}`;
  const base = { file, properties: { seed: flags.seed, repeat } };
  const seconds = (): number => (systemClock.monotonicMs() - startedMs) / 1000;
  let scenario: ReturnType<typeof parseScenario>;
  try {
    scenario = parseScenario(readFileSync(file, 'utf8'), file);
  } catch (error) {
    const text = errorText(error);
    process.stdout.write(`UNREADABLE ${file}\n${text}\n`);
    const properties = { ...base.properties, outcome: 'unreadable' };
    return { ...base, properties, name: file, seconds: seconds(), failure: { message: 'unreadable', text } };
  }
  const onBytes =
    flags.bytes === undefined
      ? {}
      : {
          onBytes: ({ atMs, device, way, hex }: { atMs: number; device: string; way: string; hex: string }) => {
            output.bytes.push(`${file} ${atMs.toFixed(3)} ${device} ${way === 'to host' ? '>' : '<'} ${hex}\n`);
          },
        };
  const result = await runScenario(scenario, { seed: flags.seed, ...onBytes });
  output.events.push(...result.events.map((line) => `${line}\n`));
  const took = seconds();
  const worldSeconds = (result.worldMs / 1000).toFixed(0);
  const { failure } = result;
  const verdict = failure === undefined ? 'ok    ' : 'FAILED';
  process.stdout.write(`${verdict} ${file}: ${result.title} (${worldSeconds} s in ${took.toFixed(2)} s)\n`);
  if (flags.verbose === true) process.stdout.write(`${result.eventLog.join('\n')}\n`);
  if (failure === undefined) return { ...base, name: result.title, seconds: took, failure };
  const place = failure.line === null ? file : `${file}:${failure.line}`;
  const text = [`${place}: ${failure.problem}`, ...failure.diff, `seed ${flags.seed}; repeat with: ${repeat}`].join(
    '\n',
  );
  process.stdout.write(`${text}\n`);
  return { ...base, name: result.title, seconds: took, failure: { message: failure.problem, text } };
}

/** The file, or the scenario files under the folder in the order of their names. */
function scenarioFiles(path: string): readonly string[] {
  let isFolder: boolean;
  try {
    isFolder = statSync(path).isDirectory();
  } catch {
    throw new AppError('scenario.missing', `${path} is neither a scenario nor a folder of scenarios.`, {
      kind: 'operator',
    });
  }
  if (!isFolder) return [path];
  const found = readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.scenario'))
    .sort();
  if (found.length > 0) return found.map((name) => relative('.', join(path, name)));
  throw new AppError('scenario.missing', `There is no *.scenario file in ${path}.`, { kind: 'operator' });
}

function writeText(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
