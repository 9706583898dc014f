import { z } from 'zod';
import { defineBehaviour } from './fault.js';

export const antennaLost = defineBehaviour({
  name: 'antenna-lost',
  sentence: 'The cable of one antenna has come off: nothing is heard there any more.',
  devices: ['uhf'],
  options: z.strictObject({ antenna: z.int().min(1).max(4).default(1) }),
  behave: ({ antenna }) => ({ round: (reads, heardAt) => (heardAt === antenna ? [] : reads) }),
});
