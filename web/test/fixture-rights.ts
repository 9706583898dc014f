import type { PersonRights } from '@tagtrail/shared/api/person-rights.js';

/** What a made-up customer says of its people's rights, for looking at the screens. */

const dayMs = 86_400_000;
const iso = (ms: number): string => new Date(ms).toISOString();

export function madeUpRights(now: number): PersonRights {
  return {
    licences: [
      { name: 'Borescope inspection', valid_until: iso(now + 12 * dayMs) },
      { name: 'Engine run-up', valid_until: null },
      { name: 'Torque tools', valid_until: iso(now - 20 * dayMs) },
    ],
    pin_set_at: iso(now - 40 * dayMs),
  };
}
