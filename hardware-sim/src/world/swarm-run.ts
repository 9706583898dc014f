import { below, pick, type Random } from '@tagtrail/shared/random/random.js';
import { seededRandom } from '@tagtrail/shared/random/seeded-random.js';
import { violationsOf } from '../checkers/all-checkers.js';
import { clockIndependence } from '../checkers/clock-independence.js';
import type { RunRecord } from '../checkers/run-record.js';
import { describeEvent, worldTime } from './describe-event.js';
import { endRun, type Peaks } from './end-run.js';
import { fineWeather, type NetworkWeather } from './network.js';
import { planSwarm, type SwarmAct, type SwarmPlan } from './swarm-plan.js';
import { createWorld, type World, type WorldOptions } from './world.js';

export interface SwarmResult {
  readonly seed: number;
  readonly violations: readonly string[];
  readonly plan: SwarmPlan;
  readonly run: RunRecord;
  readonly worldMs: number;
  /** What the cabinet recorded, in words. */
  readonly eventLog: readonly string[];
}

const weathers: Readonly<Record<Extract<SwarmAct, { kind: 'network' }>['weather'], NetworkWeather>> = {
  fine: fineWeather,
  parted: { ...fineWeather, parted: true },
  lossy: { parted: false, lossPercent: 30, duplicatePercent: 20, delayMs: [5, 400] },
  slow: { ...fineWeather, delayMs: [500, 4_000] },
};

/** Somebody whose badge opens nothing walks away after this. */
const pullsForMs = 3_000;
const betweenMovesMs = 350;
/** A patient one comes again after this. */
const comesAgainMs = 12_000;

/**
 * One seed: first a plan is played with its faults, with safety looked at after each act; then all
 * faults end, everything must arrive, and the checkers read the outcome. A plan that steps the clock
 * is played once more with its steps the other way, and the two are compared (I14): both have the lines
 * that tell of a step, so that neither a nearly full disk nor a torn sector finds other bytes. A medium that takes
 * parts of writes does, by a digit of a time, so with one the two are not the same world.
 */
export async function runSwarmSeed(
  seed: number,
  options: Pick<WorldOptions, 'log' | 'foldPatch'> = {},
): Promise<SwarmResult> {
  const plan = planSwarm(seededRandom(`swarm/${seed}/plan`));
  const { run, worldMs, early, eventLog } = await playPlan(seed, plan, options);
  const violations = [...early, ...violationsOf(run)];
  const steps = plan.acts.some(({ kind }) => kind === 'clock');
  const cuts = plan.acts.some((act) => act.kind === 'disk' && act.what === 'short');
  if (steps && !cuts && violations.length === 0) {
    const acts = plan.acts.map((act): SwarmAct => (act.kind === 'clock' ? { ...act, byMs: -act.byMs } : act));
    const mirrored = await playPlan(seed, { ...plan, acts }, options);
    violations.push(
      ...clockIndependence.compare(mirrored.run, run).map((violation) => `${clockIndependence.id} ${violation}`),
    );
  }
  return { seed, violations, plan, run, worldMs, eventLog };
}

async function playPlan(seed: number, plan: SwarmPlan, options: Pick<WorldOptions, 'log' | 'foldPatch'>) {
  const world = createWorld({ ...options, seed: `swarm/${seed}`, readPercent: plan.readPercent });
  const dice = seededRandom(`swarm/${seed}/acts`);
  const peaks: Peaks = { diskBytes: 0, pending: 0 };
  const early: string[] = [];
  await world.begin();
  for (const act of plan.acts) {
    await play(world, act, dice);
    peaks.diskBytes = Math.max(peaks.diskBytes, world.machine.disk.usedBytes());
    peaks.pending = Math.max(peaks.pending, world.machine.pending() ?? 0);
    early.push(...unsafe(world));
  }
  const run = await endRun(world, peaks);
  const eventLog = world.machine.events.map(
    ({ atMs, event }) => `${worldTime(atMs)}  ${describeEvent(world.cast, event)}`,
  );
  return { run, worldMs: world.clock.monotonicMs(), early, eventLog };
}

/** What must hold at every moment, faults or not: nothing is confirmed that the cloud has not. */
function unsafe({ cloud, machine }: World): readonly string[] {
  const committed = Math.max(0, ...cloud.streams().map(({ nextSeq }) => nextSeq - 1));
  const recorded = machine.events.at(-1)?.event.seq ?? 0;
  return committed > recorded ? [`I7 the cloud has ${committed} events, the cabinet had made ${recorded} durable`] : [];
}

async function play(world: World, act: SwarmAct, dice: Random): Promise<void> {
  const { cabinet, clock, cloud, machine, network } = world;
  switch (act.kind) {
    case 'visit':
      return await playVisit(world, act, dice);
    case 'wait':
      return await clock.advance(act.ms);
    case 'fault':
      return cabinet.faults.begin({ fault: act.fault, device: act.device, forMs: act.forMs });
    case 'power cut':
      clock.startTimer('power cut', act.afterMs, () => {
        world.powerOff();
        clock.startTimer('power is back', act.forMs, () => void world.powerOn());
      });
      return;
    case 'network':
      return network.setWeather(weathers[act.weather]);
    case 'broker restart':
      network.restartBroker();
      return cloud.rulebooks.publish();
    case 'cloud':
      return cloud.setUp(act.up);
    case 'clock':
      return machine.stepWall(act.byMs);
    case 'disk':
      return disturbDisk(world, act.what);
    case 'restart agent':
      return await world.restartAgent();
  }
}

function disturbDisk(world: World, what: Extract<SwarmAct, { kind: 'disk' }>['what']): void {
  const { disk } = world.machine;
  switch (what) {
    case 'refuses':
      disk.refuseSyncs(1);
      return;
    case 'short':
    case 'whole':
      world.shortenWrites(what === 'short');
      return;
    case 'full':
      disk.limitTo(0);
      world.oracle.agentIsAway(world.clock.monotonicMs());
      return;
    case 'free':
      disk.limitTo(null);
  }
}

/** Somebody badges, pulls at the door, moves some tools, and closes it. */
async function playVisit(world: World, visit: Extract<SwarmAct, { kind: 'visit' }>, dice: Random): Promise<void> {
  const { clock, cabinet } = world;
  if (cabinet.doors().some((door) => door.isOpen())) world.closeDoors();
  await clock.advance(visit.force ? 20_000 : 2_000);
  let opened = await tryDoor(world, visit);
  if (!opened && visit.patient) {
    await clock.advance(comesAgainMs);
    opened = await tryDoor(world, visit);
  }
  if (!opened) return;
  for (let moves = 0; moves < visit.moves; moves++) {
    await clock.advance(betweenMovesMs + below(dice, 400));
    moveSomething(world, dice);
  }
  await clock.advance(visit.lingerMs);
  world.closeDoors();
  await clock.advance(below(dice, 9_000));
}

async function tryDoor(world: World, visit: Extract<SwarmAct, { kind: 'visit' }>): Promise<boolean> {
  if (!visit.force) world.badge(visit.who);
  let opened = await pullDoor(world, visit.force);
  const screen = world.machine.screen();
  // Whoever reads the screen sees whom it asks.
  const isAsked = screen?.phase === 'return_offer' && screen.person?.displayName === visit.who;
  if (!opened && visit.patient && isAsked) {
    await world.screen.tap('returnOnly', { epcs: [] });
    opened = await pullDoor(world, false);
  }
  return opened;
}

async function pullDoor(world: World, force: boolean): Promise<boolean> {
  let opened = world.openDoor(1, force);
  for (let pulledMs = 0; !opened && pulledMs < pullsForMs; pulledMs += 200) {
    await world.clock.advance(200);
    opened = world.openDoor(1, force);
  }
  return opened;
}

function moveSomething(world: World, dice: Random): void {
  const tool = pick(dice, world.cast.tools);
  if (world.cabinet.field.tag(tool.epc)?.inside === true) world.take(tool.name);
  else world.putBack(tool.name);
}
