import { z } from 'zod';
import { allDevices, defineFault } from './fault.js';

export const unplug = defineFault({
  name: 'unplug',
  also: ['unplugged'],
  sentence: 'The serial cable is pulled: the port is gone. Plugged in again, it comes back under another path.',
  devices: allDevices,
  options: z.strictObject({
    /** The device is fed through the same cable. */
    cutPower: z.boolean().default(false),
  }),
  begin: ({ cutPower }, { cable, power }) => {
    cable.unplug();
    if (cutPower) power.off();
    return () => {
      if (cutPower) power.on();
      cable.plug();
    };
  },
});
