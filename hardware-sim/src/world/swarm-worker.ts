import { parentPort } from 'node:worker_threads';
import { errorText } from '@tagtrail/shared/error.js';
import { runSwarmSeed } from './swarm-run.js';

/** What a thread answers for a seed. */
export interface SeedVerdict {
  readonly seed: number;
  readonly violations: readonly string[];
  readonly worldMs: number;
  readonly events: number;
}

async function verdictOf(seed: number): Promise<SeedVerdict> {
  try {
    const { violations, worldMs, run } = await runSwarmSeed(seed);
    return { seed, violations, worldMs, events: run.journal.events.length };
  } catch (error) {
    return { seed, violations: [`the world broke down: ${errorText(error)}`], worldMs: 0, events: 0 };
  }
}

parentPort?.on('message', (seed: number) => {
  void verdictOf(seed).then((verdict) => parentPort?.postMessage(verdict));
});
