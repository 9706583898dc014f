import type { PinRefusal } from '@tagtrail/shared/events/desk-event.js';
import type { InventoryTrigger, Refusal, ReturnOnly, TraceDraft } from '@tagtrail/shared/events/trace-event.js';
import type { OrderId, PersonId, SessionId } from '@tagtrail/shared/ids.js';
import type { KioskActionBody } from '@tagtrail/shared/kiosk/kiosk-actions.js';
import type { KioskDesk, KioskDispute } from '@tagtrail/shared/kiosk/kiosk-desk.js';
import type { KioskLine } from '@tagtrail/shared/kiosk/kiosk-state.js';
import type { DoorState } from '@tagtrail/shared/mqtt/messages.js';
import type { RulebookPerson } from '@tagtrail/shared/rules/rulebook.js';
import type { PresenceConfig, SessionConfig } from '../config.js';
import type { CountManner } from '../inventory/inventory.js';
import type { InventorySnapshot } from '../inventory/presence.js';
import type { DeviceStatus } from '../reader/reader.js';
import type { RulebookIndex } from '../rules/rulebook-index.js';
import type { Book } from './book.js';
import type { DeskMemory } from './desk-memory.js';
import type { HeldItem } from './holding.js';
import type { Presented } from './presented.js';

/**
 * The states, inputs and effects of the cabinet session:
 *
 *     idle -> authorising -> unlocked -> open -> settling -> counting -> recording -> receipt -> idle
 *       |         (session.opened is on the disk before any lock is told to open)
 *       +-> refused -> idle
 *       +-> return_offer -> authorising   (the reader is out of order, or the badge has run out)
 *
 * A door that opens without a session enters `open` with an unsigned one. What an inventory could
 * not settle stays `owed` and is counted as soon as the reader is back.
 */
export interface CabinetSession {
  readonly id: SessionId;
  /** Null for an unsigned session: nobody knows who it is. */
  readonly actor: PersonId | null;
  readonly signed: boolean;
  /** `window` after a restart or a failed count: the change was not watched from start to end. */
  readonly certainty: 'observed' | 'window';
  /** The trail already has its `session.closed`. */
  readonly closed: boolean;
  readonly startedWallMs: number;
  /** Monotonic; null when it started before this run of the agent. */
  readonly startedAtMs: number | null;
  /** Lines that are on the trail already. */
  readonly taken: number;
  readonly returned: number;
  readonly disputed: number;
  /** The order that every line carries; left out for none. */
  readonly order?: OrderId;
  /** The person has said which order, or none. */
  readonly orderDecided?: boolean;
  /** The second person of the two-person rule. */
  readonly witness?: PersonId;
  /** The lock was pulsed and no contact moved: either nobody opened, or the contact missed it. */
  readonly unopened?: boolean;
  /** The command of the cloud that opened it. */
  readonly command?: string;
  /** Why it was opened for bringing back alone. */
  readonly returnOnly?: ReturnOnly;
  /** EPCs that the person says they bring back; on the trail once the door was opened and nothing could be counted. */
  readonly declared?: readonly string[];
  /** Others were at the cabinet since the last count that settled: what is gone is on nobody's name. */
  readonly shared?: true;
  /** The agent was away in it, so somebody else may have been there: what moved is on this name, and disputed. */
  readonly unwatched?: true;
}

export type Dispute = KioskDispute;

/** What a person asks for at the screen, besides signing in and out. */
export type DeskAction =
  | ({ readonly name: 'order' } & KioskActionBody<'order'>)
  | ({ readonly name: 'dispute' } & KioskActionBody<'dispute'>)
  | ({ readonly name: 'report' } & KioskActionBody<'report'>)
  | ({ readonly name: 'hand_over' } & KioskActionBody<'handOver'>)
  | ({ readonly name: 'shift_end' } & KioskActionBody<'shiftEnd'>)
  | ({ readonly name: 'search' } & KioskActionBody<'search'>)
  | ({ readonly name: 'notice' } & KioskActionBody<'notice'>)
  | ({ readonly name: 'return_only' } & KioskActionBody<'returnOnly'>);

/** An inventory that has to be made before anybody may open the cabinet. */
export interface OwedCount {
  readonly trigger: 'start' | 'session';
  readonly session: CabinetSession | null;
  /** True after a count that came to nothing, until the reader is back or a pause is over. */
  readonly waiting: boolean;
}

export type Phase =
  | { readonly kind: 'idle'; readonly watching: 'watch' | 'command' | null }
  | { readonly kind: 'refused'; readonly refusal: Refusal | PinRefusal; readonly person: RulebookPerson | null }
  /** Nothing can or may be taken now. The person may say that they only bring back; until then nothing is opened. */
  | { readonly kind: 'return_offer'; readonly session: CabinetSession }
  /** Nothing is on the trail yet: the cabinet opens only to two. */
  | { readonly kind: 'witness'; readonly session: CabinetSession }
  | { readonly kind: 'authorising'; readonly session: CabinetSession }
  | {
      readonly kind: 'unlocked';
      readonly session: CabinetSession;
      readonly awaiting: readonly number[];
      readonly done: readonly number[];
    }
  | {
      readonly kind: 'open';
      readonly session: CabinetSession;
      readonly leftOpenAfterMs: number;
      /** It has been said once that a door stands open for too long. */
      readonly leftOpen?: true;
    }
  | { readonly kind: 'settling'; readonly session: CabinetSession }
  | {
      readonly kind: 'counting';
      readonly session: CabinetSession | null;
      readonly trigger: InventoryTrigger;
      readonly rounds: number;
      readonly seen: number;
    }
  | {
      readonly kind: 'recording';
      readonly session: CabinetSession | null;
      readonly lines: readonly KioskLine[];
      readonly kits?: KioskDesk['kits'];
      /** The reader was away: the lines are what the person said, and the count is still owed. */
      readonly uncounted?: true;
    }
  | {
      readonly kind: 'receipt';
      readonly session: CabinetSession;
      readonly lines: readonly KioskLine[];
      readonly kits?: KioskDesk['kits'];
      readonly dispute?: Dispute;
      readonly uncounted?: true;
    }
  | {
      readonly kind: 'hand_over';
      readonly session: CabinetSession;
      readonly items: readonly HeldItem[];
      /** Nobody takes over: the one item is declared lost, with these words, by both. */
      readonly lost?: { readonly note: string };
      readonly refused: 'same_person' | 'not_allowed' | null;
      /** Display name of the second person, once that is decided. */
      readonly to: string | null;
      /** The receipt to come back to. */
      readonly lines: readonly KioskLine[];
    }
  /** The board did not say that it unlocked, and may have done it all the same: the session lasts until that is known. */
  | { readonly kind: 'failed'; readonly why: 'lock'; readonly session: CabinetSession }
  | { readonly kind: 'failed'; readonly why: 'journal' };

export interface Door {
  readonly state: DoorState;
  readonly openedAtMs: number | null;
}

export interface SessionState {
  readonly phase: Phase;
  /** Outlives every phase: only a count that settles, or a door that opens to a new session, ends it. */
  readonly owed: OwedCount | null;
  readonly doors: ReadonlyMap<number, Door>;
  readonly devices: { readonly uhf: DeviceStatus; readonly badge: DeviceStatus; readonly lock: DeviceStatus };
  /** Foreign tags that were reported in this run, so that one sticker does not fill the trail. */
  readonly reported: ReadonlySet<string>;
  /** Who badged while the last unlock was being checked. */
  readonly waiting?: { readonly presented: Presented; readonly atMs: number };
}

export type SessionTimer =
  | 'open_within'
  | 'left_open'
  | 'settle_delay'
  | 'receipt'
  | 'refused'
  | 'return_offer'
  | 'watch'
  | 'retry'
  | 'witness'
  | 'hand_over';

export type SessionInput =
  | { readonly kind: 'device'; readonly device: 'uhf' | 'badge' | 'lock'; readonly status: DeviceStatus }
  | { readonly kind: 'door'; readonly door: number; readonly state: DoorState; readonly freshSession: SessionId }
  | { readonly kind: 'badge'; readonly badgeHash: string; readonly freshSession: SessionId }
  | {
      readonly kind: 'pin';
      readonly numberHash: string;
      /** The PIN is the one that the rulebook has for this number. */
      readonly matches: boolean;
      readonly freshSession: SessionId;
    }
  | { readonly kind: 'desk'; readonly action: DeskAction }
  | { readonly kind: 'rules_changed' }
  | { readonly kind: 'recorded'; readonly what: RecordedWhat }
  | { readonly kind: 'record_failed'; readonly what: RecordedWhat }
  | { readonly kind: 'unlock_done'; readonly door: number; readonly session: SessionId }
  | { readonly kind: 'unlock_failed'; readonly door: number; readonly session: SessionId }
  | { readonly kind: 'progress'; readonly rounds: number; readonly seen: number }
  | { readonly kind: 'snapshot'; readonly snapshot: InventorySnapshot }
  | { readonly kind: 'timer'; readonly timer: SessionTimer }
  | { readonly kind: 'sign_out' }
  | { readonly kind: 'count_now' }
  | { readonly kind: 'unlock_command'; readonly command: string; readonly freshSession: SessionId };

/** Which records an answer of the journal is about; nothing waits for a `note`. */
export type RecordedWhat = 'opened' | 'lines' | 'handed_over' | 'note';

export type SessionEffect =
  | {
      readonly kind: 'record';
      readonly what: RecordedWhat;
      readonly urgency: 'now' | 'grouped';
      readonly drafts: readonly TraceDraft[];
    }
  | { readonly kind: 'unlock'; readonly door: number; readonly expiresAtMs: number; readonly session: SessionId }
  | {
      readonly kind: 'begin_count';
      readonly inside: ReadonlySet<string>;
      readonly manner: CountManner;
      /** Tags to decide of whether they came back unheard; left out while a person waits. */
      readonly perhapsBack?: ReadonlySet<string>;
    }
  | { readonly kind: 'cancel_count' }
  /** Replaces a timer of the same name, so that a timer left over from before cannot fire into a new phase. */
  | { readonly kind: 'start_timer'; readonly timer: SessionTimer; readonly delayMs: number };

/** What a decision may look at besides the state: the moment, the book, the rules, the settings. */
export interface Surroundings {
  readonly atMs: number;
  readonly wallMs: number;
  readonly book: Book;
  readonly memory: DeskMemory;
  readonly rules: RulebookIndex;
  readonly session: SessionConfig;
  readonly presence: PresenceConfig;
}

export interface Step {
  readonly state: SessionState;
  readonly effects: readonly SessionEffect[];
}

/** The session that is going on, for the state message and the screen. */
export function currentSession(state: SessionState): CabinetSession | null {
  const { phase } = state;
  switch (phase.kind) {
    case 'idle':
      return state.owed?.session ?? null;
    case 'refused':
      return null;
    case 'failed':
      return phase.why === 'lock' ? phase.session : null;
    default:
      return phase.session;
  }
}

export function allDoorsClosed(state: SessionState): boolean {
  return [...state.doors.values()].every((door) => door.state === 'closed');
}

/** The state at the start of the agent: an inventory is owed, to the session that was cut off if there is one. */
export function startingState(doors: readonly number[], recovered: CabinetSession | null): SessionState {
  return {
    phase: { kind: 'idle', watching: null },
    owed: { trigger: 'start', session: recovered, waiting: false },
    doors: new Map(doors.map((door) => [door, { state: 'unknown', openedAtMs: null }])),
    devices: { uhf: 'starting', badge: 'starting', lock: 'starting' },
    reported: new Set(),
  };
}
