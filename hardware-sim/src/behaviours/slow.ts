import { z } from 'zod';
import { allDevices, defineBehaviour } from './fault.js';

export const slow = defineBehaviour({
  name: 'slow',
  sentence: 'Everything that the device says comes that much later.',
  devices: allDevices,
  options: z.strictObject({ lateMs: z.int().min(1).max(60_000).default(1500) }),
  behave: ({ lateMs }) => ({ lateMs: () => lateMs }),
});
