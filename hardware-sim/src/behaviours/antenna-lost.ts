import { z } from 'zod';
import { defineFault } from './fault.js';

export const antennaLost = defineFault({
  name: 'antenna-lost',
  sentence: 'The cable of one antenna has come off: nothing is heard there any more.',
  devices: ['uhf'],
  options: z.strictObject({ antenna: z.int().min(1).max(4).default(1) }),
  begin: ({ antenna }, { behaviours, connectAntenna }) => {
    const stop = behaviours.push({
      name: 'antenna-lost',
      round: (reads, heardAt) => (heardAt === antenna ? [] : reads),
    });
    connectAntenna(antenna, false);
    return () => {
      stop();
      connectAntenna(antenna, true);
    };
  },
});
