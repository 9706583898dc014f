import { Command, InvalidArgumentError } from 'commander';
import { type Comparison, compareRecordings, sessionsPerRecording } from '../world/compare-recordings.js';
import { countNumber, percentNumber } from './option-values.js';

interface FlipsFlags {
  readonly sessions: number;
  readonly seed: string;
  readonly missed: number;
  readonly set: Readonly<Record<string, number>>;
  readonly json?: boolean;
}

export const flipsCommand = new Command('flips')
  .description('Records sessions byte by byte, plays them to other settings of the agent, and names what flips.')
  .requiredOption(
    '--set <name=number>',
    'a setting of `presence` in the settings file of the agent; may be repeated',
    setting,
  )
  .option('--sessions <count>', `how many; each recording holds ${sessionsPerRecording} of them`, countNumber, 100)
  .option('--seed <seed>', 'dice', '1')
  .option('--missed <percent>', 'reads that are missed on top of what distance costs', percentNumber, 5)
  .option('--json', 'print one JSON line and nothing else on standard output')
  .addHelpText(
    'after',
    '\nEnds with 1 when the same settings came to another conclusion from the same bytes.\nExample: npm run sim -- flips --sessions 1000 --set strongRssiDbm=-55 --set maxMs=2500',
  )
  .action(flips);

async function flips({ sessions, seed, missed, set, json }: FlipsFlags): Promise<void> {
  let told = 0;
  const result = await compareRecordings({
    ...{ sessions, seed, presence: set, missedPercent: missed },
    onRecording: (so) => {
      if (so.sessions - told < 100 && so.sessions < sessions) return;
      told = so.sessions;
      process.stderr.write(`${so.sessions} sessions: ${so.lines} lines, ${toolsOf(so.flipped)} flipped\n`);
    },
  });
  process.stdout.write(json === true ? `${JSON.stringify(result)}\n` : sentencesOf(result));
  if (result.unrepeated.length > 0) process.exitCode = 1;
}

function toolsOf(found: Comparison['flipped']): number {
  return found.reduce((sum, { tools }) => sum + tools.length, 0);
}

function sentencesOf({ sessions, lines, disputed, unrepeated, flipped }: Comparison): string {
  const named = (what: string, found: Comparison['flipped']): string =>
    found.map(({ recording, tools }) => `  ${what} in ${recording}: ${tools.join(', ')}\n`).join('');
  return (
    `${sessions} sessions, ${lines} lines: ${toolsOf(flipped)} tools flip; ` +
    `${disputed.recorded} lines were left to a person, ${disputed.changed} would be\n` +
    named('flipped', flipped) +
    named('not repeated by the same settings', unrepeated)
  );
}

function setting(text: string, before: Readonly<Record<string, number>> = {}): Readonly<Record<string, number>> {
  const [name = '', value = ''] = text.split('=');
  if (name === '' || value.trim() === '' || !Number.isFinite(Number(value)))
    throw new InvalidArgumentError('It must be a name, = and a number, like maxMs=2500.');
  return { ...before, [name]: Number(value) };
}
