import type { TraceDraft } from '@tagtrail/shared/events/trace-event.js';
import type { OrderId, PersonId, SessionId } from '@tagtrail/shared/ids.js';
import {
  allDoorsClosed,
  type CabinetSession,
  type OwedCount,
  type Phase,
  type RecordedWhat,
  type SessionEffect,
  type SessionState,
  type Step,
  type Surroundings,
} from './session-state.js';

/** Times that a customer has no reason to set. */
export const sessionTimes = {
  /** An unlock that has not reached the lock by then is dropped, never sent late. */
  unlockWithinMs: 3000,
  /** How often the contents are compared with the book while nobody is there. */
  watchEveryMs: 60_000,
  /** Pause before an inventory that came to nothing is tried again. */
  retryAfterMs: 10_000,
  /** An open door is reported again after twice the time, up to this. */
  leftOpenAtMostMs: 3_600_000,
  /** How long the screen waits for the second badge of a witness or a hand-over. */
  secondBadgeMs: 30_000,
  /** How long it shows who took over. */
  handedOverMs: 4000,
  /** How long a receipt stays on which nothing can be called wrong. */
  plainReceiptMs: 10_000,
  /** Who badged during the check of an unused unlock is let in after it, but not later than this. */
  waitAtMostMs: 10_000,
} as const;

export function step(state: SessionState, ...effects: readonly SessionEffect[]): Step {
  return { state, effects };
}

export function inPhase(state: SessionState, phase: Phase): SessionState {
  return { ...state, phase };
}

export function record(
  what: RecordedWhat,
  urgency: 'now' | 'grouped',
  drafts: readonly TraceDraft[],
): readonly SessionEffect[] {
  return drafts.length === 0 ? [] : [{ kind: 'record', what, urgency, drafts }];
}

export const note = (...drafts: readonly TraceDraft[]): readonly SessionEffect[] => record('note', 'grouped', drafts);

/** Back to waiting for a badge; an inventory that is still owed is tried again. */
export function toIdle(state: SessionState, owed: OwedCount | null = state.owed): Step {
  const timer: SessionEffect =
    owed === null
      ? { kind: 'start_timer', timer: 'watch', delayMs: sessionTimes.watchEveryMs }
      : { kind: 'start_timer', timer: 'retry', delayMs: sessionTimes.retryAfterMs };
  return step(inPhase({ ...state, owed }, { kind: 'idle', watching: null }), timer);
}

/** True when no inventory can be expected: the reader is broken, or its last one came to nothing. */
export function cannotCount(state: SessionState): boolean {
  return !isReading(state) || state.owed?.waiting === true;
}

function isReading({ devices }: SessionState): boolean {
  return devices.uhf === 'ok' || devices.uhf === 'starting';
}

/** True when an inventory can say something: the reader reads, the doors are closed, the items are known. */
export function mayCount(state: SessionState, around: Surroundings): boolean {
  const known = around.book.counted || around.rules.rulebook !== undefined;
  return known && state.devices.uhf === 'ok' && allDoorsClosed(state);
}

export function newSession(
  who: { readonly id: SessionId; readonly actor: PersonId | null },
  around: Surroundings,
): CabinetSession {
  return {
    id: who.id,
    actor: who.actor,
    signed: who.actor !== null,
    certainty: 'observed',
    closed: false,
    startedWallMs: around.wallMs,
    startedAtMs: around.atMs,
    taken: 0,
    returned: 0,
    disputed: 0,
  };
}

/** The columns that name a session, its person and its order in each of its events. */
export function envelopeOf(session: CabinetSession): {
  readonly session: SessionId;
  readonly actor?: PersonId;
  readonly order?: OrderId;
} {
  const { id, actor, order } = session;
  return { session: id, ...(actor === null ? {} : { actor }), ...(order === undefined ? {} : { order }) };
}

export function closedDraft(
  session: CabinetSession,
  outcome: 'settled' | 'unused' | 'interrupted' | 'unsettled',
  around: Surroundings,
): TraceDraft {
  const elapsedMs =
    session.startedAtMs === null ? around.wallMs - session.startedWallMs : around.atMs - session.startedAtMs;
  const { taken, returned, disputed } = session;
  return {
    kind: 'session.closed',
    ...envelopeOf(session),
    data: { outcome, taken, returned, disputed, elapsedMs: Math.max(0, Math.round(elapsedMs)) },
  };
}
