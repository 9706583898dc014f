import {
  encodeKerong,
  type KerongFrame,
  type KerongModel,
  kerongBaud,
  kerongChanged,
  kerongCodes,
  kerongLocks,
} from '@tagtrail/shared/protocol/kerong/kerong-frame.js';
import { createKerongParser } from '@tagtrail/shared/protocol/kerong/kerong-parser.js';
import { kerongStatusReply } from '@tagtrail/shared/protocol/kerong/kerong-status.js';
import type { Timer } from '@tagtrail/shared/time/clock.js';
import type { SendBytes } from './device.js';
import type { LockBoard, LockBoardOptions } from './lock-board.js';
import { createRelayBank } from './relay-bank.js';

const silenceMs = 20;
/** How long the board drives a lock as it leaves the factory. */
const driveMs = 500;
/** Boards leave the factory with this address. */
const ownBoard = 0;

/**
 * A Kerong board. Its lock bits are 1 while the contact is closed. A CU16 leaves an unlock command
 * unanswered; a CU48 tells by itself when a lock changes.
 */
export function createKerongLockBoard(model: KerongModel, options: LockBoardOptions): LockBoard {
  const { clock } = options;
  const codes = kerongCodes[model];
  const channels = kerongLocks[model];
  const counters = { requests: 0, exceptions: 0, unanswered: 0, otherUnits: 0, discardedBytes: 0 };
  const relays = createRelayBank(clock, channels, options.onRelay);
  let send: SendBytes | undefined;
  let silence: Timer | undefined;

  const status = (): KerongFrame =>
    kerongStatusReply(model, ownBoard, {
      locks: Array.from({ length: channels }, (_, lock) => options.input(lock)),
      infrared: [],
    });
  const onFrame = (frame: KerongFrame): void => {
    if (frame.board !== ownBoard) {
      counters.otherUnits++;
      return;
    }
    if (frame.command === codes.status) {
      counters.requests++;
      send?.(encodeKerong(model, status()));
    } else if (frame.command === codes.unlock) {
      counters.requests++;
      relays.pulse(frame.lock, true, driveMs);
    } else counters.unanswered++;
  };
  const parser = createKerongParser({
    model,
    onFrame,
    onDiscard: (_reason, bytes) => {
      counters.discardedBytes += bytes;
    },
  });

  return {
    counters,
    baud: () => kerongBaud,
    powerOn: (sendBytes) => {
      send = sendBytes;
    },
    powerOff: () => {
      send = undefined;
      silence?.cancel();
      while (parser.pendingBytes > 0) parser.flushStale();
      relays.allOff();
    },
    receive: (chunk) => {
      if (send === undefined) return;
      silence?.cancel();
      parser.push(chunk);
      if (parser.pendingBytes > 0)
        silence = clock.startTimer('silence on the bus', silenceMs, () => {
          while (parser.pendingBytes > 0) parser.flushStale();
        });
    },
    relayOn: relays.isOn,
    inputChanged: (channel) => {
      if (model === 'cu48') send?.(encodeKerong(model, { ...status(), lock: channel, command: kerongChanged }));
    },
  };
}
