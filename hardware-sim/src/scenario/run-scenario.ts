import { errorText } from '@tagtrail/shared/error.js';
import type { TraceEvent } from '@tagtrail/shared/events/trace-event.js';
import { violationsOf } from '../checkers/all-checkers.js';
import { describeEvent, worldTime } from '../world/describe-event.js';
import { endRun } from '../world/end-run.js';
import { type FleetWorldFigures, playFleetWorld } from '../world/fleet-world.js';
import { flippedTools, replayRecording } from '../world/replay-recording.js';
import { createWorld, type LineBytes, type World } from '../world/world.js';
import { holds, mustLast } from './check-expectation.js';
import { playStep } from './play-step.js';
import { createRecording, firstDifference, type Played } from './recording.js';
import type { Expectation, PlacedStep, Scenario, SeenExpectation, Step } from './step.js';

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
  const stage = await begin(
    options,
    scenario.steps.map(({ step }) => step),
  );
  const { world } = stage;
  const failure = await playSteps(stage, scenario.steps);
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

/** A world, and what a second one is made of and held against. */
interface Stage extends Played {
  readonly seed: string | number;
  /** What the newest replay concluded. */
  replayed: readonly TraceEvent[];
  /** How the newest fleet did. */
  fleet: FleetWorldFigures | undefined;
}

async function begin({ seed, onBytes }: ScenarioOptions, steps: readonly Step[]): Promise<Stage> {
  const keepPieces = steps.some(({ kind }) => kind === 'replay');
  const recording = createRecording({ passOn: onBytes, keepPieces });
  const isRecorded = keepPieces || steps.some(isOfSecondWorld);
  const hear = isRecorded ? recording.hear : onBytes;
  const world = createWorld({ seed, ...(hear === undefined ? {} : { onBytes: hear }) });
  await world.begin();
  return { world, recording, seed, replayed: [], fleet: undefined };
}

function isOfSecondWorld(step: Step): boolean {
  if (step.kind !== 'expect') return step.kind === 'replay' || step.kind === 'fleet';
  return ['same again', 'flipped', 'fleet complete', 'fleet p99'].includes(step.expectation.kind);
}

async function playSteps(stage: Stage, steps: readonly PlacedStep[]): Promise<ScenarioFailure | undefined> {
  const { world } = stage;
  let since = 0;
  for (const [index, { line, text, step }] of steps.entries()) {
    const failed = (problem: string, expected: readonly string[]): ScenarioFailure => {
      const recorded = world.machine.events.slice(since);
      const lines = recorded.map(({ atMs, event }) => `+ ${worldTime(atMs)}  ${describeEvent(world.cast, event)}`);
      return { line, problem, diff: [...expected, ...(lines.length === 0 ? ['+ nothing was recorded'] : lines)] };
    };
    try {
      if (isOfSecondWorld(step)) {
        const diff = await playSecondWorld(stage, step, steps.slice(0, index));
        if (diff.length > 0) return { line, problem: `not so: ${text}`, diff };
        continue;
      }
      if (step.kind === 'expect') {
        const expectation = step.expectation as SeenExpectation;
        const met = await expectStep(world, { ...step, expectation }, () =>
          world.machine.events.slice(since).map(({ event }) => event),
        );
        if (!met) return failed(`not so: ${text}`, [`- ${text.replace(/^expect /, '')}`]);
        continue;
      }
      if (step.kind !== 'wait') since = world.machine.events.length;
      await playStep(world, step as Parameters<typeof playStep>[1]);
    } catch (error) {
      return failed(`"${text}" cannot be done: ${errorText(error)}`, []);
    }
  }
  return undefined;
}

/** Plays what the lines carried to another agent, or all of it in a second world of the same seed; tells what differs. */
async function playSecondWorld(stage: Stage, step: Step, before: readonly PlacedStep[]): Promise<readonly string[]> {
  const { world, recording, seed } = stage;
  if (step.kind === 'replay') {
    stage.replayed = await replayRecording({ pieces: recording.pieces, seed, presence: step.presence });
    return [];
  }
  if (step.kind === 'fleet') {
    stage.fleet = await playFleetWorld({ ...step, seed, weather: world.network.weather() });
    return [];
  }
  if (step.kind !== 'expect') return [];
  if (step.expectation.kind === 'fleet complete' || step.expectation.kind === 'fleet p99') {
    return fleetProblems(stage.fleet, step.expectation);
  }
  if (step.expectation.kind === 'flipped') {
    const first = world.machine.events.map(({ event }) => event);
    const flipped = flippedTools(world.cast, first, stage.replayed).join(' ') || 'nothing';
    const expected = [...step.expectation.tools].sort().join(' ') || 'nothing';
    const told = stage.replayed.map((event) => `+ ${describeEvent(world.cast, event)}`);
    return flipped === expected ? [] : [`- flipped ${expected}`, `+ flipped ${flipped}`, ...told];
  }
  const again = before.filter((one) => !isOfSecondWorld(one.step));
  const second = await begin({ seed }, [step]);
  await playSteps(second, again);
  return firstDifference(stage, second);
}

function fleetProblems(
  fleet: FleetWorldFigures | undefined,
  expectation: Extract<Expectation, { kind: 'fleet complete' | 'fleet p99' }>,
): readonly string[] {
  if (fleet === undefined) return ['+ no fleet was played'];
  const { events, lost, doubled, p99Ms } = fleet;
  const told = `+ ${events} events, ${lost} lost, ${doubled} doubled, p99 ${p99Ms} ms`;
  if (expectation.kind === 'fleet p99') {
    return p99Ms < expectation.underMs ? [] : [`- p99 under ${expectation.underMs} ms`, told];
  }
  return events > 0 && lost === 0 && doubled === 0 ? [] : ['- nothing lost, nothing doubled', told];
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
