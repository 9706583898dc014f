import { encodeAsciiLine } from '@tagtrail/shared/protocol/ascii-line/ascii-line-parser.js';
import type { Clock, Timer } from '@tagtrail/shared/time/clock.js';
import type { BadgeReader } from './badge-reader.js';
import type { SendBytes } from './device.js';

const baud = 9600;
const repeatMs = 250;

/** A reader that sends the number of a badge as a line of hexadecimal text, and again while the badge stays. */
export function createAsciiBadgeReader(clock: Clock): BadgeReader {
  let send: SendBytes | undefined;
  let next: Timer | undefined;
  const counters = { presented: 0, frames: 0 };

  return {
    counters,
    present: (number, heldMs) => {
      const line = encodeAsciiLine(number, { prefix: '', suffix: '', terminator: 'crlf' });
      next?.cancel();
      counters.presented++;
      const until = clock.monotonicMs() + heldMs;
      const repeatLine = (): void => {
        if (send !== undefined) {
          counters.frames++;
          send(line);
        }
        next =
          clock.monotonicMs() + repeatMs <= until ? clock.startTimer('badge held', repeatMs, repeatLine) : undefined;
      };
      repeatLine();
    },
    baud: () => baud,
    powerOn: (sendBytes) => {
      send = sendBytes;
    },
    powerOff: () => {
      send = undefined;
    },
    receive: () => {},
  };
}
