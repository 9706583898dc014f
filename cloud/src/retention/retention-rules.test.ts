import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutoffsAt, effectiveRules, expiredBeforeMs } from './retention-rules.js';

const at = Date.UTC(2026, 0, 5);
const dayMs = 86_400_000;

describe('the rules of retention', () => {
  it('keep all but the security log where the customer has set nothing', () => {
    const rules = effectiveRules([]);
    expect(rules.filter((rule) => rule.keep_days !== null)).toEqual([
      { category: 'security', keep_days: 365, action: 'delete', updated_at: null },
    ]);
    expect(cutoffsAt(rules, at)).toEqual([{ category: 'security', action: 'delete', beforeMs: at - 365 * dayMs }]);
  });

  it('are the customer\u2019s where there is one, also to keep for ever', () => {
    const set = { category: 'security', keep_days: null, action: 'delete', updated_at: 'x' } as const;
    expect(effectiveRules([set]).filter((rule) => rule.category === 'security')).toEqual([set]);
    expect(cutoffsAt(effectiveRules([set]), at)).toEqual([]);
  });

  it('never expire more by a longer time', () => {
    const days = fc.integer({ min: 1, max: 36_500 });
    fc.assert(
      fc.property(days, days, (a, b) => {
        const before = (keep_days: number) =>
          expiredBeforeMs({ category: 'custody', keep_days, action: 'delete', updated_at: null }, at) ?? Number.NaN;
        return a <= b ? before(a) >= before(b) : before(a) < before(b);
      }),
    );
  });
});
