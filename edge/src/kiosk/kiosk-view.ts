import type { KioskPhase, KioskState } from '@tagtrail/shared/kiosk/kiosk-state.js';
import type { RulebookPerson } from '@tagtrail/shared/rules/rulebook.js';
import type { DiskLevel } from '../health/disk-watch.js';
import type { RulebookIndex } from '../rules/rulebook-index.js';
import { type Book, missingOf } from '../session/book.js';
import { type DeskMemory, emptyDeskMemory } from '../session/desk-memory.js';
import { holdingOf } from '../session/holding.js';
import { currentSession, type SessionState, type SessionTimer } from '../session/session-state.js';
import { deskView } from './desk-view.js';

/** Everything the cabinet's screen is made of. */
export interface KioskSources {
  readonly cabinet: string;
  readonly site: string;
  /** Before anybody badges; afterwards the person's own. */
  readonly language: 'en' | 'fr';
  readonly nowMs: number;
  readonly state: SessionState;
  readonly book: Book;
  /** What people did at the screen; nothing when left out. */
  readonly memory?: DeskMemory;
  /** Monotonic. */
  readonly atMs?: number;
  readonly rules: RulebookIndex;
  readonly uplink: { readonly offlineSince: string | null; readonly pending: number };
  /** How full the disk is; `ok` when left out. */
  readonly diskLevel?: DiskLevel;
  /** Wall time at which a timer fires. */
  firesAtMs(timer: SessionTimer): number | null;
}

export function kioskView(sources: KioskSources): KioskState {
  const { state, rules, book } = sources;
  const person = personOf(sources);
  const phase = phaseOf(sources);
  const leavesAtMs = leaveTimer(state) === null ? null : sources.firesAtMs(leaveTimer(state) ?? 'receipt');
  return {
    cabinet: sources.cabinet,
    site: sources.site,
    language: person?.language ?? sources.language,
    now: new Date(sources.nowMs).toISOString(),
    phase,
    person: person === null ? null : { displayName: person.displayName },
    refusal: refusalOf(state, phase),
    lines: state.phase.kind === 'receipt' ? [...state.phase.lines] : [],
    holding: person === null || phase === 'refused' ? [] : holdingOf(sources, person),
    reading: phase === 'reading' ? readingOf(state) : null,
    missing: missingOf(book).map((epc) => rules.itemOf(epc)?.name ?? epc),
    leavesAt: leavesAtMs === null ? null : new Date(leavesAtMs).toISOString(),
    offlineSince: sources.uplink.offlineSince,
    pending: sources.uplink.pending,
    rulebookIssuedAt: rules.rulebook?.issuedAt ?? null,
    faults: faultsOf(sources),
    ...(state.phase.kind === 'open' && state.phase.leftOpen === true ? { doorLeftOpen: true } : {}),
    ...(state.phase.kind === 'receipt' && state.phase.uncounted === true ? { uncounted: true } : {}),
    desk: deskView(
      { state, book, rules, memory: sources.memory ?? emptyDeskMemory, atMs: sources.atMs ?? 0, wallMs: sources.nowMs },
      person,
    ),
  };
}

/** The phase that the screen and the board show. */
export function phaseOf(sources: Pick<KioskSources, 'state' | 'book' | 'rules'>): KioskPhase {
  const { phase, devices, owed } = sources.state;
  switch (phase.kind) {
    case 'idle': {
      const broken = Object.values(devices).some((status) => status !== 'ok' && status !== 'starting');
      if (broken) return 'out_of_order';
      if (sources.rules.rulebook === undefined) return 'refused';
      if (owed === null) return 'idle';
      // A count came to nothing although every device says it works.
      return owed.waiting ? 'out_of_order' : 'reading';
    }
    case 'return_offer':
      return 'return_offer';
    case 'refused':
      return 'refused';
    case 'authorising':
    case 'unlocked':
      return 'unlocked';
    case 'open':
      return 'open';
    case 'settling':
    case 'counting':
    case 'recording':
      return 'reading';
    case 'receipt':
      return 'receipt';
    case 'witness':
      return 'witness';
    case 'hand_over':
      return 'hand_over';
    case 'failed':
      return 'out_of_order';
  }
}

/** Devices that do not work, then the disk: that one stops nothing before it is full. */
function faultsOf({ state, diskLevel = 'ok' }: KioskSources): KioskState['faults'] {
  const devices = Object.entries(state.devices)
    .filter(([, status]) => status !== 'ok' && status !== 'starting')
    .map(([device, status]) => ({ device, status: status as string }));
  return diskLevel === 'ok' ? devices : [...devices, { device: 'disk', status: diskLevel }];
}

function refusalOf(state: SessionState, phase: KioskPhase): KioskState['refusal'] {
  if (state.phase.kind === 'refused') return state.phase.refusal;
  return phase === 'refused' ? 'rulebook_missing' : null;
}

function personOf(sources: KioskSources): RulebookPerson | null {
  const { state, rules } = sources;
  if (state.phase.kind === 'refused') return state.phase.person;
  const actor = state.phase.kind === 'idle' ? null : (currentSession(state)?.actor ?? null);
  return actor === null ? null : (rules.personOf(actor) ?? null);
}

function readingOf(state: SessionState): { rounds: number; seen: number } {
  return state.phase.kind === 'counting'
    ? { rounds: state.phase.rounds, seen: state.phase.seen }
    : { rounds: 0, seen: 0 };
}

function leaveTimer(state: SessionState): SessionTimer | null {
  switch (state.phase.kind) {
    case 'receipt':
      return 'receipt';
    case 'refused':
    case 'failed':
      return 'refused';
    case 'unlocked':
      return 'open_within';
    case 'witness':
      return 'witness';
    case 'return_offer':
      return 'return_offer';
    case 'hand_over':
      return 'hand_over';
    default:
      return null;
  }
}
