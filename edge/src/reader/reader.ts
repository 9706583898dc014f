import type { TagRead } from '@tagtrail/shared/inventory/tag-read.js';
import type { DoorState } from '@tagtrail/shared/mqtt/messages.js';

/**
 * The ports between the cabinet's devices and the rest of the agent. A device opens its own link,
 * configures itself, and heals by itself: unplugged, silent and garbled are states, not errors.
 */
export type DeviceStatus = 'starting' | 'ok' | 'unplugged' | 'silent' | 'garbled' | 'faulty';

export interface DeviceReport {
  readonly status: DeviceStatus;
  /** What an operator should know or do, in one sentence; null when all is well. */
  readonly detail: string | null;
}

export interface Device {
  /** Begins to connect; returns at once and never throws. */
  start(): void;
  close(): Promise<void>;
}

/** `thorough`: with more power, as far as the settings allow, and longer on each antenna. */
export type ReadEffort = 'usual' | 'thorough';

export interface EffortInForce {
  readonly readPowerDbm: number;
  /** Above the usual power; tags answer so much stronger. */
  readonly raisedDb: number;
}

/**
 * Whom a sweep asks. `usual`: every tag, on every antenna. `rest`: each tag once, on the antenna that
 * hears it first; it stays silent then, until a usual sweep has named it. `only`: these alone, on
 * every antenna, whatever they answered before.
 */
export type SweepPlan =
  | { readonly kind: 'usual' }
  | { readonly kind: 'rest' }
  | { readonly kind: 'only'; readonly epcs: readonly string[] };

export interface UhfReader extends Device {
  /**
   * Changes how hard it reads; absent where the family cannot. Null when nothing was changed. Never
   * rejects. A reader that is set up anew reads as usual.
   */
  setEffort?(effort: ReadEffort): Promise<EffortInForce | null>;
  /** The most EPCs of one `only`. */
  readonly focusLimit?: number;
  /**
   * Changes whom it asks, and begins a sweep anew; absent where the family cannot. Calls `begins` once,
   * when everything that was read before has been told. False when the plan is not in force: then it
   * reads on as before, or is being set up anew. Never rejects. A reader that is set up anew reads as usual.
   */
  setPlan?(plan: SweepPlan, begins: () => void): Promise<boolean>;
}

/** A UHF reader that reads continuously over all its antennas as long as it is started. */
export interface UhfReaderListener {
  onRead(read: TagRead): void;
  /** One sweep over every configured antenna ended. Reads since the last call belong to it. */
  onRoundEnd(): void;
  /** Called on every change of status. Rounds count for nothing while the status is not `ok`. */
  onReport(report: DeviceReport): void;
  /** How warm the reader is, in degrees Celsius, from those that tell. */
  onTemperature?(celsius: number): void;
  /** The antennas that the reader senses, from those that can; some kinds of antennas cannot be sensed. */
  onAntennasSensed?(antennas: readonly number[]): void;
}

export interface BadgeReaderListener {
  /** A badge was presented and confirmed; `number` is upper-case hex. Once for each presentation. */
  onBadge(number: string): void;
  onReport(report: DeviceReport): void;
}

export type BadgeFeedback = 'accepted' | 'refused';

export interface BadgeReader extends Device {
  /** Shows, on readers with a lamp or a buzzer, what became of the badge. */
  feedback?(outcome: BadgeFeedback): void;
}

export interface LockBoardListener {
  /** The contact of `door` (1-based) changed, or became unknown. */
  onDoor(door: number, state: DoorState): void;
  onReport(report: DeviceReport): void;
}

export interface LockBoard extends Device {
  /**
   * Pulses the lock of `door`. The command is dropped, never sent late: it rejects with AppError
   * `lock.command_expired` when it cannot be on the wire before `expiresAtMs` (monotonic), with
   * `lock.not_connected` when the board is away, with `lock.refused` when the board says no.
   */
  unlock(door: number, expiresAtMs: number): Promise<void>;
}
