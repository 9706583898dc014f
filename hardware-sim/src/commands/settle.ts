import { Command } from 'commander';
import { usualAirTimes } from '../devices/uhf-reader/reader-model.js';
import { runSettle, type SettledSession } from '../world/settle.js';
import { countNumber, seconds } from './option-values.js';

interface SettleFlags {
  readonly tags: number;
  readonly sessions: number;
  readonly seed: string;
  readonly baud: number;
  readonly tagMs: number;
  readonly json?: boolean;
}

export const settleCommand = new Command('settle')
  .description('How long a full cabinet takes from the closed door to the receipt, in virtual time with paced bytes.')
  .option('--tags <count>', 'tags inside', countNumber, 150)
  .option('--sessions <count>', 'how many; in turn nothing moves, one tool is taken, it comes back', countNumber, 30)
  .option('--seed <seed>', 'dice', '1')
  .option('--baud <rate>', 'speed of the line to the reader', countNumber, 115_200)
  .option('--tag-ms <ms>', 'time on the air of each tag that answers in a round', seconds, usualAirTimes.tagMs)
  .option('--json', 'print one JSON line')
  .action(settle);

async function settle({ tags, sessions, seed, baud, tagMs, json }: SettleFlags): Promise<void> {
  const air = { ...usualAirTimes, tagMs };
  const results = await runSettle({ tags, sessions, seed, baudRate: baud, air });
  const figures = {
    ...{ tags, sessions, baud, air: { roundMs: air.roundMs, tagMs } },
    settledMs: quantiles(results),
    quiet: quantiles(results.filter(({ taken, returned }) => taken + returned === 0)),
    taken: quantiles(results.filter(({ taken }) => taken > 0)),
    returned: quantiles(results.filter(({ returned }) => returned > 0)),
    rounds: Math.max(...results.map(({ rounds }) => rounds)),
    lines: results.reduce((sum, { lines }) => sum + lines, 0),
    expected: results.reduce((sum, { taken, returned }) => sum + taken + returned, 0),
    disputed: results.reduce((sum, { disputed }) => sum + disputed, 0),
  };
  const { median, most } = figures.settledMs;
  process.stdout.write(
    json === true
      ? `${JSON.stringify(figures)}\n`
      : `${tags} tags at ${baud} baud, ${tagMs} ms on the air each: the receipt after ${median} ms, at most ${most} ms\n`,
  );
}

function quantiles(results: readonly SettledSession[]) {
  const sorted = results.map(({ settledMs }) => settledMs).sort((a, b) => a - b);
  return { median: sorted[Math.floor(sorted.length / 2)] ?? 0, most: sorted.at(-1) ?? 0 };
}
