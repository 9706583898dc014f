import type { TraceDraft } from '@tagtrail/shared/events/trace-event.js';
import { countUnopened } from './count-steps.js';
import { abandonReread } from './dispute-steps.js';
import {
  allDoorsClosed,
  type CabinetSession,
  type Door,
  type SessionEffect,
  type SessionInput,
  type SessionState,
  type Step,
  type Surroundings,
} from './session-state.js';
import {
  closedDraft,
  envelopeOf,
  inPhase,
  newSession,
  note,
  record,
  sessionTimes,
  step,
  toIdle,
} from './session-steps.js';

type DoorInput = Extract<SessionInput, { kind: 'door' }>;
type UnlockInput = Extract<SessionInput, { kind: 'unlock_done' | 'unlock_failed' }>;

export function onDoor(state: SessionState, input: DoorInput, around: Surroundings): Step {
  const before = state.doors.get(input.door);
  if (before === undefined || before.state === input.state) return step(state);
  // A contact that was lost for a while and comes back open has not been opened a second time.
  const wasOpen = before.openedAtMs !== null;
  const openedAtMs =
    input.state === 'closed' ? null : input.state === 'open' && !wasOpen ? around.atMs : before.openedAtMs;
  const door: Door = { state: input.state, openedAtMs };
  const moved = { ...state, doors: new Map(state.doors).set(input.door, door) };
  if (input.state === 'open' && !wasOpen) return opened(moved, { input, before }, around);
  if (input.state === 'closed' && wasOpen) {
    return closed(moved, { door: input.door, openForMs: around.atMs - (before.openedAtMs ?? around.atMs) }, around);
  }
  return step(moved);
}

function opened(
  state: SessionState,
  change: { readonly input: DoorInput; readonly before: Door },
  around: Surroundings,
): Step {
  const { phase } = state;
  const { door } = change.input;
  switch (phase.kind) {
    case 'unlocked': {
      // The door can be quicker than the board's answer; the trail still says "unlocked" first.
      const unlocked = phase.awaiting.includes(door) ? [doorUnlocked(phase.session, door)] : [];
      return toOpen(state, phase.session, { around, drafts: [...unlocked, doorOpened(phase.session, door)] });
    }
    case 'open':
      return step(state, ...note(doorOpened(phase.session, door)));
    case 'failed':
      // The answer was lost, not the pulse: it is whoever the lock was asked to open for.
      if (phase.why === 'journal') return unsigned(state, change.input, { around, left: null, counting: false });
      return toOpen(state, phase.session, { around, drafts: [doorOpened(phase.session, door)] });
    case 'hand_over':
      if (phase.session.closed) return unsigned(state, change.input, { around, left: null, counting: false });
      return toOpen(state, phase.session, { around, drafts: [doorOpened(phase.session, door)] });
    case 'authorising':
    case 'settling':
      return toOpen(state, phase.session, { around, drafts: [doorOpened(phase.session, door)] });
    case 'counting':
      if (phase.session === null || phase.session.certainty === 'window') {
        return unsigned(state, change.input, { around, left: phase.session, counting: true });
      }
      return toOpen(state, phase.session, { around, drafts: [doorOpened(phase.session, door)], counting: true });
    case 'idle': {
      const left = state.owed?.session ?? null;
      // After a restart the door stands open: it is the session that was cut off, still going on.
      if (left !== null && !left.closed && change.before.state === 'unknown') {
        return toOpen(state, left, { around, drafts: [] });
      }
      return unsigned(state, change.input, { around, left, counting: phase.watching !== null });
    }
    default:
      return unsigned(state, change.input, { around, left: null, counting: false });
  }
}

function toOpen(
  state: SessionState,
  session: CabinetSession,
  how: { readonly around: Surroundings; readonly drafts: readonly TraceDraft[]; readonly counting?: boolean },
): Step {
  const leftOpenAfterMs = how.around.session.leftOpenAfterMs;
  return step(
    inPhase({ ...state, owed: null }, { kind: 'open', session, leftOpenAfterMs }),
    ...(how.counting === true ? [{ kind: 'cancel_count' } as const] : []),
    ...note(...how.drafts),
    { kind: 'start_timer', timer: 'left_open', delayMs: leftOpenAfterMs },
  );
}

/**
 * A door opened without a session: one begins that nobody signed, and what moves has no known holder. Where the visit
 * before it was not counted yet, nobody can say in which of the two something moved.
 */
function unsigned(
  state: SessionState,
  input: DoorInput,
  how: { readonly around: Surroundings; readonly left: CabinetSession | null; readonly counting: boolean },
): Step {
  const { around, left } = how;
  const isShared = left !== null || (state.owed?.session ?? null) !== null;
  const session: CabinetSession = {
    ...newSession({ id: input.freshSession, actor: null }, around),
    ...(isShared ? { certainty: 'window', shared: true } : {}),
  };
  const interrupted = left === null || left.closed ? [] : [closedDraft(left, 'interrupted', around)];
  const leftOpenAfterMs = around.session.leftOpenAfterMs;
  return step(
    inPhase({ ...state, owed: null }, { kind: 'open', session, leftOpenAfterMs }),
    ...(how.counting ? [{ kind: 'cancel_count' } as const] : abandonReread(state)),
    ...record('note', 'now', [
      ...interrupted,
      { kind: 'session.opened', session: session.id, data: { door: input.door, signed: false } },
      doorOpened(session, input.door),
    ]),
    { kind: 'start_timer', timer: 'left_open', delayMs: leftOpenAfterMs },
  );
}

function closed(
  state: SessionState,
  change: { readonly door: number; readonly openForMs: number },
  around: Surroundings,
): Step {
  const { phase } = state;
  const data = { door: change.door, openForMs: Math.max(0, Math.round(change.openForMs)) };
  if (phase.kind !== 'open') return step(state, ...note({ kind: 'door.closed', data }));
  const effects = note({ kind: 'door.closed', ...envelopeOf(phase.session), data });
  if (!allDoorsClosed(state)) return step(state, ...effects);
  return step(inPhase(state, { kind: 'settling', session: phase.session }), ...effects, {
    kind: 'start_timer',
    timer: 'settle_delay',
    delayMs: around.presence.settleDelayMs,
  });
}

/** The door has stood open for long: say so, and again after twice the time. */
export function leftOpen(state: SessionState, around: Surroundings): Step {
  const { phase } = state;
  if (phase.kind !== 'open') return step(state);
  const drafts: TraceDraft[] = [];
  for (const [door, { openedAtMs }] of state.doors) {
    if (openedAtMs === null) continue;
    const openForMs = Math.max(0, Math.round(around.atMs - openedAtMs));
    drafts.push({ kind: 'door.left_open', ...envelopeOf(phase.session), data: { door, openForMs } });
  }
  const leftOpenAfterMs = Math.min(phase.leftOpenAfterMs * 2, sessionTimes.leftOpenAtMostMs);
  const timer: SessionEffect = { kind: 'start_timer', timer: 'left_open', delayMs: leftOpenAfterMs };
  return step(inPhase(state, { ...phase, leftOpenAfterMs, leftOpen: true }), ...note(...drafts), timer);
}

/** What the lock board answered to an unlock. */
export function onUnlock(state: SessionState, input: UnlockInput, around: Surroundings): Step {
  const { phase } = state;
  if (phase.kind !== 'unlocked' || phase.session.id !== input.session || !phase.awaiting.includes(input.door)) {
    return lateUnlock(state, input);
  }
  const awaiting = phase.awaiting.filter((door) => door !== input.door);
  if (input.kind === 'unlock_done') {
    const done = [...phase.done, input.door];
    return step(inPhase(state, { ...phase, awaiting, done }), ...note(doorUnlocked(phase.session, input.door)), {
      kind: 'start_timer',
      timer: 'open_within',
      delayMs: around.session.openWithinMs,
    });
  }
  if (awaiting.length > 0 || phase.done.length > 0) return step(inPhase(state, { ...phase, awaiting }));
  return step(inPhase(state, { kind: 'failed', why: 'lock', session: phase.session }), {
    kind: 'start_timer',
    timer: 'refused',
    delayMs: around.session.refusedMs,
  });
}

/** A second door unlocks while the first one is open already: still a fact of this session. */
function lateUnlock(state: SessionState, input: UnlockInput): Step {
  const { phase } = state;
  const ofThis = (phase.kind === 'open' || phase.kind === 'hand_over') && phase.session.id === input.session;
  if (!ofThis || input.kind === 'unlock_failed' || state.doors.get(input.door)?.state === 'open') return step(state);
  return step(state, ...note(doorUnlocked(phase.session, input.door)));
}

/** Nobody came through: the answer of a board can be lost behind a pulse that it gave, so the contents are asked. */
export function unlockFailed(state: SessionState, around: Surroundings): Step {
  const { phase } = state;
  if (phase.kind !== 'failed') return step(state);
  return phase.why === 'lock' ? countUnopened(state, phase.session, around) : toIdle(state);
}

/** No door was seen to open in time. A contact can be missed, so the contents are asked. */
export function unused(state: SessionState, around: Surroundings): Step {
  return state.phase.kind === 'unlocked' ? countUnopened(state, state.phase.session, around) : step(state);
}

function doorUnlocked(session: CabinetSession, door: number): TraceDraft {
  return { kind: 'door.unlocked', ...envelopeOf(session), data: { door } };
}

function doorOpened(session: CabinetSession, door: number): TraceDraft {
  return { kind: 'door.opened', ...envelopeOf(session), data: { door, signed: session.signed } };
}
