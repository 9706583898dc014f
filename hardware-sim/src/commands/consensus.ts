import { Command } from 'commander';
import { type ConsensusResult, runConsensus, sessionsPerCabinet } from '../world/consensus.js';
import type { Conditions } from '../world/consensus-cabinet.js';
import { countNumber, percentNumber, wholeNumber } from './option-values.js';

interface ConsensusFlags {
  readonly sessions: number;
  readonly seed: string;
  readonly cabinet?: number;
  readonly missed: number;
  readonly strays: number;
  readonly neighbour: number;
  readonly shadowed: number;
  readonly json?: boolean;
}

export const consensusCommand = new Command('consensus')
  .description("Plays sessions against the agent's own counting and compares every line with what really happened.")
  .option('--sessions <count>', `how many; each cabinet serves ${sessionsPerCabinet} of them`, countNumber, 1000)
  .option('--seed <seed>', 'dice', '1')
  .option('--cabinet <number>', 'only this cabinet of the run', wholeNumber)
  .option('--missed <percent>', 'reads that are missed on top of what distance and metal cost', percentNumber, 5)
  .option('--strays <count>', 'tags that pass by in each sweep', wholeNumber, 2)
  .option('--neighbour <percent>', 'chance to hear a tag in the cabinet next door, in each sweep', percentNumber, 15)
  .option('--shadowed <percent>', 'tools that lie behind metal', percentNumber, 0)
  .option('--json', 'print one JSON line and nothing else on standard output')
  .addHelpText('after', '\nEnds with 1 when a line was wrong; each one is told with a command that repeats it.')
  .action(consensus);

async function consensus(flags: ConsensusFlags): Promise<void> {
  const conditions: Conditions = {
    missedPercent: flags.missed,
    straysPerRound: flags.strays,
    neighbourPercent: flags.neighbour,
    shadowedPercent: flags.shadowed,
  };
  let told = 0;
  const result = await runConsensus({
    sessions: flags.sessions,
    seed: flags.seed,
    conditions,
    ...(flags.cabinet === undefined ? {} : { cabinet: flags.cabinet }),
    // One cabinet alone is looked at closely.
    onDisputed: ({ cabinet, session, what }) => {
      if (flags.cabinet !== undefined) process.stderr.write(`cabinet ${cabinet}, session ${session}: ${what}\n`);
    },
    onWrong: ({ cabinet, session, what }) => {
      process.stderr.write(
        `seed ${flags.seed}, cabinet ${cabinet}, session ${session}: ${what}\n  ${again(flags, cabinet)}\n`,
      );
    },
    onCabinet: ({ sessions, lines, wrong, disputed }) => {
      if (sessions - told < 1000 && sessions < flags.sessions) return;
      told = sessions;
      process.stderr.write(`${sessions} sessions: ${lines} lines, ${wrong} wrong, ${disputed} disputed\n`);
    },
  });
  process.stdout.write(flags.json === true ? `${JSON.stringify(figuresOf(result))}\n` : sentenceOf(result));
  if (result.wrong > 0) process.exitCode = 1;
}

/** The command that plays the same cabinet with the same dice once more. */
function again(flags: ConsensusFlags, cabinet: number): string {
  const same = `--missed ${flags.missed} --strays ${flags.strays} --neighbour ${flags.neighbour} --shadowed ${flags.shadowed}`;
  return `npm run sim -- consensus --sessions ${flags.sessions} --seed '${flags.seed}' --cabinet ${cabinet} ${same} --json`;
}

function figuresOf({ settledMs, ...counts }: ConsensusResult) {
  const sorted = [...settledMs].sort((a, b) => a - b);
  const share = (part: number): number => Math.round(sorted[Math.floor((sorted.length - 1) * part)] ?? 0);
  return { ...counts, settledMs: { median: share(0.5), p99: share(0.99), most: share(1) } };
}

function sentenceOf({ sessions, lines, wrong, disputed }: ConsensusResult): string {
  const percent = lines === 0 ? 0 : (100 * disputed) / lines;
  return `${sessions} sessions, ${lines} lines: ${wrong} wrong, ${disputed} disputed (${percent.toFixed(2)} %)\n`;
}
