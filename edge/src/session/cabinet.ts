import { errorText } from '@tagtrail/shared/error.js';
import type { DeviceRole, TraceDraft } from '@tagtrail/shared/events/trace-event.js';
import type { Log } from '@tagtrail/shared/log/log.js';
import type { CommandMessage, DoorState } from '@tagtrail/shared/mqtt/messages.js';
import type { Random } from '@tagtrail/shared/random/random.js';
import { type Clock, wallIso } from '@tagtrail/shared/time/clock.js';
import type { EdgeConfig } from '../config.js';
import { type CabinetHealth, newHealth, withDoor, withReport } from '../health/cabinet-health.js';
import { createInventory } from '../inventory/inventory.js';
import type { PlanReader } from '../inventory/sweeps.js';
import { createThoroughCount } from '../inventory/thorough-count.js';
import type { Recorder } from '../journal/recorder.js';
import type {
  BadgeReader,
  BadgeReaderListener,
  DeviceReport,
  LockBoard,
  LockBoardListener,
  UhfReader,
  UhfReaderListener,
} from '../reader/reader.js';
import type { RulebookIndex } from '../rules/rulebook-index.js';
import { badgeFeedback } from './badge-feedback.js';
import type { Book } from './book.js';
import type { DeskMemory } from './desk-memory.js';
import { noDeviceLost, watchDevice } from './device-watch.js';
import { SessionRunner } from './session-runner.js';
import type { CabinetSession } from './session-state.js';

/** How each device is made; the cabinet hands in who listens. */
export interface CabinetDevices {
  uhf(listener: UhfReaderListener): UhfReader;
  badge(listener: BadgeReaderListener): BadgeReader;
  lock(listener: LockBoardListener): LockBoard;
}

export interface CabinetOptions {
  readonly config: Pick<EdgeConfig, 'devices' | 'session' | 'presence'>;
  readonly devices: CabinetDevices;
  readonly recorder: Recorder;
  rules(): RulebookIndex;
  readonly book: Book;
  readonly memory?: DeskMemory;
  readonly recovered: CabinetSession | null;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Something that a screen or the cloud shows has changed. */
  onChange(): void;
}

export interface Cabinet {
  readonly session: SessionRunner;
  health(): CabinetHealth;
  /** Carries out a command that was found to be new and in time. */
  onCommand(command: CommandMessage): void;
  start(): void;
  stop(): Promise<void>;
}

/** Joins the devices to the inventory and the session: what each of them reports goes where it is decided on. */
export function createCabinet(options: CabinetOptions): Cabinet {
  const { config, clock, log } = options;
  const doors = config.devices.lock.doors.map(({ door }) => door);
  let health = newHealth(doors, wallIso(clock));
  let lost = noDeviceLost;

  const inventory = createInventory({
    config: config.presence,
    antennas: config.devices.uhf.antennas,
    clock,
    isItem: (epc) => options.rules().itemOf(epc) !== undefined,
    reader: () => planReaderOf(uhf),
    listener: {
      onProgress: (progress) => session.dispatch({ kind: 'progress', ...progress }),
      onSnapshot: (snapshot) => session.dispatch({ kind: 'snapshot', snapshot: counting.settled(snapshot) }),
    },
  });
  const counting = createThoroughCount({
    inventory,
    setEffort: (effort) => uhf.setEffort?.(effort) ?? Promise.resolve(null),
  });
  const session: SessionRunner = new SessionRunner({
    ...options,
    onChange: () => {
      const before = shownPhase;
      shownPhase = session.state.phase;
      const feedback = badgeFeedback(before, shownPhase);
      if (feedback !== null) badge.feedback?.(feedback);
      options.onChange();
    },
    doors,
    inventory: counting,
    unlock: (door, expiresAtMs) => lock.unlock(door, expiresAtMs),
  });

  let shownPhase = session.state.phase;

  const heard = (device: DeviceRole, report: DeviceReport): void => {
    health = withReport(health, device, { report, atIso: wallIso(clock) });
    const watched = watchDevice(lost, device, { report, atMs: clock.monotonicMs() });
    lost = watched.lost;
    if (watched.draft !== null) void recordQuietly(options, watched.draft);
    if (device === 'uhf') inventory.onStatus(report.status);
    session.onDevice(device, report.status);
  };
  const uhf = options.devices.uhf({
    onRead: (read) => inventory.onRead(counting.asUsual(read)),
    onRoundEnd: () => inventory.onRoundEnd(),
    onReport: (report) => heard('uhf', report),
  });
  const badge = options.devices.badge({
    onBadge: (number) => session.onBadge(number),
    onReport: (report) => heard('badge', report),
  });
  const lock = options.devices.lock({
    onDoor: (door: number, state: DoorState) => {
      health = withDoor(health, door, state);
      session.onDoor(door, state);
    },
    onReport: (report) => heard('lock', report),
  });
  const devices = [uhf, badge, lock];

  return {
    session,
    health: () => health,
    onCommand: (command) => {
      log.info({ id: command.id, kind: command.kind }, 'session.command.carried_out');
      if (command.kind === 'unlock') session.onUnlockCommand(command.id);
      else session.dispatch({ kind: 'count_now' });
    },
    start: () => {
      for (const device of devices) device.start();
    },
    stop: async () => {
      await Promise.all(devices.map((device) => device.close()));
      session.stop();
    },
  };
}

/** Undefined for the families that always ask every tag. */
function planReaderOf({ setPlan, focusLimit = 0 }: UhfReader): PlanReader | undefined {
  return setPlan === undefined ? undefined : { setPlan, focusLimit };
}

async function recordQuietly(options: CabinetOptions, draft: TraceDraft): Promise<void> {
  try {
    await options.recorder.record(draft, 'grouped');
  } catch (error) {
    options.log.error({ kind: draft.kind, error: errorText(error) }, 'session.record.refused');
  }
}
