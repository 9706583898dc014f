import { exceptionBit, relayMode } from '@tagtrail/shared/protocol/modbus/modbus-constants.js';
import { encodeModbusFrame, type ModbusFrame } from '@tagtrail/shared/protocol/modbus/modbus-frame.js';
import { createModbusServerParser } from '@tagtrail/shared/protocol/modbus/modbus-parser.js';
import type { Clock, Timer } from '@tagtrail/shared/time/clock.js';
import { askBehaviours, type BehaviourStack } from './behaviour.js';
import type { SendBytes, SerialDevice } from './device.js';
import { answerRequest, relayAfterInput } from './lock-board-functions.js';
import { createRelayBank } from './relay-bank.js';

/** A relay and input board that speaks Modbus RTU; the bit of an input is 1 while its contact is closed. */
export interface LockBoard extends SerialDevice {
  readonly counters: Readonly<LockBoardCounters>;
  relayOn(channel: number): boolean;
  /** An input may have changed; where the mode of its channel says so, the relay changes with it. */
  inputChanged(channel: number): void;
}

export interface LockBoardCounters {
  /** Requests to this unit that were carried out. */
  requests: number;
  /** Requests to this unit that were refused with an exception. */
  exceptions: number;
  /** Requests to this unit that a fault left without an answer. */
  unanswered: number;
  /** Good requests to other units on the same line. */
  otherUnits: number;
  /** Bytes that belonged to no request. */
  discardedBytes: number;
}

export interface LockBoardOptions {
  readonly clock: Clock;
  readonly unitId: number;
  readonly behaviours: BehaviourStack;
  readonly input: (channel: number) => boolean;
  readonly onRelay: (channel: number, on: boolean) => void;
  readonly channels?: number;
}

/**
 * This much silence ends a request. The standard's 3.5 characters are 4 ms at 9600 baud, which
 * operating systems at the other end do not keep.
 */
const silenceMs = 20;
const broadcast = 0;

export function createLockBoard(options: LockBoardOptions): LockBoard {
  const { clock, unitId, behaviours, channels = 8 } = options;
  const counters: LockBoardCounters = { requests: 0, exceptions: 0, unanswered: 0, otherUnits: 0, discardedBytes: 0 };
  const relays = createRelayBank(clock, channels, options.onRelay);
  const modes: number[] = Array.from({ length: channels }, () => relayMode.normal);
  let send: SendBytes | undefined;
  let silence: Timer | undefined;

  const onRequest = (request: ModbusFrame): void => {
    if (request.unit !== unitId && request.unit !== broadcast) {
      counters.otherUnits++;
      return;
    }
    const reply = askBehaviours(
      behaviours,
      (behaviour) => behaviour.request?.(request),
      () => answerRequest(request, { relays, modes, channels, input: options.input }),
    );
    if (reply === undefined) counters.unanswered++;
    else if (reply.function & exceptionBit) counters.exceptions++;
    else counters.requests++;
    // A broadcast is carried out by every unit and answered by none.
    if (reply !== undefined && request.unit !== broadcast) send?.(encodeModbusFrame(reply));
  };
  const parser = createModbusServerParser({
    onRequest,
    onDiscard: (_reason, bytes) => {
      counters.discardedBytes += bytes;
    },
  });

  return {
    counters,
    baud: () => 9600,
    powerOn: (sendBytes) => {
      send = sendBytes;
    },
    powerOff: () => {
      send = undefined;
      silence?.cancel();
      parser.flush();
      relays.allOff();
      modes.fill(relayMode.normal);
    },
    receive: (chunk) => {
      if (send === undefined) return;
      silence?.cancel();
      parser.push(chunk);
      if (parser.pendingBytes > 0) silence = clock.startTimer('silence on the bus', silenceMs, () => parser.flush());
    },
    relayOn: relays.isOn,
    inputChanged: (channel) => {
      const on = relayAfterInput(modes[channel] ?? relayMode.normal, options.input(channel), relays.isOn(channel));
      if (on !== undefined) relays.set(channel, on);
    },
  };
}
