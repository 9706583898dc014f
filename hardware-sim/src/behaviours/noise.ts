import { below, chance, randomBytes } from '@tagtrail/shared/random/random.js';
import type { Timer } from '@tagtrail/shared/time/clock.js';
import { z } from 'zod';
import { allDevices, defineFault } from './fault.js';

export const noise = defineFault({
  name: 'noise',
  sentence: 'Bytes that nobody sent arrive from the device, in short bursts, also between its messages.',
  devices: allDevices,
  options: z.strictObject({
    everyMs: z.int().min(10).max(60_000).default(200),
    bytes: z.int().min(1).max(64).default(8),
  }),
  begin: ({ everyMs, bytes }, target) => {
    const { random, clock } = target;
    const burst = (): Uint8Array => randomBytes(random, 1 + below(random, bytes));
    let timer: Timer;
    const again = (): void => {
      timer = clock.startTimer('noise on the line', everyMs, () => {
        target.inject(burst());
        again();
      });
    };
    again();
    const stop = target.behaviours.push({
      name: 'noise',
      outgoing: (sent) => (chance(random, 1, 4) ? Uint8Array.of(...burst(), ...sent) : sent),
    });
    return () => {
      timer.cancel();
      stop();
    };
  },
});
