import { chance } from '@tagtrail/shared/random/random.js';
import { z } from 'zod';
import { defineBehaviour } from './fault.js';

export const missedReads = defineBehaviour({
  name: 'missed-reads',
  also: ['missed'],
  sentence: 'The reader misses that share of the tags it would have heard, anew in every round.',
  devices: ['uhf'],
  options: z.strictObject({ percent: z.int().min(0).max(100).default(30) }),
  behave: ({ percent }, { random }) => ({ round: (reads) => reads.filter(() => !chance(random, percent, 100)) }),
});
