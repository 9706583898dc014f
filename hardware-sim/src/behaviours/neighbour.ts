import { z } from 'zod';
import { foreignEpcs, neighbourReads } from '../field/foreign-tags.js';
import { defineBehaviour } from './fault.js';

export const neighbour = defineBehaviour({
  name: 'neighbour',
  sentence: 'A cabinet behind the wall is in range: the last antenna hears its tags, weakly and now and then.',
  devices: ['uhf'],
  options: z.strictObject({
    tags: z.int().min(1).max(200).default(8),
    readPercent: z.int().min(1).max(100).default(15),
  }),
  behave: ({ tags, readPercent }, { random, antennas }) => {
    const epcs = foreignEpcs(random.fork('tags'), tags);
    return {
      round: (reads, antenna) =>
        antenna === antennas ? [...reads, ...neighbourReads(epcs, random, readPercent)] : reads,
    };
  },
});
