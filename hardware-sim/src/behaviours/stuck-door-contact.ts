import { z } from 'zod';
import { answer, pass } from '../devices/behaviour.js';
import { defineFault } from './fault.js';

export const stuckDoorContact = defineFault({
  name: 'stuck-door-contact',
  also: ['stuck-contact'],
  sentence: 'The contact of a door tells the same all the time, whatever the door does.',
  devices: ['lock'],
  options: z.strictObject({
    /** All doors when left out. */
    door: z.int().min(1).max(8).optional(),
    closed: z.boolean().default(true),
  }),
  begin: ({ door, closed }, target) => {
    const stop = target.behaviours.push({
      name: 'stuck-door-contact',
      contact: (asked) => (door === undefined || asked === door ? answer(closed) : pass),
    });
    target.contactsChanged();
    return () => {
      stop();
      target.contactsChanged();
    };
  },
});
