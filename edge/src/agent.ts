import { errorText } from '@tagtrail/shared/error.js';
import type { TraceDraft, TraceEvent } from '@tagtrail/shared/events/trace-event.js';
import type { KioskState } from '@tagtrail/shared/kiosk/kiosk-state.js';
import type { Log } from '@tagtrail/shared/log/log.js';
import type { CommandMessage } from '@tagtrail/shared/mqtt/messages.js';
import type { Random } from '@tagtrail/shared/random/random.js';
import { type Clock, wallIso } from '@tagtrail/shared/time/clock.js';
import type { EdgeConfig } from './config.js';
import { onlineState } from './health/cabinet-health.js';
import type { DiskLevel } from './health/disk-watch.js';
import type { Journal } from './journal/journal.js';
import { createKioskDesk } from './kiosk/kiosk-desk.js';
import { createKioskServer, type KioskServer, type KioskServerOptions } from './kiosk/kiosk-server.js';
import { kioskView, phaseOf } from './kiosk/kiosk-view.js';
import type { RulebookStore } from './rules/rulebook-store.js';
import { applyToBook, emptyBook, insideOf } from './session/book.js';
import { type Cabinet, type CabinetDevices, createCabinet } from './session/cabinet.js';
import { emptyDeskMemory, rememberEvent } from './session/desk-memory.js';
import { nothingToRecover, recoverFrom } from './session/recovery.js';
import { currentSession, type Phase } from './session/session-state.js';
import type { Uplink } from './uplink/uplink.js';
import type { UplinkOptions, UplinkStatus } from './uplink/uplink-options.js';

/** What the line to the cloud asks of the cabinet. */
export type UplinkSide = Pick<UplinkOptions, 'getState' | 'onConnection'> & {
  /** Carries out a command that was found to be the cloud's, new and in time. */
  onCommand(command: CommandMessage): void;
};

/** What the agent asks of the line to the cloud. */
export interface AgentUplink extends Pick<Uplink, 'start' | 'stateChanged' | 'close'> {
  status(): Pick<UplinkStatus, 'connected' | 'since'>;
}

export interface AgentOptions {
  readonly config: Pick<EdgeConfig, 'devices' | 'session' | 'presence' | 'kiosk' | 'language'>;
  readonly identity: { readonly cabinet: string; readonly site: string; readonly agentVersion: string };
  /** Read once at the start, then only added to. */
  readonly journal: Pick<Journal, 'record' | 'replay' | 'pending'>;
  readonly rules: Pick<RulebookStore, 'current' | 'onChange'>;
  /** Makes the line to the cloud. */
  uplink(cabinet: UplinkSide): AgentUplink;
  readonly devices: CabinetDevices;
  /** How full the disk is, for the screen; `ok` when left out. */
  readonly diskLevel?: () => DiskLevel;
  /** Folder of the built kiosk page; null when there is none. */
  readonly kioskDir: string | null;
  /** What shows the screen; the server on loopback when left out. */
  readonly openKiosk?: (options: KioskServerOptions) => KioskServer;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

export interface Agent {
  /**
   * Reads the journal, then brings up the screen, the devices and the line to the cloud.
   * @throws AppError `disk.fault`, `kiosk.port_taken`, `kiosk.not_listening`.
   */
  start(): Promise<void>;
  /** Ends everything but the journal, whose last record says why. */
  stop(reason: string): Promise<void>;
  /** Something that the screen and the cloud show of the agent itself has changed. */
  stateChanged(): void;
  /** Address of the touch screen page; null while the agent does not run. */
  kioskAddress(): string | null;
}

interface Running {
  readonly cabinet: Cabinet;
  readonly uplink: AgentUplink;
  readonly kiosk: KioskServer;
  readonly kioskAddress: string;
}

/**
 * The agent of one cabinet, in the order in which a fact travels: bytes become reads in the
 * devices, reads become an inventory, inventory, badge and door become a cabinet session, the
 * session becomes events in the journal, and from there they go up and onto the screen.
 * Everything with a second face is passed in; `main.ts` passes the real ones.
 */
export function createAgent(options: AgentOptions): Agent {
  const { journal, log } = options;
  let running: Running | undefined;
  return {
    start: async () => {
      const memory = await readJournal(journal);
      const { agentVersion } = options.identity;
      await recordOrLog(options, { kind: 'cabinet.started', data: { agentVersion } });
      const parts = compose(options, memory);
      const kioskAddress = await parts.kiosk.start();
      parts.cabinet.start();
      parts.uplink.start();
      running = { ...parts, kioskAddress };
      log.info({ kiosk: kioskAddress, interrupted: memory.recovered !== null }, 'agent.started');
    },
    stop: async (reason) => {
      if (running === undefined) return;
      const { cabinet, uplink, kiosk } = running;
      running = undefined;
      await cabinet.stop();
      await recordOrLog(options, { kind: 'cabinet.stopped', data: { reason } });
      await uplink.close();
      await kiosk.close();
    },
    stateChanged: () => {
      running?.kiosk.publish();
      running?.uplink.stateChanged();
    },
    kioskAddress: () => running?.kioskAddress ?? null,
  };
}

/** A disk that is full must not keep the screen dark: it is there to say so. */
async function recordOrLog({ journal, log }: AgentOptions, draft: TraceDraft): Promise<void> {
  try {
    await journal.record(draft, 'now');
  } catch (error) {
    log.error({ kind: draft.kind, error: errorText(error) }, 'agent.record.refused');
  }
}

type Memory = Awaited<ReturnType<typeof readJournal>>;

/** What the cabinet's own events say: what is inside, and which session was cut off. */
async function readJournal(journal: { replay(): AsyncIterable<TraceEvent> }) {
  let book = emptyBook;
  let recovery = nothingToRecover;
  let memory = emptyDeskMemory;
  for await (const event of journal.replay()) {
    book = applyToBook(book, event);
    recovery = recoverFrom(recovery, event);
    memory = rememberEvent(memory, event);
  }
  return { book, memory, recovered: recovery.unfinished };
}

function compose(options: AgentOptions, memory: Memory): Omit<Running, 'kioskAddress'> {
  const { config, journal, rules, clock, random, log } = options;
  const cabinet = createCabinet({
    ...{ config, devices: options.devices, recorder: journal, clock, log, ...memory },
    rules: rules.current,
    random: random.fork('session'),
    onChange: () => {
      kiosk.publish();
      uplink.stateChanged();
    },
  });
  const uplink = options.uplink({
    getState: () => stateOf(options, cabinet),
    onCommand: cabinet.onCommand,
    onConnection: () => kiosk.publish(),
  });
  const kiosk = (options.openKiosk ?? createKioskServer)({
    ...{ config: config.kiosk, staticDir: options.kioskDir, clock, log },
    state: () => screenOf(options, { cabinet, uplink }),
    onSignOut: () => cabinet.session.dispatch({ kind: 'sign_out' }),
    desk: createKioskDesk(cabinet.session, () => {
      const { book, memory: desk } = cabinet.session;
      return { book, memory: desk, rules: rules.current(), wallMs: clock.wallMs() };
    }),
  });
  rules.onChange(() => cabinet.session.dispatch({ kind: 'rules_changed' }));
  return { cabinet, uplink, kiosk };
}

function stateOf(options: AgentOptions, cabinet: Cabinet) {
  const { journal, rules, clock } = options;
  const state = cabinet.session.state;
  const book = cabinet.session.book;
  return onlineState(cabinet.health(), {
    atIso: wallIso(clock),
    pending: journal.pending(),
    rulebookVersion: rules.current().version,
    session: isOnTrail(state.phase) ? (currentSession(state)?.id ?? null) : null,
    phase: phaseOf({ state, book, rules: rules.current() }),
    present: insideOf(book).size,
  });
}

/** While a witness or the word of a person is waited for nothing is on the trail yet. */
function isOnTrail({ kind }: Phase): boolean {
  return kind !== 'witness' && kind !== 'return_offer';
}

function screenOf(options: AgentOptions, parts: Pick<Running, 'cabinet' | 'uplink'>): KioskState {
  const { session } = parts.cabinet;
  const { connected, since } = parts.uplink.status();
  return kioskView({
    ...{ cabinet: options.identity.cabinet, site: options.identity.site, language: options.config.language },
    nowMs: options.clock.wallMs(),
    state: session.state,
    book: session.book,
    memory: session.memory,
    atMs: options.clock.monotonicMs(),
    rules: options.rules.current(),
    uplink: { offlineSince: connected ? null : since, pending: options.journal.pending().count },
    diskLevel: options.diskLevel?.() ?? 'ok',
    firesAtMs: (timer) => session.firesAtMs(timer),
  });
}
