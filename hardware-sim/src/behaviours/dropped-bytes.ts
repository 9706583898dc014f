import { chance } from '@tagtrail/shared/random/random.js';
import { z } from 'zod';
import { allDevices, defineBehaviour } from './fault.js';

export const droppedBytes = defineBehaviour({
  name: 'dropped-bytes',
  also: ['drop'],
  sentence: 'That share of the bytes that the device sends never arrives.',
  devices: allDevices,
  options: z.strictObject({ percent: z.int().min(1).max(100).default(5) }),
  behave: ({ percent }, { random }) => ({
    outgoing: (bytes) => bytes.filter(() => !chance(random, percent, 100)),
  }),
});
