import type { Timer } from '@tagtrail/shared/time/clock.js';
import { z } from 'zod';
import { allDevices, defineFault } from './fault.js';

export const readerRestart = defineFault({
  name: 'restart',
  also: ['reader-restart'],
  sentence: 'The device loses its power for a moment and starts anew, having forgotten how it was set up.',
  devices: allDevices,
  options: z.strictObject({
    /** Again and again, with this time between; once when left out. */
    everyMs: z.int().min(100).max(3_600_000).optional(),
    withoutPowerMs: z.int().min(0).max(60_000).default(300),
  }),
  begin: ({ everyMs, withoutPowerMs }, { power, clock }) => {
    let timer: Timer | undefined;
    const cut = (): void => {
      power.off();
      timer = clock.startTimer('power comes back', withoutPowerMs, () => {
        power.on();
        timer = everyMs === undefined ? undefined : clock.startTimer('power is cut', everyMs, cut);
      });
    };
    cut();
    return () => {
      timer?.cancel();
      power.on();
    };
  },
});
