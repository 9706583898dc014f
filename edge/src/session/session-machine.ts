import { unreachable } from '@tagtrail/shared/assert.js';
import { admitWaiting, offerUnrecorded, onBadge, onPin, onUnlockCommand, unlockDoors } from './badge-steps.js';
import {
  countIdle,
  countOwed,
  countSession,
  linesLost,
  linesRecorded,
  onSnapshot,
  retryOwed,
  stopWaiting,
} from './count-steps.js';
import { endHandOver, onDesk } from './desk-steps.js';
import { abandonReread } from './dispute-steps.js';
import { leftOpen, onDoor, onUnlock, unlockFailed, unused } from './door-steps.js';
import type { RecordedWhat, SessionInput, SessionState, SessionTimer, Step, Surroundings } from './session-state.js';
import { inPhase, step, toIdle } from './session-steps.js';

/**
 * The cabinet session as a pure machine: a state, an input and the surroundings in, the next state
 * and what is to be done out. Nothing happens here; `session-runner.ts` carries the effects out.
 */
export function nextSession(state: SessionState, input: SessionInput, around: Surroundings): Step {
  const first = take(state, input, around);
  const then = countOwed(first.state, around);
  const last = admitWaiting(then.state, around);
  return { state: last.state, effects: [...first.effects, ...then.effects, ...last.effects] };
}

function take(state: SessionState, input: SessionInput, around: Surroundings): Step {
  switch (input.kind) {
    case 'badge':
      return onBadge(state, input, around);
    case 'pin':
      return onPin(state, input, around);
    case 'desk':
      return onDesk(state, input.action, around);
    case 'door':
      return onDoor(state, input, around);
    case 'unlock_done':
    case 'unlock_failed':
      return onUnlock(state, input, around);
    case 'device':
      return onDevice(state, input);
    case 'recorded':
      return onRecorded(state, input.what, around);
    case 'record_failed':
      return onRecordFailed(state, input.what, around);
    case 'progress':
      return onProgress(state, input);
    case 'snapshot':
      return onSnapshot(state, input.snapshot, around);
    case 'timer':
      return onTimer(state, input.timer, around);
    case 'sign_out':
      return signOut(state, around);
    case 'count_now':
      return countIdle(state, 'command', around);
    case 'unlock_command':
      return onUnlockCommand(state, input, around);
    case 'rules_changed':
      return step(state);
    default:
      return unreachable(input);
  }
}

/** Leaves the screen early; the lock is not told anything, so nothing can be left open by it. */
function signOut(state: SessionState, around: Surroundings): Step {
  switch (state.phase.kind) {
    case 'receipt': {
      const idle = toIdle(state);
      return step(idle.state, ...abandonReread(state), ...idle.effects);
    }
    case 'refused':
    case 'return_offer':
    case 'witness':
      return toIdle(state);
    case 'hand_over':
      return endHandOver(state, around);
    default:
      return step(state);
  }
}

function onDevice(state: SessionState, input: Extract<SessionInput, { kind: 'device' }>): Step {
  const back = input.device === 'uhf' && input.status === 'ok' && state.devices.uhf !== 'ok';
  const known = { ...state, devices: { ...state.devices, [input.device]: input.status } };
  if (!back) return step(known);
  const reading = stopWaiting(known);
  const { phase } = reading;
  // Taking is possible again, so the person is asked nothing that they would have to say.
  const isMoot = phase.kind === 'return_offer' && phase.session.returnOnly === 'reader_out_of_order';
  return isMoot ? toIdle(reading) : step(reading);
}

function onRecorded(state: SessionState, what: RecordedWhat, around: Surroundings): Step {
  if (what === 'opened' && state.phase.kind === 'authorising') return unlockDoors(state, state.phase.session, around);
  return what === 'lines' ? linesRecorded(state, around) : step(state);
}

function onRecordFailed(state: SessionState, what: RecordedWhat, around: Surroundings): Step {
  if (what === 'lines') return linesLost(state);
  // What is not on the disk did not happen: the one who gave still has it, and the screen must not say otherwise.
  if (what === 'handed_over') return endHandOver(state, around);
  if (what !== 'opened' || state.phase.kind !== 'authorising') return step(state);
  const { session } = state.phase;
  // Without a durable owner for what may be taken, the lock stays shut; what comes back needs none.
  if (session.signed && session.returnOnly === undefined) return offerUnrecorded(state, session);
  return step(inPhase(state, { kind: 'failed', why: 'journal' }), {
    kind: 'start_timer',
    timer: 'refused',
    delayMs: around.session.refusedMs,
  });
}

function onProgress(state: SessionState, input: Extract<SessionInput, { kind: 'progress' }>): Step {
  if (state.phase.kind !== 'counting') return step(state);
  return step(inPhase(state, { ...state.phase, rounds: input.rounds, seen: input.seen }));
}

function onTimer(state: SessionState, timer: SessionTimer, around: Surroundings): Step {
  switch (timer) {
    case 'open_within':
      return unused(state, around);
    case 'left_open':
      return leftOpen(state, around);
    case 'settle_delay':
      return countSession(state, around);
    case 'receipt':
      return state.phase.kind === 'receipt' ? signOut(state, around) : step(state);
    case 'witness':
    case 'return_offer':
      return state.phase.kind === timer ? toIdle(state) : step(state);
    case 'hand_over':
      return endHandOver(state, around);
    case 'refused':
      if (state.phase.kind === 'failed') return unlockFailed(state, around);
      return state.phase.kind === 'refused' ? toIdle(state) : step(state);
    case 'watch':
      return countIdle(state, 'watch', around);
    case 'retry':
      return retryOwed(state);
    default:
      return unreachable(timer);
  }
}
