import { toHex } from '@tagtrail/shared/bytes/hex.js';
import { AppError } from '@tagtrail/shared/error.js';
import type { Log } from '@tagtrail/shared/log/log.js';
import { seededRandom } from '@tagtrail/shared/random/seeded-random.js';
import type { OpenLink } from '@tagtrail/shared/serial/link.js';
import { type Cabinet, createCabinet } from '../serve/cabinet.js';
import { cabinetFile, type DeviceName, deviceNames } from '../serve/cabinet-file.js';
import { mercuryReader } from '../serve/cabinet-reader.js';
import { createMemoryLine, type MemoryLine } from '../serve/memory.js';
import { type Browser, createBrowser, type FoldPatch } from './browser.js';
import { type Cast, type CastTool, createCast } from './cast.js';
import { createEdgeMachine, type EdgeMachine } from './edge-machine.js';
import { createMemoryCloud, type MemoryCloud } from './memory-cloud.js';
import { createNetwork, type Network } from './network.js';
import { createOracle, type Oracle } from './oracle.js';
import { createScreen, type Screen, type ScreenAnswer } from './screen.js';
import { createWorldClock, type WorldClock } from './world-clock.js';

/** A piece of what a serial line carried. */
export interface LineBytes {
  readonly atMs: number;
  readonly device: DeviceName;
  readonly way: 'to host' | 'to device';
  readonly hex: string;
}

/**
 * The whole world in one process on one clock: a cabinet with its devices byte by byte, the real edge
 * agent on a computer whose power and disk can fail, a network, and the cloud's ingest. Everything
 * that happens follows from the seed and from what is asked of it here.
 */
export interface World {
  readonly clock: WorldClock;
  readonly cast: Cast;
  readonly cabinet: Cabinet;
  readonly machine: EdgeMachine;
  readonly network: Network;
  readonly cloud: MemoryCloud;
  readonly oracle: Oracle;
  readonly screen: Screen;
  readonly browser: Browser;
  /** Powers everything and waits until the cabinet has counted itself. */
  begin(): Promise<void>;
  /** Holds a badge to the reader, by the name of its owner or by its number. */
  badge(who: string): void;
  /** Types the personal number of somebody, and their PIN or another one. */
  typePin(who: string, right: boolean): Promise<ScreenAnswer>;
  /** Pulls at the door; false when it is locked. */
  openDoor(door: number, force: boolean): boolean;
  closeDoors(): void;
  /** @throws AppError `world.impossible` when a hand cannot do that. */
  take(tool: string): void;
  /** @throws AppError `world.impossible`. */
  putBack(tool: string): void;
  /** The tool, where it lies inside, is covered by metal so that no antenna hears it; or it is not any more. */
  cover(tool: string, covered: boolean): void;
  /** Writes to the disk take only a part of what they are given, and now and then the rest is refused; or they are whole again. */
  shortenWrites(isShort: boolean): void;
  powerOff(): void;
  powerOn(): Promise<void>;
  /** The agent is asked to stop, and is started again. */
  restartAgent(): Promise<void>;
  toolOf(name: string): CastTool;
}

export interface WorldOptions {
  readonly seed: string | number;
  readonly log?: Log;
  readonly onBytes?: (bytes: LineBytes) => void;
  /** A tag in its place is heard in one round of its antenna this often; 85 when left out. */
  readonly readPercent?: number;
  /** How the browser takes new lines in, when not as the dashboard does. */
  readonly foldPatch?: FoldPatch;
}

/** A badge is held to the reader for this long. */
const heldMs = 300;
/** Whoever forces a door this soon after a badge is the one who held it. */
const samePersonMs = 15_000;
/** No antenna hears a tag this far away. */
const beyondAllAntennas = 100;
/** Of the pieces of a write; a record is written in some five. */
const refusedWritesPercent = 3;
const restartsWithinMs = 30_000;
/** By then a cabinet that was switched on has counted itself. */
const beginsWithinMs = 6_000;

export function createWorld(options: WorldOptions): World {
  const random = seededRandom(options.seed);
  const clock = createWorldClock();
  const cast = createCast(random.fork('cast'));
  const lines = { uhf: createMemoryLine(), badge: createMemoryLine(), lock: createMemoryLine() };
  const cabinet = buildCabinet({ ...options, clock, cast, lines });
  const network = createNetwork(clock, random.fork('network'));
  const cloud = createMemoryCloud({ cast, clock, random: random.fork('cloud'), send: network.send });
  network.onUp(cloud.receive);
  const { foldPatch } = options;
  const browser = createBrowser({
    ...{ clock, cloud, random: random.fork('browser') },
    ...(foldPatch === undefined ? {} : { foldPatch }),
  });
  const tapped = (device: DeviceName): OpenLink => tapLine(lines[device].openLink, { device, clock, options });
  const machine = createEdgeMachine({
    ...{ world: clock, random: random.fork('machine'), cast, network },
    openLink: { uhf: tapped('uhf'), badge: tapped('badge'), lock: tapped('lock') },
    ...(options.log === undefined ? {} : { log: options.log }),
  });
  const oracle = createOracle();
  const screen = createScreen({ clock, machine });
  const hands = createHands({ clock, cast, cabinet, oracle, machine, screen });
  const powerDice = random.fork('power');
  const writeDice = random.fork('short writes');
  let powered = false;

  const powerOn = async (): Promise<void> => {
    if (powered) return;
    powered = true;
    for (const name of deviceNames) cabinet.lines[name].plug();
    for (const name of deviceNames) cabinet.lines[name].powerOn();
    await machine.powerOn();
  };
  return {
    ...{ clock, cast, cabinet, machine, network, cloud, oracle, screen, browser },
    begin: async () => {
      cloud.rulebooks.publish();
      await powerOn();
      await clock.advance(beginsWithinMs);
    },
    ...hands,
    shortenWrites: (isShort) => {
      machine.disk.shortenWrites(isShort ? { random: writeDice, refusedPercent: refusedWritesPercent } : null);
    },
    powerOn,
    restartAgent: async () => {
      oracle.agentIsAway(clock.monotonicMs());
      let over = false;
      void machine.restart().finally(() => {
        over = true;
      });
      await clock.advanceUntil(() => over, restartsWithinMs);
    },
    powerOff: () => {
      if (!powered) return;
      powered = false;
      oracle.agentIsAway(clock.monotonicMs());
      machine.powerOff(powerDice);
      for (const name of deviceNames) {
        cabinet.lines[name].powerOff();
        cabinet.lines[name].unplug();
      }
      for (const door of cabinet.doors()) door.powerOff();
    },
  };
}

function buildCabinet(parts: {
  readonly seed: string | number;
  readonly readPercent?: number;
  readonly clock: WorldClock;
  readonly cast: Cast;
  readonly lines: Readonly<Record<DeviceName, MemoryLine>>;
}): Cabinet {
  const { cast, clock, lines } = parts;
  const file = cabinetFile.parse({
    ...{ name: cast.cabinet.name, seed: parts.seed, doors: [{ id: 1, swingMs: 0 }] },
    tags: cast.tools.map(({ epc, name, antenna }) => ({ epc, label: name, antenna })),
    reader: parts.readPercent === undefined ? {} : { readPercent: parts.readPercent },
  });
  return createCabinet({
    ...{ file, seed: parts.seed, clock, random: seededRandom(parts.seed).fork('cabinet'), buildReader: mercuryReader },
    openPort: { uhf: lines.uhf.openPort, badge: lines.badge.openPort, lock: lines.lock.openPort },
  });
}

/** What people do with their hands, and what the oracle writes down about it. */
function createHands(parts: {
  readonly clock: WorldClock;
  readonly cast: Cast;
  readonly cabinet: Cabinet;
  readonly oracle: Oracle;
  readonly machine: EdgeMachine;
  readonly screen: Screen;
}) {
  const { clock, cast, cabinet, oracle, machine, screen } = parts;
  let lastBadge: { readonly person: string | null; readonly atMs: number } | undefined;

  const toolOf = (name: string): CastTool => {
    const tool = cast.tools.find((one) => one.name === name);
    if (tool === undefined) throw impossible(`there is no tool ${name}; the tools are ${names(cast.tools)}`);
    return tool;
  };
  const doorIsOpen = (): boolean => cabinet.doors().some((door) => door.isOpen());
  const move = (name: string, kind: 'take' | 'return'): void => {
    const tool = toolOf(name);
    const verb = kind === 'take' ? `take ${name}` : `put ${name} back`;
    if (!doorIsOpen()) throw impossible(`nobody can ${verb}: the door is closed`);
    if (cabinet.field.tag(tool.epc)?.inside !== (kind === 'take')) {
      throw impossible(`nobody can ${verb}: it is ${kind === 'take' ? 'not inside' : 'inside already'}`);
    }
    cabinet.placeTag({ epc: tool.epc, inside: kind === 'return' });
    oracle.move(tool.epc, kind, clock.monotonicMs());
  };

  return {
    toolOf,
    badge: (who: string): void => {
      const person = cast.people.find((one) => one.name === who);
      const number = person?.badge ?? (who === 'stranger' ? cast.strangerBadge : who);
      if (!/^[0-9A-F]{10}$/.test(number)) throw impossible(`nobody is called ${who}; there are ${names(cast.people)}`);
      cabinet.badgeReader.present(number, heldMs);
      lastBadge = { person: person?.name ?? null, atMs: clock.monotonicMs() };
    },
    typePin: async (who: string, right: boolean): Promise<ScreenAnswer> => {
      const own = cast.people.find((one) => one.name === who)?.pin;
      if (own == null) throw impossible(`${who} has no PIN`);
      if (right) lastBadge = { person: who, atMs: clock.monotonicMs() };
      return await screen.tap('pin', { number: own.number, pin: right ? own.pin : `${own.pin}0` });
    },
    openDoor: (id: number, force: boolean): boolean => {
      const door = cabinet.doors().find((one) => one.id === id);
      if (door === undefined) throw impossible(`there is no door ${id}`);
      const wasLocked = door.isLocked();
      if (door.open(force) === 'locked') return false;
      const recent = lastBadge !== undefined && clock.monotonicMs() - lastBadge.atMs <= samePersonMs;
      oracle.visitBegins(wasLocked && !recent ? null : (lastBadge?.person ?? null), clock.monotonicMs());
      if (machine.screen() === undefined || machine.disk.isFull()) oracle.agentIsAway(clock.monotonicMs());
      return true;
    },
    closeDoors: (): void => {
      if (!doorIsOpen()) throw impossible('nobody can close a door: all are closed');
      for (const door of cabinet.doors()) door.close();
      oracle.visitEnds(clock.monotonicMs());
    },
    take: (name: string): void => move(name, 'take'),
    putBack: (name: string): void => move(name, 'return'),
    cover: (name: string, covered: boolean): void => {
      const { epc, antenna } = toolOf(name);
      const inside = cabinet.field.tag(epc)?.inside ?? false;
      cabinet.field.place({ epc, inside, antenna: covered ? beyondAllAntennas : antenna });
      if (covered) oracle.cover(epc);
    },
  };
}

function names(list: readonly { readonly name: string }[]): string {
  return list.map(({ name }) => name).join(', ');
}

function impossible(sentence: string): AppError {
  return new AppError('world.impossible', sentence, { kind: 'operator' });
}

/** Listens in on a line, without altering it. */
function tapLine(
  openLink: OpenLink,
  { device, clock, options }: { device: DeviceName; clock: WorldClock; options: WorldOptions },
): OpenLink {
  const { onBytes } = options;
  if (onBytes === undefined) return openLink;
  return async () => {
    const link = await openLink();
    link.onData((chunk) => onBytes({ atMs: clock.monotonicMs(), device, way: 'to host', hex: toHex(chunk) }));
    return {
      ...link,
      write: (bytes) => {
        onBytes({ atMs: clock.monotonicMs(), device, way: 'to device', hex: toHex(bytes) });
        return link.write(bytes);
      },
    };
  };
}
