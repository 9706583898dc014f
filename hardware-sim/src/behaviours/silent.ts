import { z } from 'zod';
import { allDevices, defineBehaviour } from './fault.js';

const nothing = new Uint8Array(0);

export const silent = defineBehaviour({
  name: 'silent',
  sentence: 'The device hangs: it hears nothing and says nothing, while its cable is in place.',
  devices: allDevices,
  options: z.strictObject({}),
  behave: () => ({ incoming: () => nothing, outgoing: () => nothing }),
});
