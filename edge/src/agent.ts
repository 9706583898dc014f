import { isAppError } from '@tagtrail/shared/error.js';
import type { DeviceRole, TraceEvent } from '@tagtrail/shared/events/trace-event.js';
import type { SessionId } from '@tagtrail/shared/ids.js';
import type { KioskPhase, KioskState } from '@tagtrail/shared/kiosk/kiosk-state.js';
import type { Log } from '@tagtrail/shared/log/log.js';
import type { DoorState } from '@tagtrail/shared/mqtt/messages.js';
import type { Random } from '@tagtrail/shared/random/random.js';
import type { Clock } from '@tagtrail/shared/time/clock.js';
import type { EdgeConfig } from './config.js';
import { createInventory } from './inventory/inventory.js';
import type { Recorder } from './journal/recorder.js';
import { createKioskServer } from './kiosk/kiosk-server.js';
import { kioskView, phaseOf } from './kiosk/kiosk-view.js';
import type {
  BadgeReaderListener,
  Device,
  DeviceReport,
  LockBoard,
  LockBoardListener,
  UhfReaderListener,
} from './reader/reader.js';
import { applyToBook, emptyBook, insideOf } from './session/book.js';
import type { CabinetRules } from './session/cabinet-rules.js';
import { nothingToRecover, recoverFrom } from './session/recovery.js';
import { createSessionRunner } from './session/session-runner.js';
import { currentSession } from './session/session-state.js';

/** How each device is made; the agent hands in who listens. */
export interface CabinetDevices {
  uhf(listener: UhfReaderListener): Device;
  badge(listener: BadgeReaderListener): Device;
  lock(listener: LockBoardListener): LockBoard;
}

/** What the cabinet is doing, for the state message. */
export interface Situation {
  readonly doors: readonly { readonly door: number; readonly state: DoorState }[];
  readonly session: SessionId | null;
  readonly phase: KioskPhase;
  /** Items that are believed to be inside. */
  readonly present: number;
}

/** What the agent tells and asks the line to the cloud. */
export interface AgentUplink {
  start(): void;
  stop(): Promise<void>;
  /** The situation changed. */
  stateChanged(): void;
  /** Since when the cloud has not been reached; null while it is. */
  offlineSince(): string | null;
}

export interface AgentOptions {
  readonly config: Pick<EdgeConfig, 'devices' | 'session' | 'presence' | 'kiosk' | 'language'>;
  readonly identity: { readonly cabinet: string; readonly site: string; readonly agentVersion: string };
  /** The journal: what it holds is read once at the start, then it is only added to. */
  readonly journal: Recorder & {
    replay(from?: number): AsyncIterable<TraceEvent>;
    pending(): { readonly count: number };
  };
  readonly rules: CabinetRules & {
    /** Keyed hash of a badge number; empty while there is no rulebook. */
    hashBadge(number: string): string;
    onChange(listen: () => void): void;
  };
  /** Learns of each device's status; it records `device.lost` and `device.restored`. */
  readonly health: { report(device: DeviceRole, report: DeviceReport): void };
  /** Makes the line to the cloud; it may ask for the situation at any time after `start`. */
  uplink(cabinet: { situation(): Situation; countNow(): void }): AgentUplink;
  readonly devices: CabinetDevices;
  /** Folder of the built kiosk page; null when there is none. */
  readonly kioskDir: string | null;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

export interface Agent {
  /**
   * Reads the journal, then brings up the screen, the devices and the line to the cloud.
   * @throws AppError `journal.*`, `kiosk.port_taken`, `kiosk.not_listening`.
   */
  start(): Promise<void>;
  stop(reason: string): Promise<void>;
  /** Where the touch screen page is; null before `start`. */
  kioskAddress(): string | null;
}

/**
 * The agent of one cabinet, composed in the order in which a fact travels: bytes become reads in
 * the devices, reads become an inventory, inventory, badge and door become a cabinet session, the
 * session becomes events in the journal, and from there they go up and onto the screen.
 * Everything with a second face is passed in; `main.ts` passes the real ones.
 */
export function createAgent(options: AgentOptions): Agent {
  const { config, identity, journal, rules, health, clock, random, log } = options;
  let running: Awaited<ReturnType<typeof bringUp>> | undefined;

  async function bringUp() {
    const { book, recovered } = await readJournal(journal);
    await journal.record({ kind: 'cabinet.started', data: { agentVersion: identity.agentVersion } }, 'now');

    const inventory = createInventory({
      config: config.presence,
      antennas: config.devices.uhf.antennas,
      clock,
      listener: {
        onProgress: (progress) => session.dispatch({ kind: 'progress', ...progress }),
        onSnapshot: (snapshot) => session.dispatch({ kind: 'snapshot', snapshot }),
      },
    });
    const session = createSessionRunner({
      doors: config.devices.lock.doors.map(({ door }) => door),
      config,
      rules,
      recorder: journal,
      book,
      recovered,
      inventory,
      unlock: (door, expiresAtMs) => lock.unlock(door, expiresAtMs),
      hashBadge: (number) => rules.hashBadge(number),
      clock,
      random: random.fork('session'),
      log,
      onChange: () => {
        kiosk.publish();
        uplink.stateChanged();
      },
    });

    const heard = (device: DeviceRole, report: DeviceReport): void => {
      health.report(device, report);
      if (device === 'uhf') inventory.onStatus(report.status);
      session.onDevice(device, report.status);
    };
    const uhf = options.devices.uhf({
      onRead: (read) => inventory.onRead(read),
      onRoundEnd: () => inventory.onRoundEnd(),
      onReport: (report) => heard('uhf', report),
    });
    const badge = options.devices.badge({
      onBadge: (number) => session.onBadge(number),
      onReport: (report) => heard('badge', report),
    });
    const lock = options.devices.lock({
      onDoor: (door, state) => session.onDoor(door, state),
      onReport: (report) => heard('lock', report),
    });

    const situation = (): Situation => ({
      doors: [...session.state().doors].map(([door, { state }]) => ({ door, state })),
      session: currentSession(session.state())?.id ?? null,
      phase: phaseOf({ state: session.state(), book: session.book(), rules }),
      present: insideOf(session.book()).size,
    });
    const uplink = options.uplink({ situation, countNow: () => session.dispatch({ kind: 'count_now' }) });
    const kioskState = (): KioskState =>
      kioskView({
        cabinet: identity.cabinet,
        site: identity.site,
        language: config.language,
        nowMs: clock.wallMs(),
        state: session.state(),
        book: session.book(),
        rules,
        uplink: { offlineSince: uplink.offlineSince(), pending: journal.pending().count },
        firesAtMs: (timer) => session.firesAtMs(timer),
      });
    const kiosk = createKioskServer({
      config: config.kiosk,
      staticDir: options.kioskDir,
      state: kioskState,
      onSignOut: () => session.dispatch({ kind: 'sign_out' }),
      clock,
      log,
    });

    rules.onChange(() => session.dispatch({ kind: 'rules_changed' }));
    const kioskAddress = await kiosk.start();
    for (const device of [uhf, badge, lock]) device.start();
    uplink.start();
    return { kioskAddress, kiosk, uplink, session, devices: [uhf, badge, lock] };
  }

  return {
    start: async () => {
      running = await bringUp();
    },
    stop: async (reason) => {
      if (running === undefined) return;
      const { kiosk, uplink, session, devices } = running;
      running = undefined;
      await Promise.all(devices.map((device) => device.close()));
      session.stop();
      await journal.record({ kind: 'cabinet.stopped', data: { reason } }, 'now').catch((error: unknown) => {
        log.error({ code: isAppError(error) ? error.code : null }, 'agent.stop.unrecorded');
      });
      await uplink.stop();
      await kiosk.close();
    },
    kioskAddress: () => running?.kioskAddress ?? null,
  };
}

/** What the cabinet's own events say: what is inside, and which session was cut off. */
async function readJournal(journal: { replay(): AsyncIterable<TraceEvent> }) {
  let book = emptyBook;
  let recovery = nothingToRecover;
  for await (const event of journal.replay()) {
    book = applyToBook(book, event);
    recovery = recoverFrom(recovery, event);
  }
  return { book, recovered: recovery.unfinished };
}
