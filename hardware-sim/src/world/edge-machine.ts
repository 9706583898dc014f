import { hash } from 'node:crypto';
import { assembleEdge, type RunningEdge } from '@tagtrail/edge/assemble-edge.js';
import { type EdgeConfig, parseEdgeConfig } from '@tagtrail/edge/config.js';
import { createBadgeReader, createLockBoard, createUhfReader } from '@tagtrail/edge/device-drivers.js';
import { openJournal } from '@tagtrail/edge/journal/journal.js';
import type { KioskDeskPort } from '@tagtrail/edge/kiosk/kiosk-routes.js';
import type { KioskServerOptions } from '@tagtrail/edge/kiosk/kiosk-server.js';
import type { CabinetDevices } from '@tagtrail/edge/session/cabinet.js';
import { loadSeen } from '@tagtrail/edge/witness/seen-file.js';
import { errorText } from '@tagtrail/shared/error.js';
import type { TraceEvent } from '@tagtrail/shared/events/trace-event.js';
import type { KioskState } from '@tagtrail/shared/kiosk/kiosk-state.js';
import { type Log, silentLog } from '@tagtrail/shared/log/log.js';
import type { CabinetAddress } from '@tagtrail/shared/mqtt/topics.js';
import { type Checkpoint, parseCheckpoint } from '@tagtrail/shared/proof/checkpoint.js';
import { parseNote } from '@tagtrail/shared/proof/signed-note.js';
import type { Random } from '@tagtrail/shared/random/random.js';
import type { OpenLink, SerialLink } from '@tagtrail/shared/serial/link.js';
import type { Cast } from './cast.js';
import type { Network, WorldTransport } from './network.js';
import { createMachineClock, type MachineClock, type WorldClock } from './world-clock.js';
import { createWorldDisk, type WorldDisk } from './world-disk.js';

/** The computer in the cabinet: its clock, its disk, and the real edge agent that runs on it. */
export interface EdgeMachine {
  readonly disk: WorldDisk;
  powerOn(): Promise<void>;
  /** Everything stops at once, in the middle of whatever it was doing. */
  powerOff(random: Random): void;
  /** The agent is asked to stop and is started again. */
  restart(): Promise<void>;
  stop(): Promise<void>;
  isOn(): boolean;
  stepWall(byMs: number): void;
  /** The screen's state; undefined while the agent does not run. */
  screen(): KioskState | undefined;
  signOut(): void;
  /** What can be asked at the screen; undefined while the agent does not run. */
  desk(): KioskDeskPort | undefined;
  /** Settles when the agent shows something next. */
  nextShown(): Promise<void>;
  /** Events that the cloud has not confirmed, as the screen says; unknown while the agent does not run. */
  pending(): number | undefined;
  /** Everything that became durable, in order; what a power cut tore away is not in it. */
  readonly events: readonly SeenEvent[];
  /** Reads the journal from the disk, as after the machine was taken home. The agent must have stopped. */
  readJournal(): Promise<JournalCopy>;
}

/** An event, and when the world saw that it was durable. */
export interface SeenEvent {
  readonly atMs: number;
  readonly logId: string;
  readonly event: TraceEvent;
}

export interface JournalCopy {
  readonly logId: string;
  readonly events: readonly TraceEvent[];
  readonly acknowledged: number;
  readonly last: number;
  readonly chain: string;
  /** The newest checkpoint of the trail that this cabinet has cosigned. */
  readonly witnessed: Checkpoint | undefined;
}

export interface EdgeMachineOptions {
  readonly world: WorldClock;
  readonly random: Random;
  readonly cast: Cast;
  readonly network: Network;
  readonly openLink: Readonly<Record<'uhf' | 'badge' | 'lock', OpenLink>>;
  /** Settings of the inventory that are not the agent's defaults. */
  readonly presence?: Readonly<Record<string, number>>;
  readonly log?: Log;
}

/** Small files, so that a run of minutes goes from one to the next. */
const segmentBytes = 8 * 1024;
/** A supervisor starts an agent that could not start again after this. */
const startAgainMs = 5_000;

export function createEdgeMachine(options: EdgeMachineOptions): EdgeMachine {
  const { world, cast, network } = options;
  const disk = createWorldDisk();
  const config = edgeConfig();
  let boots = 0;
  let wallOffsetMs = 0;
  let running: Boot | undefined;
  const events: SeenEvent[] = [];
  let watchers: (() => void)[] = [];

  const powerOn = async (): Promise<void> => {
    if (running !== undefined) return;
    const boot = beginBoot(options, { disk, config, number: boots++, wallOffsetMs });
    running = boot;
    await boot.start();
  };
  const stop = async (): Promise<void> => {
    const boot = running;
    if (boot === undefined) return;
    await boot.stop();
    wallOffsetMs = boot.clock.wallOffsetMs();
    running = undefined;
  };
  const identity: CabinetAddress = { tenant: cast.tenant.tenant, cabinet: cast.cabinet.cabinet };

  return {
    disk,
    events,
    powerOn,
    powerOff: (random) => {
      if (running === undefined) return;
      wallOffsetMs = running.clock.wallOffsetMs();
      running.die();
      running = undefined;
      disk.cutPower(random);
    },
    restart: async () => {
      await stop();
      await powerOn();
    },
    stop,
    isOn: () => running !== undefined,
    stepWall: (byMs) => {
      wallOffsetMs += byMs;
      running?.clock.stepWall(byMs);
    },
    screen: () => running?.kiosk()?.state(),
    pending: () => running?.kiosk()?.state().pending,
    signOut: () => running?.kiosk()?.onSignOut(),
    desk: () => running?.kiosk()?.desk,
    nextShown: () => new Promise((resolve) => watchers.push(resolve)),
    readJournal: async () => {
      const journal = await openJournal({
        disk: disk.directory('journal'),
        ...{ clock: createMachineClock(world, wallOffsetMs), random: options.random, identity, log: silentLog },
        boot: '0'.repeat(16),
        sha256: (data) => hash('sha256', data, 'buffer'),
        segmentBytes,
      });
      const events: TraceEvent[] = [];
      for await (const event of journal.replay()) events.push(event);
      const seen = await loadSeen(disk.directory('rules'));
      const witnessed = parseCheckpoint(parseNote(seen?.note ?? '')?.text ?? '');
      const { logId } = journal;
      const copy = { logId, events, acknowledged: journal.acknowledged(), ...journal.head(), witnessed };
      await journal.close();
      return copy;
    },
  };

  function edgeConfig(): EdgeConfig {
    const anywhere = { path: 'in memory' };
    return parseEdgeConfig(
      JSON.stringify({
        ...{ credentials: 'in memory', data: 'in memory' },
        devices: { uhf: anywhere, badge: anywhere, lock: anywhere },
        presence: options.presence ?? {},
      }),
    );
  }

  interface Place {
    readonly disk: WorldDisk;
    readonly config: EdgeConfig;
    readonly number: number;
    readonly wallOffsetMs: number;
  }

  function beginBoot(machine: EdgeMachineOptions, place: Place): Boot {
    return createBoot({
      onEvent: (event, logId) => events.push({ atMs: world.monotonicMs(), logId, event }),
      lastSeen: () => events.at(-1)?.event.seq ?? 0,
      onShown: () => {
        const told = watchers;
        watchers = [];
        for (const tell of told) tell();
      },
      ...{ machine, config: place.config, disk: place.disk, network, identity },
      clock: createMachineClock(world, place.wallOffsetMs),
      random: machine.random.fork(`boot/${place.number}`),
    });
  }
}

interface Boot {
  readonly clock: MachineClock;
  start(): Promise<void>;
  stop(): Promise<void>;
  die(): void;
  kiosk(): KioskServerOptions | undefined;
}

interface BootOptions {
  readonly machine: EdgeMachineOptions;
  readonly config: EdgeConfig;
  readonly disk: WorldDisk;
  readonly network: Network;
  readonly identity: CabinetAddress;
  readonly clock: MachineClock;
  readonly random: Random;
  onEvent(event: TraceEvent, logId: string): void;
  lastSeen(): number;
  onShown(): void;
}

/** The agent from one start of the machine to its end. */
function createBoot(options: BootOptions): Boot {
  const { clock, identity, machine } = options;
  const log = machine.log ?? silentLog;
  let edge: RunningEdge | undefined;
  let transport: WorldTransport | undefined;
  let screen: KioskServerOptions | undefined;
  let over = false;
  const ports = createPorts(machine.openLink);

  const start = async (): Promise<void> => {
    transport = options.network.connect(identity, clock);
    try {
      edge = await assembleEdge({
        ...{ config: options.config, clock, random: options.random, log, transport, segmentBytes },
        credentials: credentialsOf(machine.cast, identity),
        agentVersion: '0.1.0',
        disks: { journal: options.disk.directory('journal'), rules: options.disk.directory('rules') },
        devices: driversOf(options, ports.openLink, log),
        kioskDir: null,
        openKiosk: (kiosk) => {
          screen = kiosk;
          return { start: async () => 'in memory', publish: options.onShown, close: async () => {} };
        },
      });
      watchJournal(edge.journal, options);
    } catch (error) {
      log.error({ error: errorText(error) }, 'world.agent.not_started');
      transport.die();
      if (!over) clock.startTimer('the supervisor', startAgainMs, () => void start());
    }
  };

  return {
    clock,
    start,
    stop: async () => {
      over = true;
      await edge?.stop('asked to');
      transport?.die();
      clock.stop();
      await ports.closeAll();
    },
    die: () => {
      over = true;
      clock.stop();
      transport?.die();
    },
    kiosk: () => (edge === undefined ? undefined : screen),
  };
}

/** Reads what becomes durable, once each, one read after the other. */
function watchJournal(journal: RunningEdge['journal'], options: BootOptions): void {
  let turn = Promise.resolve();
  const read = async (): Promise<void> => {
    for await (const event of journal.replay(options.lastSeen() + 1)) options.onEvent(event, journal.logId);
  };
  const soon = (): void => {
    turn = turn.then(read).catch(() => {});
  };
  journal.onAppended(soon);
  soon();
}

function credentialsOf(cast: Cast, identity: CabinetAddress) {
  const { signingKey, cabinet } = cast;
  return { ...identity, name: cabinet.name, site: 'Hangar', mqttUrl: 'mqtt://in.memory', secret: 'none', signingKey };
}

/** The serial ports of one process: the operating system closes those that it leaves open at its end. */
function createPorts(openLink: EdgeMachineOptions['openLink']) {
  const open = new Set<SerialLink>();
  const kept = (device: keyof typeof openLink): OpenLink => {
    return async () => {
      const link = await openLink[device]();
      open.add(link);
      link.onClose(() => open.delete(link));
      return link;
    };
  };
  return {
    openLink: { uhf: kept('uhf'), badge: kept('badge'), lock: kept('lock') },
    closeAll: async () => {
      await Promise.all([...open].map((link) => link.close()));
    },
  };
}

/** The real drivers over the lines in memory. */
function driversOf(
  { config, clock, random }: BootOptions,
  openLink: EdgeMachineOptions['openLink'],
  log: Log,
): CabinetDevices {
  const { uhf, badge, lock } = config.devices;
  const platform = { clock, random, log };
  return {
    uhf: (listener) => createUhfReader(uhf, { ...platform, openLink: () => openLink.uhf(), listener }),
    badge: (listener) => createBadgeReader(badge, { ...platform, openLink: () => openLink.badge(), listener }),
    lock: (listener) => createLockBoard(lock, { ...platform, openLink: () => openLink.lock(), listener }),
  };
}
