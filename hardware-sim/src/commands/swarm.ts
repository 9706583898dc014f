import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { repeat } from '@tagtrail/shared/time/clock.js';
import { systemClock } from '@tagtrail/shared/time/system-clock.js';
import { Command } from 'commander';
import type { SeedVerdict } from '../world/swarm-worker.js';
import { countNumber } from './option-values.js';

export const swarmCommand = new Command('swarm')
  .description('Plays random worlds with random faults, one for each seed, and holds each against the invariants.')
  .option('--seeds <count>', 'how many seeds', countNumber, 100)
  .option('--from <seed>', 'the first seed', (text) => Number(text), 1)
  .option('--seed <seed>', 'this one seed only, with everything that happens in it', (text) => Number(text))
  .option('--workers <count>', 'threads', countNumber)
  .option('--json', 'print one JSON line and nothing else')
  .action(swarm);

/** So often the standard error hears how far it is. */
const progressEveryMs = 5_000;
/** A seed takes a fraction of a second of a core; one that takes so long never ends. */
const endlessAfterMs = 60_000;
/** Nearly everything in a world is gone within a second of it; more room for what is new saves copying it. */
const newObjectsMb = 96;

interface SwarmFlags {
  readonly seeds: number;
  readonly from: number;
  readonly seed?: number;
  readonly workers?: number;
  readonly json?: boolean;
}

async function swarm(flags: SwarmFlags): Promise<void> {
  if (flags.seed !== undefined) return await showSeed(flags.seed);
  const startedMs = systemClock.monotonicMs();
  const workers = Math.min(flags.workers ?? Math.min(4, availableParallelism()), flags.seeds);
  const { checkers } = await import('../checkers/all-checkers.js');
  const failed: SeedVerdict[] = [];
  let next = flags.from;
  const end = flags.from + flags.seeds;
  const totals = { seeds: 0, worldMs: 0, events: 0 };
  const onVerdict = (verdict: SeedVerdict): void => {
    totals.seeds++;
    totals.worldMs += verdict.worldMs;
    totals.events += verdict.events;
    if (verdict.violations.length === 0) return;
    failed.push(verdict);
    if (flags.json !== true) process.stdout.write(`${verdictText(verdict)}\n`);
  };
  const progress = repeat(systemClock, 'swarm.progress', progressEveryMs, () => {
    process.stderr.write(`${totals.seeds} of ${flags.seeds} seeds, ${failed.length} failed\n`);
  });
  const nextSeed = (): number | undefined => (next < end ? next++ : undefined);
  await Promise.all(Array.from({ length: workers }, () => runWorker(nextSeed, onVerdict)));
  progress.cancel();
  const seconds = (systemClock.monotonicMs() - startedMs) / 1000;
  const { seeds, events, worldMs } = totals;
  const invariants = [...checkers.map(({ id }) => id), 'I14'];
  const summary = { seeds, failed: failed.length, events, worldHours: worldMs / 3_600_000, seconds, invariants };
  const lines =
    flags.json === true
      ? [JSON.stringify({ ...summary, failures: failed.map(({ seed, violations }) => ({ seed, violations })) })]
      : [
          ...checkers.map(({ id, sentence }) => `${id.padEnd(4)} ${sentence}`),
          'I14  a wrong wall clock changes neither the order of events nor to whom they are attributed',
          `${seeds} seeds, ${events} events, ${(worldMs / 3_600_000).toFixed(1)} simulated hours in ${seconds.toFixed(1)} s: ${failed.length === 0 ? 'no invariant broken' : `${failed.length} seeds broke an invariant`}`,
        ];
  process.stdout.write(`${lines.join('\n')}\n`);
  process.exitCode = failed.length === 0 ? 0 : 1;
}

function verdictText({ seed, violations }: SeedVerdict): string {
  const list = violations.slice(0, 5).map((violation) => `  ${violation}`);
  return [`seed ${seed} FAILED`, ...list, `  repeat with: npm run sim -- swarm --seed ${seed}`].join('\n');
}

/** Plays seed after seed in a thread until there is none left; a seed that does not end costs its thread and fails. */
async function runWorker(nextSeed: () => number | undefined, onVerdict: (verdict: SeedVerdict) => void): Promise<void> {
  let worker: Worker | undefined;
  for (let seed = nextSeed(); seed !== undefined; seed = nextSeed()) {
    worker ??= new Worker(fileURLToPath(new URL('../world/swarm-worker.js', import.meta.url)), {
      resourceLimits: { maxYoungGenerationSizeMb: newObjectsMb },
    });
    const verdict = await playIn(worker, seed);
    onVerdict(verdict ?? { seed, violations: ['it does not end'], worldMs: 0, events: 0 });
    if (verdict !== undefined) continue;
    await worker.terminate();
    worker = undefined;
  }
  await worker?.terminate();
}

/** Undefined for a seed that does not end. */
function playIn(worker: Worker, seed: number): Promise<SeedVerdict | undefined> {
  return new Promise((resolve, reject) => {
    const timer = systemClock.startTimer('swarm.seed', endlessAfterMs, () => resolve(undefined));
    worker.removeAllListeners();
    worker.once('error', reject);
    worker.once('message', (verdict: SeedVerdict) => {
      timer.cancel();
      resolve(verdict);
    });
    worker.postMessage(seed);
  });
}

async function showSeed(seed: number): Promise<void> {
  const { runSwarmSeed } = await import('../world/swarm-run.js');
  const { describeAct } = await import('../world/swarm-plan.js');
  const result = await runSwarmSeed(seed);
  const lines = [
    `seed ${seed}: tags are heard ${result.plan.readPercent} % of the time`,
    ...result.plan.acts.map((act) => `  ${describeAct(act)}`),
    'really moved:',
    ...result.run.moves.map(
      ({ kind, epc, person, atMs, blind }) =>
        `  ${(atMs / 1000).toFixed(3)} s ${kind} ${result.run.tools.find((tool) => tool.epc === epc)?.name ?? epc} by ${person ?? 'nobody'}${blind ? ' (power failed)' : ''}`,
    ),
    'recorded:',
    ...result.eventLog.map((line) => `  ${line}`),
    ...(result.violations.length === 0 ? ['no invariant broken'] : ['broken:', ...result.violations]),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  process.exitCode = result.violations.length === 0 ? 0 : 1;
}
