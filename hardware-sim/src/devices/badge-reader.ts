import { rdm6300Baud, rdm6300RepeatMs } from '@tagtrail/shared/protocol/rdm6300/rdm6300-constants.js';
import { encodeRdm6300 } from '@tagtrail/shared/protocol/rdm6300/rdm6300-frame.js';
import type { Clock, Timer } from '@tagtrail/shared/time/clock.js';
import type { SendBytes, SerialDevice } from './device.js';

/** A 125 kHz reader of the RDM6300 kind: it repeats the frame of a badge for as long as the badge is held to it. */
export interface BadgeReader extends SerialDevice {
  /**
   * Holds a badge to the reader, taking away the one that is still there.
   * @throws AppError `rdm6300.number_malformed` when `number` is not ten hexadecimal digits.
   */
  present(number: string, heldMs: number): void;
  /** Presentations and frames since the start. */
  readonly counters: { readonly presented: number; readonly frames: number };
}

export function createBadgeReader(clock: Clock): BadgeReader {
  let send: SendBytes | undefined;
  let next: Timer | undefined;
  const counters = { presented: 0, frames: 0 };

  const present = (number: string, heldMs: number): void => {
    const frame = encodeRdm6300(number);
    next?.cancel();
    counters.presented++;
    const until = clock.monotonicMs() + heldMs;
    const repeatFrame = (): void => {
      if (send !== undefined) {
        counters.frames++;
        send(frame);
      }
      next =
        clock.monotonicMs() + rdm6300RepeatMs <= until
          ? clock.startTimer('badge held', rdm6300RepeatMs, repeatFrame)
          : undefined;
    };
    repeatFrame();
  };

  return {
    counters,
    present,
    baud: () => rdm6300Baud,
    powerOn: (sendBytes) => {
      send = sendBytes;
    },
    powerOff: () => {
      send = undefined;
    },
    receive: () => {},
  };
}
