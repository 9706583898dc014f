import { systemClock } from '@tagtrail/shared/time/system-clock.js';

/** The median seconds of `runs` runs of two ways to do the same work, taken in turn so that drift hits both. */
export async function inTurn(
  runs: number,
  ours: () => void | Promise<void>,
  theirs: () => void | Promise<void>,
): Promise<{ readonly oursS: number; readonly theirsS: number }> {
  const seconds: [number[], number[]] = [[], []];
  await ours();
  await theirs();
  for (let run = 0; run < runs; run++) {
    seconds[0].push(await timed(ours));
    seconds[1].push(await timed(theirs));
  }
  return { oursS: median(seconds[0]), theirsS: median(seconds[1]) };
}

async function timed(work: () => void | Promise<void>): Promise<number> {
  const began = systemClock.monotonicMs();
  await work();
  return (systemClock.monotonicMs() - began) / 1000;
}

function median(list: number[]): number {
  const sorted = [...list].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] as number;
}

/** One JSON line on standard output. */
export function printResult(result: Readonly<Record<string, unknown>>): void {
  process.stdout.write(`${JSON.stringify(result)}\n`);
}

export function rounded(value: number, digits = 2): number {
  return Number(value.toFixed(digits));
}
