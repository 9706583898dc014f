import { errorText, isAppError } from '@tagtrail/shared/error.js';
import type { TraceEvent } from '@tagtrail/shared/events/trace-event.js';
import { newId } from '@tagtrail/shared/ids.js';
import type { Log } from '@tagtrail/shared/log/log.js';
import type { DoorState } from '@tagtrail/shared/mqtt/messages.js';
import type { Random } from '@tagtrail/shared/random/random.js';
import type { Clock, Timer } from '@tagtrail/shared/time/clock.js';
import type { PresenceConfig, SessionConfig } from '../config.js';
import type { Recorder } from '../journal/recorder.js';
import type { DeviceStatus, LockBoard } from '../reader/reader.js';
import type { RulebookIndex } from '../rules/rulebook-index.js';
import { applyToBook, type Book } from './book.js';
import { nextSession } from './session-machine.js';
import {
  type CabinetSession,
  type SessionEffect,
  type SessionInput,
  type SessionState,
  type SessionTimer,
  startingState,
} from './session-state.js';

export interface SessionRunnerOptions {
  readonly doors: readonly number[];
  readonly config: { readonly session: SessionConfig; readonly presence: PresenceConfig };
  /** The rulebook in force. */
  rules(): RulebookIndex;
  readonly recorder: Recorder;
  /** What the cabinet's own events say: its contents, and the session that was cut off. */
  readonly book: Book;
  readonly recovered: CabinetSession | null;
  readonly inventory: { begin(inside: ReadonlySet<string>): void; cancel(): void };
  readonly unlock: LockBoard['unlock'];
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Called after every input. */
  onChange(): void;
}

export interface SessionRunner {
  onBadge(number: string): void;
  onDoor(door: number, state: DoorState): void;
  onDevice(device: 'uhf' | 'badge' | 'lock', status: DeviceStatus): void;
  dispatch(input: SessionInput): void;
  state(): SessionState;
  book(): Book;
  /** Wall time at which a running timer fires; null when it does not run. */
  firesAtMs(timer: SessionTimer): number | null;
  stop(): void;
}

/** Feeds the machine one input at a time and carries its effects out, in order. */
export function createSessionRunner(options: SessionRunnerOptions): SessionRunner {
  const { clock, recorder, inventory, log } = options;
  let state = startingState(options.doors, options.recovered);
  let book = options.book;
  let stopped = false;
  let busy = false;
  const waiting: SessionInput[] = [];
  const timers = new Map<SessionTimer, { readonly timer: Timer; readonly firesAtMs: number }>();

  const dispatch = (input: SessionInput): void => {
    if (stopped) return;
    waiting.push(input);
    if (busy) return;
    busy = true;
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) take(next);
    busy = false;
    options.onChange();
  };

  const take = (input: SessionInput): void => {
    const { session, presence } = options.config;
    const around = {
      atMs: clock.monotonicMs(),
      wallMs: clock.wallMs(),
      book,
      rules: options.rules(),
      session,
      presence,
    };
    const before = state.phase.kind;
    const step = nextSession(state, input, around);
    state = step.state;
    if (state.phase.kind !== before) log.info({ from: before, to: state.phase.kind }, 'session.phase.changed');
    for (const effect of step.effects) carryOut(effect);
  };

  const carryOut = (effect: SessionEffect): void => {
    switch (effect.kind) {
      case 'record':
        void record(effect);
        return;
      case 'unlock':
        void unlock(effect);
        return;
      case 'begin_count':
        inventory.begin(effect.inside);
        return;
      case 'cancel_count':
        inventory.cancel();
        return;
      case 'start_timer':
        startTimer(effect.timer, effect.delayMs);
    }
  };

  const record = async (effect: Extract<SessionEffect, { kind: 'record' }>): Promise<void> => {
    const results = await Promise.allSettled(
      effect.drafts.map(async (draft) => learn(await recorder.record(draft, effect.urgency))),
    );
    const refused = results.find((result) => result.status === 'rejected');
    if (refused !== undefined)
      log.error({ what: effect.what, error: errorText(refused.reason) }, 'session.record.refused');
    dispatch({ kind: refused === undefined ? 'recorded' : 'record_failed', what: effect.what });
  };

  const learn = (event: TraceEvent): void => {
    book = applyToBook(book, event);
  };

  const unlock = async (effect: Extract<SessionEffect, { kind: 'unlock' }>): Promise<void> => {
    const { door, session } = effect;
    try {
      await options.unlock(door, effect.expiresAtMs);
      dispatch({ kind: 'unlock_done', door, session });
    } catch (error) {
      log.warn(
        { door, code: isAppError(error) ? error.code : null, error: errorText(error) },
        'session.unlock.refused',
      );
      dispatch({ kind: 'unlock_failed', door, session });
    }
  };

  const startTimer = (timer: SessionTimer, delayMs: number): void => {
    timers.get(timer)?.timer.cancel();
    const started = clock.startTimer(`session.${timer}`, delayMs, () => {
      timers.delete(timer);
      dispatch({ kind: 'timer', timer });
    });
    timers.set(timer, { timer: started, firesAtMs: clock.wallMs() + delayMs });
  };

  const freshSession = () => newId('session', clock.wallMs(), options.random);

  return {
    onBadge: (number) =>
      dispatch({ kind: 'badge', badgeHash: options.rules().badgeHashOf(number), freshSession: freshSession() }),
    onDoor: (door, doorState) => dispatch({ kind: 'door', door, state: doorState, freshSession: freshSession() }),
    onDevice: (device, status) => dispatch({ kind: 'device', device, status }),
    dispatch,
    state: () => state,
    book: () => book,
    firesAtMs: (timer) => timers.get(timer)?.firesAtMs ?? null,
    stop: () => {
      stopped = true;
      inventory.cancel();
      for (const { timer } of timers.values()) timer.cancel();
      timers.clear();
    },
  };
}
