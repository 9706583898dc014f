import { AppError } from '@tagtrail/shared/error.js';
import { fineWeather, type NetworkWeather } from '../world/network.js';
import type { World } from '../world/world.js';
import { playTap } from './play-tap.js';
import type { NetworkWords, Step } from './step.js';

/** A hand takes this long from one act to the next. */
const handMs = 400;
/** Somebody pulls at a door for this long before giving up. */
const pullsForMs = 4_000;
/** A badge is held to the reader again after this. */
const badgeAgainMs = 1_500;
const diskLeavesBytes = 0;

type Act = Exclude<Step, { kind: 'expect' | 'replay' | 'fleet' }>;

/**
 * Does what a step says.
 * @throws AppError `world.impossible`, `scenario.door_locked`, `scenario.tap_refused`, `fault.*`.
 */
export async function playStep(world: World, step: Act): Promise<void> {
  switch (step.kind) {
    case 'wait':
      return await world.clock.advance(step.ms);
    case 'badge':
    case 'open':
    case 'try door':
    case 'close':
    case 'take':
    case 'put':
    case 'cover':
    case 'sign out':
    case 'tap':
      await world.clock.advance(handMs);
      return await playHand(world, step);
    default:
      return await playFate(world, step);
  }
}

type HandKind = 'badge' | 'open' | 'try door' | 'close' | 'take' | 'put' | 'cover' | 'sign out' | 'tap';
type Hand = Extract<Act, { kind: HandKind }>;

async function playHand(world: World, step: Hand): Promise<void> {
  const { clock } = world;
  switch (step.kind) {
    case 'badge':
      for (let times = 0; times < step.times; times++) {
        if (times > 0) await clock.advance(badgeAgainMs);
        world.badge(step.who);
      }
      return;
    case 'open':
    case 'try door': {
      const force = step.kind === 'open' && step.force;
      let opened = world.openDoor(step.door, force);
      for (let pulledMs = 0; !opened && pulledMs < pullsForMs; pulledMs += 100) {
        await clock.advance(100);
        opened = world.openDoor(step.door, force);
      }
      if (opened || step.kind === 'try door') return;
      const sentence = `door ${step.door} stays locked; write "force door ${step.door}" to break it open, or "try door ${step.door}"`;
      throw new AppError('scenario.door_locked', sentence, { kind: 'operator' });
    }
    case 'close':
      return world.closeDoors();
    case 'take':
      return world.take(step.tool);
    case 'put':
      return world.putBack(step.tool);
    case 'cover':
      return world.cover(step.tool, step.covered);
    case 'sign out':
      return world.machine.signOut();
    case 'tap':
      return await playTap(world, step.tap, step.tried);
  }
}

async function playFate(world: World, step: Exclude<Act, Hand | { kind: 'wait' }>): Promise<void> {
  const { cabinet, cloud, machine, network } = world;
  switch (step.kind) {
    case 'fault':
    case 'end fault': {
      const { name: fault, device, options } = step.fault;
      const request = { fault, options, ...(device === null ? {} : { device }) };
      if (step.kind === 'end fault') return cabinet.faults.end(request);
      return cabinet.faults.begin({ ...request, ...(step.forMs === null ? {} : { forMs: step.forMs }) });
    }
    case 'network':
      return setWeather(world, step.weather);
    case 'broker':
      if (step.what !== 'restart') return network.setBrokerUp(step.what === 'up');
      network.restartBroker();
      return cloud.rulebooks.publish();
    case 'cloud':
      if (step.what === 'backup') return cloud.backUp();
      if (step.what === 'restore') {
        cloud.restore();
        return network.restartBroker();
      }
      return cloud.setUp(step.what === 'up');
    case 'power':
      return step.on ? await world.powerOn() : world.powerOff();
    case 'restart agent':
      return await world.restartAgent();
    case 'clock':
      return machine.stepWall(step.byMs);
    case 'disk':
      if (step.what === 'refuses') return machine.disk.refuseSyncs(1);
      if (step.what === 'short' || step.what === 'whole') return world.shortenWrites(step.what === 'short');
      return machine.disk.limitTo(step.what === 'full' ? diskLeavesBytes : null);
    case 'set badge':
      return cloud.rulebooks.setBadge(step.who, step.status);
    case 'set two-person':
      return cloud.rulebooks.setTwoPerson(world.toolOf(step.tool).name);
  }
}

function setWeather({ network }: World, words: NetworkWords): void {
  network.setWeather(weatherOf(network.weather(), words));
}

function weatherOf(weather: NetworkWeather, words: NetworkWords): NetworkWeather {
  switch (words.kind) {
    case 'up':
      return fineWeather;
    case 'down':
      return { ...weather, parted: true };
    case 'loses':
      return { ...weather, lossPercent: words.percent };
    case 'doubles':
      return { ...weather, duplicatePercent: words.percent };
    case 'delays':
      return { ...weather, delayMs: [5, words.mostMs] };
  }
}
