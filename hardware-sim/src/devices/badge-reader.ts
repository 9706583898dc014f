import { utf8Bytes } from '@tagtrail/shared/bytes/utf8.js';
import { AppError } from '@tagtrail/shared/error.js';
import type { Clock, Timer } from '@tagtrail/shared/time/clock.js';
import type { SendBytes, SerialDevice } from './device.js';

/** A 125 kHz reader of the RDM6300 kind: it repeats the frame of a badge for as long as the badge is held to it. */
export interface BadgeReader extends SerialDevice {
  /**
   * Holds a badge to the reader, taking away the one that is still there.
   * @throws AppError `badge.malformed` when `number` is not ten hexadecimal digits.
   */
  present(number: string, heldMs: number): void;
  /** Presentations and frames since the start. */
  readonly counters: { readonly presented: number; readonly frames: number };
}

/** Time between the starts of two frames of a held badge. */
const repeatMs = 65;

export function createBadgeReader(clock: Clock): BadgeReader {
  let send: SendBytes | undefined;
  let next: Timer | undefined;
  const counters = { presented: 0, frames: 0 };

  const present = (number: string, heldMs: number): void => {
    const frame = badgeFrame(number);
    next?.cancel();
    counters.presented++;
    const until = clock.monotonicMs() + heldMs;
    const repeatFrame = (): void => {
      if (send !== undefined) {
        counters.frames++;
        send(frame);
      }
      next =
        clock.monotonicMs() + repeatMs <= until ? clock.startTimer('badge held', repeatMs, repeatFrame) : undefined;
    };
    repeatFrame();
  };

  return {
    counters,
    present,
    baud: () => 9600,
    powerOn: (sendBytes) => {
      send = sendBytes;
    },
    powerOff: () => {
      send = undefined;
    },
    receive: () => {},
  };
}

/**
 * The frame of a badge: 02, ten hexadecimal digits, two digits with the xor of those five bytes, 03.
 * @throws AppError `badge.malformed` when `number` is not ten hexadecimal digits.
 */
export function badgeFrame(number: string): Uint8Array {
  const digits = number.toUpperCase();
  if (!/^[0-9A-F]{10}$/.test(digits)) {
    throw new AppError('badge.malformed', 'A badge number has ten hexadecimal digits, such as 1F00644BB6.', {
      kind: 'operator',
    });
  }
  let sum = 0;
  for (let i = 0; i < 10; i += 2) sum ^= Number.parseInt(digits.slice(i, i + 2), 16);
  const check = sum.toString(16).toUpperCase().padStart(2, '0');
  return Uint8Array.of(0x02, ...utf8Bytes(digits + check), 0x03);
}
