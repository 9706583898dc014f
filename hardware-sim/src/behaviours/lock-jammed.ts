import { z } from 'zod';
import { answer, pass } from '../devices/behaviour.js';
import { defineBehaviour } from './fault.js';

export const lockJammed = defineBehaviour({
  name: 'lock-jammed',
  also: ['jam', 'jammed'],
  sentence: 'The bolt sticks: the board switches the relay and says so, and the door stays locked.',
  devices: ['lock'],
  options: z.strictObject({
    /** All doors when left out. */
    door: z.int().min(1).max(8).optional(),
  }),
  behave: ({ door }) => ({ release: (asked) => (door === undefined || asked === door ? answer(false) : pass) }),
});
