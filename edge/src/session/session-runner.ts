import { errorText, isAppError } from '@tagtrail/shared/error.js';
import { newId, type SessionId } from '@tagtrail/shared/ids.js';
import type { KioskAnswer } from '@tagtrail/shared/kiosk/kiosk-actions.js';
import type { Log } from '@tagtrail/shared/log/log.js';
import type { DoorState } from '@tagtrail/shared/mqtt/messages.js';
import type { Random } from '@tagtrail/shared/random/random.js';
import type { Clock, Timer } from '@tagtrail/shared/time/clock.js';
import type { PresenceConfig, SessionConfig } from '../config.js';
import type { Inventory } from '../inventory/inventory.js';
import { diagnosticDropped } from '../journal/diagnostics.js';
import type { Recorder } from '../journal/recorder.js';
import type { DeviceStatus, LockBoard } from '../reader/reader.js';
import { pinMatches } from '../rules/pin-hash.js';
import type { RulebookIndex } from '../rules/rulebook-index.js';
import { applyToBook, type Book } from './book.js';
import { type DeskMemory, emptyDeskMemory, rememberEvent } from './desk-memory.js';
import { deskRefusal } from './desk-steps.js';
import { nextSession } from './session-machine.js';
import {
  type CabinetSession,
  type DeskAction,
  type Phase,
  type SessionEffect,
  type SessionInput,
  type SessionState,
  type SessionTimer,
  type Surroundings,
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
  /** What people did at the screen; nothing when left out. */
  readonly memory?: DeskMemory;
  readonly recovered: CabinetSession | null;
  readonly inventory: Pick<Inventory, 'begin' | 'cancel'>;
  readonly unlock: LockBoard['unlock'];
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Called after every input. */
  onChange(): void;
}

/** Feeds the machine one input at a time and carries its effects out, in order. */
export class SessionRunner {
  readonly #options: SessionRunnerOptions;
  #state: SessionState;
  #book: Book;
  #memory: DeskMemory;
  /** Settles once the records of the newest input are on the disk, or are refused. */
  #recorded: Promise<boolean> = Promise.resolve(true);
  #comparesPin = false;
  #stopped = false;
  #busy = false;
  readonly #waiting: SessionInput[] = [];
  readonly #timers = new Map<SessionTimer, { readonly timer: Timer; readonly firesAtMs: number }>();

  constructor(options: SessionRunnerOptions) {
    this.#options = options;
    this.#state = startingState(options.doors, options.recovered);
    this.#book = options.book;
    this.#memory = options.memory ?? emptyDeskMemory;
  }

  get state(): SessionState {
    return this.#state;
  }

  get book(): Book {
    return this.#book;
  }

  onBadge(number: string): void {
    const badgeHash = this.#options.rules().badgeHashOf(number);
    this.dispatch({ kind: 'badge', badgeHash, freshSession: this.#freshSession() });
  }

  /** The cloud opens the doors: a session that nobody signed, on the trail before the lock is told. */
  onUnlockCommand(command: string): void {
    this.dispatch({ kind: 'unlock_command', command, freshSession: this.#freshSession() });
  }

  get memory(): DeskMemory {
    return this.#memory;
  }

  /** Does what a person taps on the screen; answers once it is on the disk. */
  async act(action: DeskAction): Promise<KioskAnswer> {
    const code = deskRefusal(this.#state, action, this.#around());
    if (code !== null) return { ok: false, code };
    return this.#answerTo({ kind: 'desk', action });
  }

  /**
   * A number and a PIN were typed. One at a time, and the next only after the last is on the disk,
   * so that neither haste nor a power cut gives anybody a further guess.
   */
  async onPin(number: string, pin: string): Promise<KioskAnswer> {
    if (this.#comparesPin) return { ok: false, code: 'busy' };
    this.#comparesPin = true;
    try {
      const rules = this.#options.rules();
      const numberHash = rules.numberHashOf(number);
      const matches = await pinMatches(rules.personByNumber(numberHash), pin);
      return await this.#answerTo({ kind: 'pin', numberHash, matches, freshSession: this.#freshSession() });
    } finally {
      this.#comparesPin = false;
    }
  }

  async #answerTo(input: SessionInput): Promise<KioskAnswer> {
    this.#recorded = Promise.resolve(true);
    this.dispatch(input);
    return (await this.#recorded) ? { ok: true } : { ok: false, code: 'disk_refused' };
  }

  onDoor(door: number, state: DoorState): void {
    this.dispatch({ kind: 'door', door, state, freshSession: this.#freshSession() });
  }

  onDevice(device: 'uhf' | 'badge' | 'lock', status: DeviceStatus): void {
    this.dispatch({ kind: 'device', device, status });
  }

  /** Wall time at which a running timer fires; null when it does not run. */
  firesAtMs(timer: SessionTimer): number | null {
    return this.#timers.get(timer)?.firesAtMs ?? null;
  }

  dispatch(input: SessionInput): void {
    if (this.#stopped) return;
    this.#waiting.push(input);
    if (this.#busy) return;
    this.#busy = true;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) this.#take(next);
    this.#busy = false;
    this.#options.onChange();
  }

  stop(): void {
    this.#stopped = true;
    this.#options.inventory.cancel();
    for (const { timer } of this.#timers.values()) timer.cancel();
    this.#timers.clear();
  }

  #take(input: SessionInput): void {
    const { log } = this.#options;
    const before = this.#state.phase;
    const step = nextSession(this.#state, input, this.#around());
    this.#state = step.state;
    const { phase } = step.state;
    if (phase.kind !== before.kind) {
      const session = sessionIn(phase) ?? sessionIn(before);
      log.info({ from: before.kind, to: phase.kind, session }, 'session.phase.changed');
    }
    for (const effect of step.effects) this.#carryOut(effect);
  }

  #around(): Surroundings {
    const { clock, config, rules } = this.#options;
    return {
      atMs: clock.monotonicMs(),
      wallMs: clock.wallMs(),
      book: this.#book,
      memory: this.#memory,
      rules: rules(),
      session: config.session,
      presence: config.presence,
    };
  }

  #carryOut(effect: SessionEffect): void {
    switch (effect.kind) {
      case 'record':
        this.#recorded = this.#record(effect);
        return;
      case 'unlock':
        void this.#unlock(effect);
        return;
      case 'begin_count':
        this.#options.inventory.begin(effect.inside, effect.manner, effect.perhapsBack);
        return;
      case 'cancel_count':
        this.#options.inventory.cancel();
        return;
      case 'start_timer':
        this.#startTimer(effect.timer, effect.delayMs);
    }
  }

  async #record(effect: Extract<SessionEffect, { kind: 'record' }>): Promise<boolean> {
    const { recorder, log } = this.#options;
    const results = await Promise.allSettled(
      effect.drafts.map(async (draft) => {
        const event = await recorder.record(draft, effect.urgency);
        this.#book = applyToBook(this.#book, event);
        this.#memory = rememberEvent(this.#memory, event);
      }),
    );
    const refused = results.find((result) => result.status === 'rejected' && !isDropped(result.reason));
    if (refused?.status === 'rejected') {
      log.error({ what: effect.what, error: errorText(refused.reason) }, 'session.record.refused');
    }
    this.dispatch({ kind: refused === undefined ? 'recorded' : 'record_failed', what: effect.what });
    return refused === undefined;
  }

  async #unlock(effect: Extract<SessionEffect, { kind: 'unlock' }>): Promise<void> {
    const { door, session } = effect;
    try {
      await this.#options.unlock(door, effect.expiresAtMs);
      this.dispatch({ kind: 'unlock_done', door, session });
    } catch (error) {
      const code = isAppError(error) ? error.code : null;
      this.#options.log.warn({ door, code, error: errorText(error) }, 'session.unlock.refused');
      this.dispatch({ kind: 'unlock_failed', door, session });
    }
  }

  #startTimer(timer: SessionTimer, delayMs: number): void {
    const { clock } = this.#options;
    this.#timers.get(timer)?.timer.cancel();
    const started = clock.startTimer(`session.${timer}`, delayMs, () => {
      this.#timers.delete(timer);
      this.dispatch({ kind: 'timer', timer });
    });
    this.#timers.set(timer, { timer: started, firesAtMs: clock.wallMs() + delayMs });
  }

  #freshSession(): SessionId {
    const { clock, random } = this.#options;
    return newId('session', clock.wallMs(), random);
  }
}

/** What the cloud and the screens call it too, so that one id is found from the door to the screen. */
function sessionIn(phase: Phase): SessionId | null {
  return 'session' in phase ? (phase.session?.id ?? null) : null;
}

/** The disk is nearly full and the record was of a kind that goes first: nothing waits for it. */
function isDropped(reason: unknown): boolean {
  return isAppError(reason, diagnosticDropped);
}
