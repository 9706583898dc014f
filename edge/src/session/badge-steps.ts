import type { PinRefusal } from '@tagtrail/shared/events/desk-event.js';
import type { Refusal, TraceDraft } from '@tagtrail/shared/events/trace-event.js';
import { mayOpen, mayOpenAs } from '@tagtrail/shared/rules/may-open.js';
import type { RulebookPerson } from '@tagtrail/shared/rules/rulebook.js';
import { nextWrongLocks, pinLockedForMs } from './desk-memory.js';
import { abandonReread } from './dispute-steps.js';
import type { Presented } from './presented.js';
import { secondPerson } from './second-person.js';
import {
  type CabinetSession,
  currentSession,
  type SessionEffect,
  type SessionInput,
  type SessionState,
  type Step,
  type Surroundings,
} from './session-state.js';
import { inPhase, mayCount, newSession, note, record, sessionTimes, step, toIdle } from './session-steps.js';

type BadgeInput = Extract<SessionInput, { kind: 'badge' }>;
type PinInput = Extract<SessionInput, { kind: 'pin' }>;

/** A badge was presented. It opens a session only when none is running and the cabinet can see and lock. */
export function onBadge(state: SessionState, input: BadgeInput, around: Surroundings): Step {
  const verdict = mayOpen(around.rules.rulebook, input.badgeHash, around.wallMs);
  const { badgeHash, freshSession } = input;
  if (verdict.allowed) {
    const accepted: TraceDraft = { kind: 'badge.accepted', actor: verdict.person.person, data: { badgeHash } };
    return onPresented(state, { verdict, accepted, freshSession }, around);
  }
  const { refusal, person } = verdict;
  const actor = person === undefined ? {} : { actor: person.person };
  return refused(
    state,
    { refusal, person, draft: { kind: 'badge.refused', ...actor, data: { badgeHash, refusal } } },
    around,
  );
}

/** A number and a PIN were typed. While locked nothing is compared, so that waiting cannot be shortened by guessing on. */
export function onPin(state: SessionState, input: PinInput, around: Surroundings): Step {
  const { numberHash, freshSession } = input;
  const person = around.rules.personByNumber(numberHash);
  const actor = person === undefined ? {} : { actor: person.person };
  const refuse = (refusal: PinRefusal | 'expired' | 'suspended' | 'rulebook_missing', lockedForMs?: number): Step => {
    const data = { numberHash, refusal, ...(lockedForMs === undefined ? {} : { lockedForMs }) };
    return refused(state, { refusal, person: undefined, draft: { kind: 'pin.refused', ...actor, data } }, around);
  };
  if (around.rules.rulebook === undefined) return refuse('rulebook_missing');
  if (pinLockedForMs(around.memory, numberHash, around) > 0) return refuse('pin_locked');
  if (person === undefined || !input.matches) {
    const locks = nextWrongLocks(around.memory, numberHash);
    return refuse('pin_wrong', locks ? around.session.pinLockMs : undefined);
  }
  const verdict = mayOpenAs(person, around.wallMs);
  if (!verdict.allowed) return refuse(verdict.refusal === 'suspended' ? 'suspended' : 'expired');
  const accepted: TraceDraft = { kind: 'pin.accepted', ...actor, data: { numberHash } };
  return onPresented(state, { verdict, accepted, freshSession }, around);
}

function refused(
  state: SessionState,
  what: {
    readonly refusal: Refusal | PinRefusal;
    readonly person: RulebookPerson | undefined;
    readonly draft: TraceDraft;
  },
  around: Surroundings,
): Step {
  // An attempt counts only once it is on the disk; the screen is told at the same time.
  const security = record('note', what.draft.kind === 'pin.refused' ? 'now' : 'grouped', [what.draft]);
  if (state.phase.kind === 'hand_over' && state.phase.to === null) {
    return step(inPhase(state, { ...state.phase, refused: 'not_allowed' }), ...security);
  }
  if (!isFree(state)) return step(state, ...security);
  const phase = { kind: 'refused', refusal: what.refusal, person: what.person ?? null } as const;
  return step(inPhase(state, phase), ...stopReading(state), ...security, {
    kind: 'start_timer',
    timer: 'refused',
    delayMs: around.session.refusedMs,
  });
}

function onPresented(state: SessionState, presented: Presented, around: Surroundings): Step {
  const { verdict, accepted, freshSession } = presented;
  if (!verdict.allowed) return step(state);
  const { person } = verdict;
  const second = secondPerson(state, { person, accepted }, around);
  if (second !== null) return 'authorise' in second ? authorise(second.state, second.authorise, around) : second;
  if (!isFree(state)) {
    const running = currentSession(state);
    if (running !== null && running.actor === person.person) return step(state);
    return step(waitForCount(state, presented, around), ...note(accepted));
  }
  if (!mayCount(state, around) || state.devices.lock !== 'ok') {
    const idle = toIdle(state);
    return step(idle.state, ...stopReading(state), ...note(accepted), ...idle.effects);
  }
  const session = newSession({ id: freshSession, actor: person.person }, around);
  if (around.rules.rulebook?.twoPersonToOpen === true) {
    return step(inPhase(state, { kind: 'witness', session }), ...stopReading(state), ...note(accepted), {
      kind: 'start_timer',
      timer: 'witness',
      delayMs: sessionTimes.secondBadgeMs,
    });
  }
  const begun = authorise(state, { session, drafts: [{ ...accepted, session: session.id }] }, around);
  return step(begun.state, ...stopReading(state), ...begun.effects);
}

/** `session.opened` goes to the disk, with all that was presented for it, before any lock is told to open. */
function authorise(
  state: SessionState,
  begin: { readonly session: CabinetSession; readonly drafts: readonly TraceDraft[] },
  _around: Surroundings,
): Step {
  const { session, drafts } = begin;
  const door = [...state.doors.keys()][0] ?? 1;
  const actor = session.actor === null ? {} : { actor: session.actor };
  const opened: TraceDraft = { kind: 'session.opened', session: session.id, ...actor, data: { door, signed: true } };
  return step(inPhase(state, { kind: 'authorising', session }), ...record('opened', 'now', [opened, ...drafts]));
}

/** Who comes while the last unlock is being checked is let in after the count, without badging twice. */
function waitForCount(state: SessionState, presented: Presented, around: Surroundings): SessionState {
  const { phase } = state;
  const checks = (phase.kind === 'counting' || phase.kind === 'recording') && phase.session?.unopened === true;
  return checks ? { ...state, waiting: { presented, atMs: around.atMs } } : state;
}

/** Lets the person in who badged while the last unlock was being checked. */
export function admitWaiting(state: SessionState, around: Surroundings): Step {
  const { waiting } = state;
  if (waiting === undefined || !isFree(state)) return step(state);
  const { waiting: _, ...rest } = state;
  if (around.atMs - waiting.atMs > sessionTimes.waitAtMostMs) return step(rest);
  return onPresented(rest, waiting.presented, around);
}

function stopReading(state: SessionState): readonly SessionEffect[] {
  if (state.phase.kind === 'idle' && state.phase.watching !== null) return [{ kind: 'cancel_count' }];
  return abandonReread(state);
}

function isFree(state: SessionState): boolean {
  switch (state.phase.kind) {
    case 'idle':
      return state.phase.owed === null;
    case 'refused':
    case 'receipt':
    case 'failed':
      return true;
    default:
      return false;
  }
}

/** `session.opened` is on the disk: now, and not before, the locks are told to open. */
export function unlockDoors(state: SessionState, session: CabinetSession, around: Surroundings): Step {
  const doors = [...state.doors.keys()];
  const expiresAtMs = around.atMs + sessionTimes.unlockWithinMs;
  return step(
    inPhase(state, { kind: 'unlocked', session, awaiting: doors, done: [] }),
    ...doors.map((door): SessionEffect => ({ kind: 'unlock', door, expiresAtMs, session: session.id })),
    { kind: 'start_timer', timer: 'open_within', delayMs: around.session.openWithinMs },
  );
}
