import { AppError } from '@tagtrail/shared/error.js';
import type { Random } from '@tagtrail/shared/random/random.js';
import { type Clock, sleep } from '@tagtrail/shared/time/clock.js';
import type { BadgeReader } from '../devices/badge-reader.js';
import { type BehaviourStack, createBehaviourStack } from '../devices/behaviour.js';
import { createDoor, type Door } from '../devices/door.js';
import type { LockBoard } from '../devices/lock-board.js';
import type { Air, AirRead } from '../field/air.js';
import { createField, type Field, type NewTag } from '../field/field.js';
import { type ActiveFaults, createActiveFaults } from './active-faults.js';
import { badgeReaderOf, lockBoardOf } from './cabinet-devices.js';
import type { CabinetFile, DeviceName } from './cabinet-file.js';
import type { BuildReader, CabinetReader } from './cabinet-reader.js';
import { createLine, type Line } from './line.js';
import type { OpenPort } from './port.js';

/** One virtual cabinet: what is in it, its devices, and their cables. */
export interface Cabinet {
  readonly file: CabinetFile;
  readonly seed: string | number;
  readonly field: Field;
  readonly faults: ActiveFaults;
  readonly lines: Readonly<Record<DeviceName, Line>>;
  readonly badgeReader: BadgeReader;
  readonly lockBoard: LockBoard;
  readonly reader: CabinetReader;
  readonly air: AirCounters;
  /** Calls `heard` after every inventory round with what reached the reader; returns what ends that. */
  onRound(heard: (antenna: number, reads: readonly AirRead[]) => void): () => void;
  doors(): readonly CabinetDoor[];
  /** Puts all cables in and turns the power on. @throws AppError `sim.pty_unavailable`. */
  start(): void;
  /** @throws AppError `door.unknown`, `door.locked`. */
  openDoor(id: number, force: boolean): void;
  /** @throws AppError `door.unknown`. */
  closeDoor(id: number): void;
  /**
   * Pushes a door shut. Resolves when it has swung to its frame, as the lock board only then tells.
   * @throws AppError `door.unknown`.
   */
  pushDoor(id: number): Promise<void>;
  /** @throws AppError `tag.antenna_unknown`. */
  placeTag(tag: NewTag): void;
  /** @throws AppError `tag.unknown`. */
  removeTag(epc: string): void;
  close(): void;
}

export interface CabinetDoor extends Door {
  readonly relay: number;
  readonly contact: number;
  readonly swingMs: number;
}

/** What the antennas did since the start. */
export interface AirCounters {
  readonly rounds: number;
  readonly reads: number;
}

export interface CabinetOptions {
  readonly file: CabinetFile;
  /** In place of the file's seed. */
  readonly seed: string | number;
  readonly clock: Clock;
  readonly random: Random;
  readonly openPort: Readonly<Record<DeviceName, OpenPort>>;
  readonly buildReader: BuildReader;
  readonly onPath?: (device: DeviceName, path: string | undefined) => void;
}

/** Builds a cabinet; its cables are not plugged in yet. */
export function createCabinet(options: CabinetOptions): Cabinet {
  const { file, clock, random } = options;
  const field = fieldOf(options);
  const stacks = { uhf: createBehaviourStack(), badge: createBehaviourStack(), lock: createBehaviourStack() };
  const air = listeningAir(field, stacks.uhf);
  const badgeReader = badgeReaderOf(file, { clock, random: random.fork('badge reader') });
  const { lockBoard, doors } = buildDoors(options, stacks.lock, field);

  const reader = options.buildReader({ air, antennas: file.antennas, clock, random: random.fork('reader') });
  const device = { uhf: reader, badge: badgeReader, lock: lockBoard };
  const lineOf = (name: DeviceName): Line =>
    createLine({
      clock,
      device: device[name],
      behaviours: stacks[name],
      openPort: options.openPort[name],
      onPath: (path) => options.onPath?.(name, path),
    });
  const lines = { uhf: lineOf('uhf'), badge: lineOf('badge'), lock: lineOf('lock') };
  const contactsChanged = (): void => {
    for (const { contact } of doors) lockBoard.inputChanged(contact);
  };
  const target = (name: DeviceName) => ({
    behaviours: stacks[name],
    cable: lines[name],
    power: { on: lines[name].powerOn, off: lines[name].powerOff },
    antennas: file.antennas,
    inject: lines[name].inject,
    connectAntenna: reader.connectAntenna,
    contactsChanged,
  });
  const faults = createActiveFaults({
    clock,
    random: random.fork('faults'),
    targets: { uhf: target('uhf'), badge: target('badge'), lock: target('lock') },
  });

  return {
    file,
    seed: options.seed,
    field,
    faults,
    lines,
    badgeReader,
    lockBoard,
    reader,
    air: air.counters,
    onRound: air.onRound,
    doors: () => doors,
    start: () => {
      for (const line of Object.values(lines)) {
        line.plug();
        line.powerOn();
      }
    },
    openDoor: (id, force) => openDoor(doors, id, force),
    closeDoor: (id) => {
      doorOf(doors, id).close();
    },
    pushDoor: async (id) => {
      const door = doorOf(doors, id);
      if (door.isOpen() && door.swingMs > 0) await sleep(options.clock, `door ${id} swings`, door.swingMs);
      door.close();
    },
    placeTag: (tag) => placeTag(field, file.antennas, tag),
    removeTag: (epc) => {
      if (!field.remove(epc)) throw unknownTag(epc);
    },
    close: () => {
      faults.endAll();
      for (const line of Object.values(lines)) line.close();
      reader.close();
      for (const door of doors) door.powerOff();
    },
  };
}

/** The inside of the cabinet as its file describes it. */
function fieldOf({ file, random }: CabinetOptions): Field {
  const { strayPerRound = 0, neighbourTags = [], ...physics } = file.reader;
  return createField({
    random: random.fork('field'),
    antennas: file.antennas,
    tags: file.tags.map(({ label, ...tag }) => ({ ...tag, label: label ?? tag.epc })),
    physics: definedOnly(physics),
    strayPerRound,
    neighbourTags,
  });
}

/** The board, its doors, and the wires between them. */
function buildDoors({ file, clock }: CabinetOptions, behaviours: BehaviourStack, field: Field) {
  const doors: CabinetDoor[] = file.doors.map(({ id, relay = id - 1, contact = id - 1, relockAfterMs, swingMs }) => {
    const onContact = (): void => {
      field.setDoorOpen(doors.some((door) => door.isOpen()));
      lockBoard.inputChanged(contact);
    };
    return { ...createDoor({ id, clock, behaviours, relockAfterMs, onContact }), relay, contact, swingMs };
  });
  const lockBoard = lockBoardOf(file.devices.lock, {
    clock,
    unitId: file.unitId,
    behaviours,
    input: (channel) => doors.find((door) => door.contact === channel)?.contactClosed() ?? false,
    onRelay: (channel, on) => doors.find((door) => door.relay === channel)?.drive(on),
  });
  return { lockBoard, doors };
}

/** The field as the reader hears it: faults on the way, and what was heard counted. */
function listeningAir(
  field: Field,
  behaviours: BehaviourStack,
): Air & { readonly counters: AirCounters; readonly onRound: Cabinet['onRound'] } {
  const counters = { rounds: 0, reads: 0 };
  const listeners = new Set<(antenna: number, reads: readonly AirRead[]) => void>();
  return {
    counters,
    onRound: (heard) => {
      listeners.add(heard);
      return () => listeners.delete(heard);
    },
    round: (antenna, atMs) => {
      const heard: readonly AirRead[] = field.round(antenna, atMs);
      // The oldest behaviour is nearest to the field: what the newest does is done last.
      const reads = behaviours
        .list()
        .reduceRight<readonly AirRead[]>((sofar, behaviour) => behaviour.round?.(sofar, antenna) ?? sofar, heard);
      counters.rounds++;
      counters.reads += reads.length;
      for (const heardBy of listeners) heardBy(antenna, reads);
      return reads;
    },
  };
}

function doorOf(doors: readonly CabinetDoor[], id: number): CabinetDoor {
  const door = doors.find((candidate) => candidate.id === id);
  if (door !== undefined) return door;
  throw new AppError(
    'door.unknown',
    `There is no door ${id}. The doors are ${doors.map((one) => one.id).join(', ')}.`,
    {
      kind: 'operator',
    },
  );
}

function openDoor(doors: readonly CabinetDoor[], id: number, force: boolean): void {
  if (doorOf(doors, id).open(force) !== 'locked') return;
  throw new AppError(
    'door.locked',
    `Door ${id} is locked. Present a badge that may open it and wait for the lock, or send {"force": true} to break it open.`,
    { kind: 'operator' },
  );
}

function placeTag(field: Field, antennas: number, tag: NewTag): void {
  if (tag.antenna !== undefined && tag.antenna > antennas) {
    throw new AppError('tag.antenna_unknown', `There is no antenna ${tag.antenna}; the cabinet has ${antennas}.`, {
      kind: 'operator',
    });
  }
  field.place(tag);
}

function unknownTag(epc: string): AppError {
  return new AppError(
    'tag.unknown',
    `There is no tag ${epc.slice(0, 124)}. GET /state lists them; POST /tags adds one.`,
    {
      kind: 'operator',
    },
  );
}

/** Without the properties that are undefined, so that defaults hold. */
function definedOnly(values: Readonly<Record<string, number | undefined>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, number] => entry[1] !== undefined),
  );
}
