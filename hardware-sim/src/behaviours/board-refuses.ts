import { z } from 'zod';
import { answer, pass } from '../devices/behaviour.js';
import { defineBehaviour } from './fault.js';

const writes = new Set([0x05, 0x06, 0x0f]);
const deviceFailure = 4;

export const boardRefuses = defineBehaviour({
  name: 'board-refuses',
  also: ['refuse'],
  sentence: 'The lock board answers every command to switch a relay with "device failure"; contacts can still be read.',
  devices: ['lock'],
  options: z.strictObject({}),
  behave: () => ({
    request: (request) => {
      const code = request[0] ?? 0;
      return writes.has(code) ? answer(Uint8Array.of(code | 0x80, deviceFailure)) : pass;
    },
  }),
});
