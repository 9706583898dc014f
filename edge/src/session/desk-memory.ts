import type { ReportedWhat } from '@tagtrail/shared/events/desk-event.js';
import type { TraceEvent, TraceEventOf } from '@tagtrail/shared/events/trace-event.js';
import type { PersonId } from '@tagtrail/shared/ids.js';

/**
 * What the cabinet remembers of what people did at its screen: a fold of its own events and of
 * nothing else, so that reports, searches and the count of wrong PINs survive a restart.
 */
export interface DeskMemory {
  readonly reported: ReadonlyMap<string, Report>;
  readonly searches: ReadonlyMap<string, Search>;
  /** By the hash of a personal number; the empty hash stands for the whole keypad. */
  readonly pins: ReadonlyMap<string, PinTries>;
  /** The newest notice that each person has seen. */
  readonly notices: ReadonlyMap<PersonId, number>;
  /** When each item was last read inside, and by whom it was last moved. */
  readonly last: ReadonlyMap<string, LastKnown>;
  /** Newest last. */
  readonly sessions: readonly PastSession[];
  /** The run of the cabinet that the newest event comes from. */
  readonly boot: string;
}

export interface Report {
  readonly what: ReportedWhat;
  readonly at: string;
}

export interface Search {
  readonly name: string;
  readonly startedAt: string;
  readonly lastHolder: PersonId | null;
  readonly lastReadAt: string | null;
}

export interface PinTries {
  readonly wrong: number;
  readonly lock: {
    readonly atWallMs: number;
    readonly mono: number;
    readonly boot: string;
    readonly forMs: number;
  } | null;
}

export interface LastKnown {
  readonly readAt: string | null;
  readonly holder: PersonId | null;
}

export interface PastSession {
  readonly id: string;
  readonly person: PersonId | null;
  readonly openedAt: string;
  readonly outcome: string;
  readonly taken: readonly string[];
  readonly returned: readonly string[];
}

export const emptyDeskMemory: DeskMemory = {
  reported: new Map(),
  searches: new Map(),
  pins: new Map(),
  notices: new Map(),
  last: new Map(),
  sessions: [],
  boot: '',
};

const sessionLimit = 500;
/** Numbers that somebody tried; a keypad that is played with must not fill the memory. */
const pinLimit = 1000;
export const wholeKeypad = '';

export function rememberEvent(memory: DeskMemory, event: TraceEvent): DeskMemory {
  const next = memory.boot === event.boot ? memory : { ...memory, boot: event.boot };
  switch (event.kind) {
    case 'asset.reported':
      return { ...next, reported: put(next.reported, event.data.epc, { what: event.data.what, at: event.at }) };
    case 'search.started':
      return { ...next, searches: put(next.searches, event.data.epc, searchOf(event)) };
    case 'search.closed':
      return { ...next, searches: without(next.searches, event.data.epc) };
    case 'notice.acknowledged':
      if (event.actor === undefined) return next;
      return { ...next, notices: put(next.notices, event.actor, event.data.version) };
    case 'pin.refused':
      return { ...next, pins: wrongPin(next.pins, event) };
    case 'pin.accepted':
      return { ...next, pins: without(without(next.pins, event.data.numberHash), wholeKeypad) };
    default:
      return rememberMove(rememberSession(next, event), event);
  }
}

function rememberMove(memory: DeskMemory, event: TraceEvent): DeskMemory {
  switch (event.kind) {
    case 'asset.checked_out':
    case 'custody.handed_over': {
      const before = memory.last.get(event.data.epc);
      const holder = event.actor ?? null;
      return { ...memory, last: put(memory.last, event.data.epc, { readAt: before?.readAt ?? null, holder }) };
    }
    case 'inventory.settled': {
      const last = new Map(memory.last);
      for (const epc of event.data.present) last.set(epc, { readAt: event.at, holder: last.get(epc)?.holder ?? null });
      return { ...memory, last };
    }
    default:
      return memory;
  }
}

function rememberSession(memory: DeskMemory, event: TraceEvent): DeskMemory {
  if (event.kind === 'session.opened' && event.session !== undefined) {
    const opened: PastSession = {
      id: event.session,
      person: event.actor ?? null,
      openedAt: event.at,
      outcome: 'open',
      taken: [],
      returned: [],
    };
    return { ...memory, sessions: [...memory.sessions.slice(1 - sessionLimit), opened] };
  }
  const change = sessionChange(event);
  if (change === null || event.session === undefined) return memory;
  const at = memory.sessions.findLastIndex(({ id }) => id === event.session);
  const past = memory.sessions[at];
  return past === undefined ? memory : { ...memory, sessions: memory.sessions.with(at, change(past)) };
}

function sessionChange(event: TraceEvent): ((past: PastSession) => PastSession) | null {
  switch (event.kind) {
    case 'asset.checked_out':
      return (past) => ({ ...past, taken: [...past.taken, event.data.name] });
    case 'asset.returned':
      // What was only said to be back follows when it was seen.
      if (event.data.certainty === 'declared') return null;
      return (past) => ({ ...past, returned: [...past.returned, event.data.name] });
    case 'session.closed':
      return (past) => ({ ...past, outcome: event.data.outcome });
    default:
      return null;
  }
}

function searchOf(event: TraceEventOf<'search.started'>): Search {
  const { name, lastHolder, lastReadAt } = event.data;
  return { name, startedAt: event.at, lastHolder, lastReadAt };
}

function wrongPin(pins: DeskMemory['pins'], event: TraceEventOf<'pin.refused'>): DeskMemory['pins'] {
  const { numberHash, refusal, lockedForMs } = event.data;
  // What is refused while locked is a fact for the trail, not a further try: a lock ends when it said it would.
  if (refusal !== 'pin_wrong') return pins;
  const next = new Map(pins.size >= pinLimit ? [...pins].slice(pinLimit / 2) : pins);
  const place = { atWallMs: Date.parse(event.at), mono: event.mono, boot: event.boot };
  for (const key of [numberHash, wholeKeypad]) {
    const before = next.get(key);
    const wrong = before?.lock == null ? (before?.wrong ?? 0) + 1 : 1;
    const locks = lockedForMs !== undefined && wrong >= (key === wholeKeypad ? pinTries.keypad : pinTries.person);
    next.set(key, { wrong, lock: locks ? { ...place, forMs: lockedForMs } : null });
  }
  return next;
}

/** Wrong PINs in a row that lock one number, and all of them. */
export const pinTries = { person: 5, keypad: 20 } as const;

/** Whether one more wrong PIN for this number locks something. */
export function nextWrongLocks(memory: DeskMemory, numberHash: string): boolean {
  const wrong = (key: string): number => {
    const tries = memory.pins.get(key);
    return tries === undefined || tries.lock !== null ? 1 : tries.wrong + 1;
  };
  return wrong(numberHash) >= pinTries.person || wrong(wholeKeypad) >= pinTries.keypad;
}

/**
 * How long no PIN is taken for a number, or with the empty hash for any; 0 when PINs are taken.
 * Within one run of the cabinet the monotonic clock counts; after a restart the wall clock does,
 * and one that was set back locks no longer than the lock was meant.
 */
export function pinLockedForMs(
  memory: DeskMemory,
  numberHash: string,
  now: { readonly atMs: number; readonly wallMs: number },
): number {
  const left = [numberHash, wholeKeypad].map((key) => {
    const lock = memory.pins.get(key)?.lock;
    if (lock == null) return 0;
    const passedMs = lock.boot === memory.boot ? now.atMs - lock.mono : now.wallMs - lock.atWallMs;
    return Math.max(0, lock.forMs - Math.max(0, passedMs));
  });
  return Math.max(...left);
}

function put<K, V>(map: ReadonlyMap<K, V>, key: K, value: V): ReadonlyMap<K, V> {
  return new Map(map).set(key, value);
}

function without<K, V>(map: ReadonlyMap<K, V>, key: K): ReadonlyMap<K, V> {
  if (!map.has(key)) return map;
  const rest = new Map(map);
  rest.delete(key);
  return rest;
}
