import type { PinRefusal } from '@tagtrail/shared/events/desk-event.js';
import type { Refusal, ReturnOnly, TraceDraft } from '@tagtrail/shared/events/trace-event.js';
import type { SessionId } from '@tagtrail/shared/ids.js';
import { mayOpen, mayOpenAs } from '@tagtrail/shared/rules/may-open.js';
import type { RulebookPerson } from '@tagtrail/shared/rules/rulebook.js';
import { nextWrongLocks, pinLockedForMs } from './desk-memory.js';
import { abandonReread } from './dispute-steps.js';
import type { Presented } from './presented.js';
import { isAtRest, mayOffer, returnSession } from './return-only.js';
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
import {
  cannotCount,
  inPhase,
  mayCount,
  newSession,
  note,
  record,
  sessionTimes,
  step,
  toIdle,
} from './session-steps.js';

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
  const draft: TraceDraft = { kind: 'badge.refused', ...actor, data: { badgeHash, refusal } };
  return refused(state, { refusal, person, draft, known: person, freshSession }, around);
}

/** A number and a PIN were typed. While locked nothing is compared, so that waiting cannot be shortened by guessing on. */
export function onPin(state: SessionState, input: PinInput, around: Surroundings): Step {
  const { numberHash, freshSession } = input;
  const person = around.rules.personByNumber(numberHash);
  const actor = person === undefined ? {} : { actor: person.person };
  const refuse = (refusal: PinRefusal | 'expired' | 'suspended' | 'rulebook_missing', lockedForMs?: number): Step => {
    const data = { numberHash, refusal, ...(lockedForMs === undefined ? {} : { lockedForMs }) };
    const draft: TraceDraft = { kind: 'pin.refused', ...actor, data };
    return refused(state, { refusal, person: undefined, draft, known: person, freshSession }, around);
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

/** The refusals that are about taking: who it is remains known. */
const mayStillReturn: Partial<Record<Refusal | PinRefusal, ReturnOnly>> = {
  expired: 'badge_expired',
  suspended: 'person_suspended',
};

function refused(
  state: SessionState,
  what: {
    readonly refusal: Refusal | PinRefusal;
    readonly person: RulebookPerson | undefined;
    readonly draft: TraceDraft;
    /** Whoever it is, named or not: what they hold may come back. */
    readonly known: RulebookPerson | undefined;
    readonly freshSession: SessionId;
  },
  around: Surroundings,
): Step {
  // An attempt counts only once it is on the disk; the screen is told at the same time.
  const security = record('note', what.draft.kind === 'pin.refused' ? 'now' : 'grouped', [what.draft]);
  if (state.phase.kind === 'hand_over' && state.phase.to === null) {
    return step(inPhase(state, { ...state.phase, refused: 'not_allowed' }), ...security);
  }
  const why = mayStillReturn[what.refusal];
  if (why !== undefined && what.known !== undefined && mayOffer(state)) {
    const offered = offerReturn(state, { id: what.freshSession, person: what.known, why }, around);
    return step(offered.state, ...offered.effects, ...security);
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
  if (second !== null) return 'authorise' in second ? authorise(second.state, second.authorise) : second;
  if (cannotCount(state) && mayOffer(state)) {
    const offered = offerReturn(state, { id: freshSession, person, why: 'reader_out_of_order' }, around);
    return step(offered.state, ...offered.effects, ...note(accepted));
  }
  if (!isFree(state)) {
    const running = currentSession(state);
    const isTryingAgain = state.phase.kind === 'failed';
    if (running !== null && running.actor === person.person && !isTryingAgain) return step(state);
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
  const begun = authorise(state, { session, drafts: [{ ...accepted, session: session.id }] });
  return step(begun.state, ...stopReading(state), ...begun.effects);
}

/** Asks whether the person only brings back. Nothing is opened before they say so. */
function offerReturn(state: SessionState, who: Parameters<typeof returnSession>[1], around: Surroundings): Step {
  const session = returnSession(state, who, around);
  return step(inPhase(state, { kind: 'return_offer', session }), ...stopReading(state), {
    kind: 'start_timer',
    timer: 'return_offer',
    delayMs: sessionTimes.secondBadgeMs,
  });
}

/** The disk took no `session.opened`, so nothing may be taken. Bringing back is remembered until it takes something again. */
export function offerUnrecorded(state: SessionState, session: CabinetSession): Step {
  const offered: CabinetSession = { ...session, returnOnly: 'disk_out_of_order' };
  return step(inPhase(state, { kind: 'return_offer', session: offered }), {
    kind: 'start_timer',
    timer: 'return_offer',
    delayMs: sessionTimes.secondBadgeMs,
  });
}

/** The person has said that they only bring back, and perhaps what; nobody has to stand beside them for that. */
export function openForReturn(state: SessionState, declared: readonly string[]): Step {
  const { phase } = state;
  if (phase.kind === 'return_offer') return authorise(state, { session: { ...phase.session, declared }, drafts: [] });
  if (phase.kind !== 'witness') return step(state);
  return authorise(state, { session: { ...phase.session, returnOnly: 'witness_missing', declared }, drafts: [] });
}

/** The cloud unlocks: nobody signed, so what moves has no known holder. Who stands at the cabinet is not interrupted. */
export function onUnlockCommand(
  state: SessionState,
  { command, freshSession }: Extract<SessionInput, { kind: 'unlock_command' }>,
  around: Surroundings,
): Step {
  if (!mayOffer(state)) return step(state);
  const session: CabinetSession = {
    ...newSession({ id: freshSession, actor: null }, around),
    command,
    certainty: cannotCount(state) ? 'window' : 'observed',
    ...(state.owed === null ? {} : { shared: true }),
  };
  const begun = authorise(state, { session, drafts: [] });
  return step(begun.state, ...stopReading(state), ...begun.effects);
}

/** `session.opened` goes to the disk, with all that was presented for it, before any lock is told to open. */
function authorise(
  state: SessionState,
  begin: { readonly session: CabinetSession; readonly drafts: readonly TraceDraft[] },
): Step {
  const { session, drafts } = begin;
  const door = [...state.doors.keys()][0] ?? 1;
  const actor = session.actor === null ? {} : { actor: session.actor };
  const returnOnly = session.returnOnly === undefined ? {} : { returnOnly: session.returnOnly };
  const command = session.command === undefined ? {} : { command: session.command };
  const data = { door, signed: session.signed, ...returnOnly, ...command };
  const opened: TraceDraft = { kind: 'session.opened', session: session.id, ...actor, data };
  return step(inPhase(state, { kind: 'authorising', session }), ...record('opened', 'now', [opened, ...drafts]));
}

/** Who comes while the last unlock is being checked is let in after the count, without badging twice. */
function waitForCount(state: SessionState, presented: Presented, around: Surroundings): SessionState {
  const { phase } = state;
  const checks =
    phase.kind === 'failed' ||
    ((phase.kind === 'counting' || phase.kind === 'recording') && phase.session?.unopened === true);
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
  return state.owed === null && isAtRest(state);
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
