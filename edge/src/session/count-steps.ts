import type { CountManner } from '../inventory/inventory.js';
import type { InventorySnapshot } from '../inventory/presence.js';
import { missingOf, perhapsBackOf } from './book.js';
import { settleDispute } from './dispute-steps.js';
import { declaredReturns } from './return-only.js';
import type {
  CabinetSession,
  OwedCount,
  Phase,
  SessionEffect,
  SessionState,
  Step,
  Surroundings,
} from './session-state.js';
import { closedDraft, inPhase, mayCount, note, record, sessionTimes, step, toIdle } from './session-steps.js';
import { expectedInside, type Settlement, settlementOf } from './settlement.js';

/** Foreign tags that are remembered as reported; more than that are reported once more. */
const reportedLimit = 256;

/** The door has been closed for a moment: count. */
export function countSession(state: SessionState, around: Surroundings): Step {
  if (state.phase.kind !== 'settling') return step(state);
  const { session } = state.phase;
  // The reader was away before the door opened: waiting for it would only keep the person.
  if (session.returnOnly !== undefined && state.devices.uhf !== 'ok') return unsettled(state, session, around);
  const trigger = session.signed ? 'session' : 'unsigned';
  const counting: Phase = { kind: 'counting', session, trigger, rounds: 0, seen: 0 };
  return step(inPhase(state, counting), beginCount(around, 'hurried'));
}

/** Makes an inventory that is owed as soon as it can say something. */
export function countOwed(state: SessionState, around: Surroundings): Step {
  const { phase, owed } = state;
  if (phase.kind !== 'idle' || owed === null || owed.waiting || !mayCount(state, around)) return step(state);
  const { trigger, session } = owed;
  return step(
    inPhase({ ...state, owed: null }, { kind: 'counting', session, trigger, rounds: 0, seen: 0 }),
    beginCount(around),
  );
}

/** Compares the contents with the book while nobody is there; a badge or a door cuts it short. */
export function countIdle(state: SessionState, trigger: 'watch' | 'command', around: Surroundings): Step {
  const { phase } = state;
  if (phase.kind !== 'idle' || state.owed !== null) return step(state);
  if (!mayCount(state, around)) return toIdle(state);
  const perhapsBack = new Set(perhapsBackOf(around.book));
  const looking = perhapsBack.size === 0 ? beginCount(around) : { ...beginCount(around), perhapsBack };
  return step(inPhase(state, { ...phase, watching: trigger }), looking);
}

/**
 * The lock was pulsed and no door was seen to open: the session ends with a count all the same.
 * What differs is this session's, but nobody watched it happen.
 */
export function countUnopened(state: SessionState, session: CabinetSession, _around: Surroundings): Step {
  const unopened: CabinetSession = { ...session, certainty: 'window', unopened: true };
  return toIdle(state, { trigger: 'session', session: unopened, waiting: false });
}

function beginCount(
  around: Surroundings,
  manner: CountManner = 'at_ease',
): Extract<SessionEffect, { kind: 'begin_count' }> {
  return { kind: 'begin_count', inside: expectedInside(around), manner };
}

export function onSnapshot(state: SessionState, snapshot: InventorySnapshot, around: Surroundings): Step {
  const { phase } = state;
  if (phase.kind === 'idle' && phase.watching !== null)
    return watched(state, { snapshot, trigger: phase.watching }, around);
  if (phase.kind === 'receipt') return settleDispute(state, snapshot, around);
  if (phase.kind !== 'counting') return step(state);
  const { session, trigger } = phase;
  if (!snapshot.complete) return unsettled(state, session, around);
  const settlement = settlementOf({ trigger, session, snapshot, around, reported: state.reported });
  const known = remember(state, settlement);
  if (session === null) {
    return step(
      inPhase(known, { kind: 'recording', session, lines: settlement.lines }),
      ...record('lines', 'grouped', settlement.drafts),
    );
  }
  const total: CabinetSession = {
    ...session,
    taken: session.taken + settlement.taken,
    returned: session.returned + settlement.returned,
    disputed: session.disputed + settlement.disputed,
  };
  const outcome = outcomeOf(session, settlement);
  const end = session.closed ? [] : [closedDraft(total, outcome, around)];
  return step(
    inPhase(known, { kind: 'recording', session, lines: settlement.lines, kits: settlement.kits }),
    ...record('lines', 'grouped', [...settlement.drafts, ...end]),
  );
}

function outcomeOf(session: CabinetSession, { lines }: Settlement): 'settled' | 'unused' | 'interrupted' {
  if (session.unopened === true) return lines.length > 0 ? 'settled' : 'unused';
  return session.certainty === 'window' ? 'interrupted' : 'settled';
}

/**
 * The reader was away: nothing is booked. The session ends unsettled and is counted when the reader
 * is back; whoever stands there reads that, with what they said they brought.
 */
function unsettled(state: SessionState, session: CabinetSession | null, around: Surroundings): Step {
  if (session === null) return toIdle(state, { trigger: 'start', session, waiting: true });
  const isThere = session.signed && (session.certainty === 'observed' || session.returnOnly !== undefined);
  if (isThere && !session.closed && session.unopened !== true) {
    const { drafts, lines } = declaredReturns(session, around);
    const { length } = drafts;
    const total = { ...session, returned: session.returned + length, disputed: session.disputed + length };
    return step(
      inPhase(state, { kind: 'recording', session, lines, uncounted: true }),
      ...record('lines', 'grouped', [...drafts, closedDraft(total, 'unsettled', around)]),
    );
  }
  const end = session.closed ? [] : note(closedDraft(session, 'unsettled', around));
  const idle = toIdle(state, owedTo(session));
  return step(idle.state, ...end, ...idle.effects);
}

function owedTo(session: CabinetSession): OwedCount {
  return { trigger: 'session', session: { ...session, closed: true, certainty: 'window' }, waiting: true };
}

function watched(
  state: SessionState,
  count: { readonly snapshot: InventorySnapshot; readonly trigger: 'watch' | 'command' },
  around: Surroundings,
): Step {
  const idle = toIdle(state);
  if (!count.snapshot.complete) return idle;
  const settlement = settlementOf({ ...count, session: null, around, reported: state.reported });
  const same =
    settlement.missing.join() === missingOf(around.book).join() &&
    settlement.perhapsBack.join() === perhapsBackOf(around.book).join() &&
    settlement.unknown.length === 0 &&
    !settlement.found;
  const drafts = same && count.trigger === 'watch' ? [] : settlement.drafts;
  return step(remember(idle.state, settlement), ...note(...drafts), ...idle.effects);
}

function remember(state: SessionState, settlement: Settlement): SessionState {
  if (settlement.unknown.length === 0) return state;
  const before = state.reported.size >= reportedLimit ? [] : state.reported;
  return { ...state, reported: new Set([...before, ...settlement.unknown]) };
}

/** The lines are on the disk: now they may be shown. */
export function linesRecorded(state: SessionState, around: Surroundings): Step {
  const { phase } = state;
  if (phase.kind !== 'recording') return step(state);
  const { session, lines, kits = [], uncounted } = phase;
  if (session === null) return toIdle(state);
  const { receiptMs } = around.session;
  const isPlain = uncounted === true || lines.length + kits.length === 0;
  const delayMs = isPlain ? Math.min(receiptMs, sessionTimes.plainReceiptMs) : receiptMs;
  const showFor = { kind: 'start_timer', timer: 'receipt', delayMs } as const;
  if (uncounted === true) {
    const owing = { ...state, owed: owedTo(session) };
    return step(
      inPhase(owing, { kind: 'receipt', session: { ...session, closed: true }, lines, kits, uncounted }),
      showFor,
    );
  }
  const stays = session.certainty === 'observed' || (session.returnOnly !== undefined && !session.closed);
  const isThere = session.unopened === true ? lines.length > 0 : stays;
  if (!isThere) return toIdle(state);
  return step(inPhase(state, { kind: 'receipt', session: { ...session, closed: true }, lines, kits }), showFor);
}

/** The journal refused a line: what is not on the disk did not happen, so the contents are counted again. */
export function linesLost(state: SessionState): Step {
  const { phase } = state;
  if (phase.kind !== 'recording') return step(state);
  const session = phase.session === null ? null : { ...phase.session, certainty: 'window' as const };
  return toIdle(state, { trigger: session === null ? 'start' : 'session', session, waiting: true });
}

/** A pause is over, or the reader is back: what is owed may be tried again. */
export function stopWaiting(state: SessionState): SessionState {
  const { owed } = state;
  return owed === null || !owed.waiting ? state : { ...state, owed: { ...owed, waiting: false } };
}

/** Keeps the clock of the next attempt running while something is owed. */
export function retryOwed(state: SessionState): Step {
  if (state.phase.kind !== 'idle' || state.owed === null) return step(state);
  return step(stopWaiting(state), { kind: 'start_timer', timer: 'retry', delayMs: sessionTimes.retryAfterMs });
}
