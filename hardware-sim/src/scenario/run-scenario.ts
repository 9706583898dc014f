import { errorText } from '@tagtrail/shared/error.js';
import { violationsOf } from '../checkers/all-checkers.js';
import { describeEvent, worldTime } from '../world/describe-event.js';
import { endRun } from '../world/end-run.js';
import { createWorld, type LineBytes, type World } from '../world/world.js';
import { holds, mustLast } from './check-expectation.js';
import { playStep } from './play-step.js';
import { createRecording, firstDifference, type Played } from './recording.js';
import type { PlacedStep, Scenario, SeenExpectation } from './step.js';

export interface ScenarioResult {
  readonly title: string;
  /** Undefined when everything came as expected and no invariant is broken. */
  readonly failure: ScenarioFailure | undefined;
  /** What the cabinet recorded, one line each, in the words of a scenario. */
  readonly eventLog: readonly string[];
  /** The events themselves, one JSON line each. */
  readonly events: readonly string[];
  readonly worldMs: number;
}

export interface ScenarioFailure {
  /** Line of the scenario; null for an invariant that broke. */
  readonly line: number | null;
  readonly problem: string;
  /** `-` what was expected, `+` what was recorded instead. */
  readonly diff: readonly string[];
}

export interface ScenarioOptions {
  readonly seed: string | number;
  readonly onBytes?: (bytes: LineBytes) => void;
}

/** How often an expectation is looked at until it holds. */
const lookEveryMs = 50;

/** Plays a scenario in a world of its own and holds it against what it expects and against the invariants. */
export async function runScenario(scenario: Scenario, options: ScenarioOptions): Promise<ScenarioResult> {
  const isPlayedAgain = scenario.steps.some(({ step }) => isSameAgain(step));
  const played = await begin(isPlayedAgain ? options : { ...options, isRecorded: false });
  const { world } = played;
  const failure = await playSteps(played, scenario.steps, (steps) => playAgain(steps, options));
  const run = await endRun(world, { diskBytes: world.machine.disk.usedBytes(), pending: world.machine.pending() ?? 0 });
  const broken = violationsOf(run);
  const eventLog = world.machine.events.map(
    ({ atMs, event }) => `${worldTime(atMs)}  ${describeEvent(world.cast, event)}`,
  );
  return {
    title: scenario.title,
    failure:
      failure ??
      (broken.length === 0
        ? undefined
        : {
            line: null,
            problem: `an invariant is broken: ${broken.join('; ')}`,
            diff: eventLog.map((line) => `+ ${line}`),
          }),
    eventLog,
    events: world.machine.events.map(({ event }) => JSON.stringify(event)),
    worldMs: world.clock.monotonicMs(),
  };
}

async function begin(options: ScenarioOptions & { readonly isRecorded?: boolean }): Promise<Played> {
  const recording = createRecording(options.onBytes);
  const onBytes = options.isRecorded === false ? options.onBytes : recording.hear;
  const world = createWorld({ seed: options.seed, ...(onBytes === undefined ? {} : { onBytes }) });
  await world.begin();
  return { world, recording };
}

/** A second world of the same seed, as far as the first one has come. */
async function playAgain(steps: readonly PlacedStep[], { seed }: ScenarioOptions): Promise<Played> {
  const played = await begin({ seed });
  const before = steps.filter(({ step }) => !isSameAgain(step));
  await playSteps(played, before, () => Promise.reject(new Error('a world is played again once')));
  return played;
}

function isSameAgain(step: PlacedStep['step']): boolean {
  return step.kind === 'expect' && step.expectation.kind === 'same again';
}

async function playSteps(
  played: Played,
  steps: readonly PlacedStep[],
  again: (steps: readonly PlacedStep[]) => Promise<Played>,
): Promise<ScenarioFailure | undefined> {
  const { world } = played;
  let since = 0;
  for (const [index, { line, text, step }] of steps.entries()) {
    const failed = (problem: string, expected: readonly string[]): ScenarioFailure => {
      const recorded = world.machine.events.slice(since);
      const lines = recorded.map(({ atMs, event }) => `+ ${worldTime(atMs)}  ${describeEvent(world.cast, event)}`);
      return { line, problem, diff: [...expected, ...(lines.length === 0 ? ['+ nothing was recorded'] : lines)] };
    };
    try {
      if (step.kind === 'expect') {
        if (step.expectation.kind === 'same again') {
          const diff = firstDifference(played, await again(steps.slice(0, index)));
          if (diff.length > 0) return { line, problem: 'the second world goes another way', diff };
          continue;
        }
        const met = await expectStep(world, { ...step, expectation: step.expectation }, () =>
          world.machine.events.slice(since).map(({ event }) => event),
        );
        if (!met) return failed(`not so: ${text}`, [`- ${text.replace(/^expect /, '')}`]);
        continue;
      }
      if (step.kind !== 'wait') since = world.machine.events.length;
      await playStep(world, step);
    } catch (error) {
      return failed(`"${text}" cannot be done: ${errorText(error)}`, []);
    }
  }
  return undefined;
}

async function expectStep(
  world: World,
  { expectation, withinMs }: { readonly expectation: SeenExpectation; readonly withinMs: number },
  since: () => Parameters<typeof holds>[2],
): Promise<boolean> {
  const lasts = mustLast(expectation);
  for (let waitedMs = 0; ; waitedMs += lookEveryMs) {
    const met = await holds(expectation, world, since());
    if (met !== lasts) return met;
    if (waitedMs >= withinMs) return met;
    await world.clock.advance(lookEveryMs);
  }
}
