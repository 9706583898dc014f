import { describe, expect, it } from 'vitest';
import { isBehind, rulesReach } from './rules-reach.js';

const rules = (has: number | null, wanted: number, revokedAt: string | null = null) => ({
  ...{ rulebook_version: has, rulebook_wanted: wanted, revoked_at: revokedAt },
});

describe('isBehind', () => {
  it.each([
    [41, 41, false],
    [40, 41, true],
    [null, 1, true],
    // None was written yet, so there is none to be behind.
    [null, 0, false],
    // A cloud restored from an older backup may want less than the cabinet has.
    [42, 41, false],
  ])('of a cabinet that has %s and should have %i says %s', (has, wanted, expected) => {
    expect(isBehind(rules(has, wanted))).toBe(expected);
  });

  it('is never said of a revoked cabinet', () => {
    expect(isBehind(rules(40, 41, '2026-11-22T06:00:00.000Z'))).toBe(false);
  });
});

describe('rulesReach', () => {
  it('counts the cabinets that rules are sent to, and those that have confirmed the newest', () => {
    const cabinets = [rules(41, 41), rules(12, 12), rules(11, 12), rules(1, 9, '2026-11-22T06:00:00.000Z')];
    expect(rulesReach(cabinets)).toEqual({ total: 3, current: 2 });
    expect(rulesReach([])).toEqual({ total: 0, current: 0 });
  });
});
