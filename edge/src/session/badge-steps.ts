import type { TraceDraft } from '@tagtrail/shared/events/trace-event.js';
import { type MayOpen, mayOpen } from '@tagtrail/shared/rules/may-open.js';
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

/** A badge was presented. It opens a session only when none is running and the cabinet can see and lock. */
export function onBadge(state: SessionState, input: BadgeInput, around: Surroundings): Step {
  const verdict = mayOpen(around.rules.rulebook, input.badgeHash, around.wallMs);
  if (!isFree(state)) {
    const running = currentSession(state);
    const again = verdict.allowed && running !== null && running.actor === verdict.person.person;
    return again ? step(state) : step(state, ...note(badgeDraft(verdict, input.badgeHash)));
  }
  const stopWatch: readonly SessionEffect[] =
    state.phase.kind === 'idle' && state.phase.watching !== null ? [{ kind: 'cancel_count' }] : [];
  if (!verdict.allowed) {
    const phase = { kind: 'refused', refusal: verdict.refusal, person: verdict.person ?? null } as const;
    return step(inPhase(state, phase), ...stopWatch, ...note(badgeDraft(verdict, input.badgeHash)), {
      kind: 'start_timer',
      timer: 'refused',
      delayMs: around.session.refusedMs,
    });
  }
  if (!mayCount(state, around) || state.devices.lock !== 'ok') {
    const idle = toIdle(state);
    return step(idle.state, ...stopWatch, ...note(badgeDraft(verdict, input.badgeHash)), ...idle.effects);
  }
  const session = newSession({ id: input.freshSession, actor: verdict.person.person }, around);
  const door = [...state.doors.keys()][0] ?? 1;
  const envelope = { session: session.id, actor: verdict.person.person };
  return step(
    inPhase(state, { kind: 'authorising', session }),
    ...stopWatch,
    ...record('opened', 'now', [
      { kind: 'session.opened', ...envelope, data: { door, signed: true } },
      { kind: 'badge.accepted', ...envelope, data: { badgeHash: input.badgeHash } },
    ]),
  );
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

function badgeDraft(verdict: MayOpen, badgeHash: string): TraceDraft {
  const actor = verdict.person === undefined ? {} : { actor: verdict.person.person };
  return verdict.allowed
    ? { kind: 'badge.accepted', ...actor, data: { badgeHash } }
    : { kind: 'badge.refused', ...actor, data: { badgeHash, refusal: verdict.refusal } };
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
