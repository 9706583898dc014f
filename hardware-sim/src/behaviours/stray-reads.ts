import { z } from 'zod';
import { foreignEpcs, strayReads as strays } from '../field/foreign-tags.js';
import { defineBehaviour } from './fault.js';

export const strayReads = defineBehaviour({
  name: 'stray-reads',
  also: ['strays'],
  sentence: 'Tags that belong to nobody here are carried past: that many are heard in a sweep over all antennas.',
  devices: ['uhf'],
  options: z.strictObject({ perRound: z.int().min(1).max(50).default(2) }),
  behave: ({ perRound }, { random, antennas }) => {
    const epcs = foreignEpcs(random.fork('tags'), 20);
    return { round: (reads) => [...reads, ...strays(epcs, random, { perSweep: perRound, antennas })] };
  },
});
