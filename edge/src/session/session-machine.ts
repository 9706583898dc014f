import { unreachable } from '@tagtrail/shared/assert.js';
import { onBadge, unlockDoors } from './badge-steps.js';
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
import { leftOpen, onDoor, onUnlock, unused } from './door-steps.js';
import type { SessionInput, SessionState, SessionTimer, Step, Surroundings } from './session-state.js';
import { inPhase, step, toIdle } from './session-steps.js';

/**
 * The cabinet session as a pure machine: a state, an input and the surroundings in, the next state
 * and what is to be done out. Nothing happens here; `session-runner.ts` carries the effects out.
 */
export function nextSession(state: SessionState, input: SessionInput, around: Surroundings): Step {
  const first = take(state, input, around);
  const then = countOwed(first.state, around);
  return { state: then.state, effects: [...first.effects, ...then.effects] };
}

function take(state: SessionState, input: SessionInput, around: Surroundings): Step {
  switch (input.kind) {
    case 'badge':
      return onBadge(state, input, around);
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
      return state.phase.kind === 'receipt' || state.phase.kind === 'refused' ? toIdle(state) : step(state);
    case 'count_now':
      return countIdle(state, 'command', around);
    case 'rules_changed':
      return step(state);
    default:
      return unreachable(input);
  }
}

function onDevice(state: SessionState, input: Extract<SessionInput, { kind: 'device' }>): Step {
  const back = input.device === 'uhf' && input.status === 'ok' && state.devices.uhf !== 'ok';
  const known = { ...state, devices: { ...state.devices, [input.device]: input.status } };
  return step(back ? stopWaiting(known) : known);
}

function onRecorded(state: SessionState, what: 'opened' | 'lines' | 'note', around: Surroundings): Step {
  if (what === 'opened' && state.phase.kind === 'authorising') return unlockDoors(state, state.phase.session, around);
  return what === 'lines' ? linesRecorded(state, around) : step(state);
}

function onRecordFailed(state: SessionState, what: 'opened' | 'lines' | 'note', around: Surroundings): Step {
  if (what === 'lines') return linesLost(state);
  if (what === 'note' || state.phase.kind !== 'authorising') return step(state);
  // Without a durable owner for what may be taken, the lock stays shut.
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
      return state.phase.kind === 'receipt' ? toIdle(state) : step(state);
    case 'refused':
      return state.phase.kind === 'refused' || state.phase.kind === 'failed' ? toIdle(state) : step(state);
    case 'watch':
      return countIdle(state, 'watch', around);
    case 'retry':
      return retryOwed(state);
    default:
      return unreachable(timer);
  }
}
