import type { Checker } from './run-record.js';

/**
 * A tool is in one place. Where the trail has an undisputed last word on a tool, it is the truth; and
 * a tool that is gone without a line is listed as missing, or as in doubt, by the last inventory.
 */
export const conservation: Checker = {
  id: 'I6',
  sentence: 'conservation: start plus returns minus takes is what is inside, for every tool',
  check: (run) =>
    run.tools.flatMap(({ name, inside, custody, listed }) => {
      if (custody?.disputed === true || listed === 'doubtful') return [];
      const told = custody?.state ?? 'in';
      if (told === 'in' && !inside && listed === 'missing') return [];
      if (told === (inside ? 'in' : 'out')) return [];
      return [
        `${name} is ${inside ? 'inside' : 'out'}, the trail has it ${told}, the inventory ${listed ?? 'nowhere'}`,
      ];
    }),
};
