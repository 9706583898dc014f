import type { Clock, Timer } from '@tagtrail/shared/time/clock.js';
import { askBehaviours, type BehaviourStack } from './behaviour.js';
import type { SendBytes, SerialDevice } from './device.js';
import { answerRequest, createBoardState, type InputMode } from './lock-board-functions.js';
import { frameOf, scanRequest } from './modbus-request.js';
import { createRelayBank } from './relay-bank.js';

export interface LockBoardCounters {
  /** Requests to this unit that were carried out. */
  requests: number;
  /** Requests to this unit that were refused with an exception. */
  exceptions: number;
  /** Good requests to other units on the same line. */
  otherUnits: number;
  /** Bytes that belonged to no request. */
  discardedBytes: number;
}

/** A relay and input board that speaks Modbus RTU; a bit of `inputs` is 1 while the contact is closed. */
export interface LockBoard extends SerialDevice {
  readonly counters: Readonly<LockBoardCounters>;
  relayOn(channel: number): boolean;
  /** An input may have changed; boards whose mode says so switch the relay with it. */
  inputChanged(channel: number): void;
}

export interface LockBoardOptions {
  readonly clock: Clock;
  readonly unitId: number;
  readonly behaviours: BehaviourStack;
  readonly input: (channel: number) => boolean;
  readonly onRelay: (channel: number, on: boolean) => void;
  readonly channels?: number;
}

/** Half a request is forgotten after this silence; a board cannot see the 3.5 characters that a pty does not have. */
const silenceMs = 50;

export function createLockBoard(options: LockBoardOptions): LockBoard {
  const { clock, unitId, behaviours, channels = 8 } = options;
  const counters: LockBoardCounters = { requests: 0, exceptions: 0, otherUnits: 0, discardedBytes: 0 };
  const relays = createRelayBank(clock, channels, options.onRelay);
  const state = createBoardState(channels);
  let send: SendBytes | undefined;
  let pending = new Uint8Array(0);
  let silence: Timer | undefined;

  const answerPdu = (unit: number, pdu: Uint8Array): void => {
    if (unit !== unitId && unit !== 0) {
      counters.otherUnits++;
      return;
    }
    const reply = askBehaviours(
      behaviours,
      (behaviour) => behaviour.request?.(pdu),
      () => answerRequest(pdu, { relays, state, channels, input: options.input }),
    );
    if (reply === undefined) return;
    if ((reply[0] as number) & 0x80) counters.exceptions++;
    else counters.requests++;
    // A broadcast is carried out by every unit and answered by none.
    if (unit !== 0) send?.(frameOf(unitId, reply));
  };

  const scan = (): void => {
    while (pending.length > 0) {
      const found = scanRequest(pending);
      if (found.kind === 'incomplete') return;
      if (found.kind === 'request') {
        pending = pending.slice(found.length);
        answerPdu(found.unit, found.pdu);
      } else {
        pending = pending.slice(1);
        counters.discardedBytes++;
      }
    }
  };

  return {
    counters,
    baud: () => 9600,
    powerOn: (sendBytes) => {
      send = sendBytes;
    },
    powerOff: () => {
      send = undefined;
      silence?.cancel();
      pending = new Uint8Array(0);
      relays.allOff();
      state.reset();
    },
    receive: (chunk) => {
      if (send === undefined) return;
      silence?.cancel();
      pending = joined(pending, chunk);
      scan();
      if (pending.length === 0) return;
      silence = clock.startTimer('half a request', silenceMs, () => {
        counters.discardedBytes += pending.length;
        pending = new Uint8Array(0);
      });
    },
    relayOn: relays.isOn,
    inputChanged: (channel) => {
      const on = modeAction(state.mode(channel), options.input(channel), relays.isOn(channel));
      if (on !== undefined) relays.set(channel, on);
    },
  };
}

/** What a changed input does to the relay of its channel. */
function modeAction(mode: InputMode, inputOn: boolean, relayOn: boolean): boolean | undefined {
  if (mode === 1) return inputOn;
  if (mode === 2) return inputOn ? !relayOn : undefined;
  if (mode === 3) return !relayOn;
  return undefined;
}

function joined(before: Uint8Array, after: Uint8Array): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(before.length + after.length);
  whole.set(before);
  whole.set(after, before.length);
  return whole;
}
