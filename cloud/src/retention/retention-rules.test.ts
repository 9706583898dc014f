import { dataCategory } from '@tagtrail/shared/events/trace-event.js';
import { needsSecondPerson, ruleProblem, ruleWarnings } from '@tagtrail/shared/retention/rule-checks.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutoffsAt, defaultRule, effectiveRules, expiredBeforeMs, isOver, type Rule } from './retention-rules.js';

const at = Date.UTC(2026, 0, 5);
const dayMs = 86_400_000;
const north = '018f0000-0000-7000-8000-000000000001';
const rule = (over: Partial<Rule>): Rule => ({ ...defaultRule('custody'), source: 'instruction', version: 1, ...over });

describe('the rules of retention', () => {
  it('let nothing be without a rule, and keep nothing for ever by themselves', () => {
    const rules = effectiveRules([]);
    expect(rules.map(({ category }) => category)).toEqual(dataCategory.options);
    expect(rules.filter(({ keep_days }) => keep_days === null)).toEqual([]);
    expect(rules.find(({ category }) => category === 'security')?.keep_days).toBe(365);
  });

  it('are the customer\u2019s where there is one, also to keep for ever', () => {
    const set = rule({ category: 'security', keep_days: null, reason: 'statute', review_on: '2027-01-01' });
    expect(effectiveRules([set]).filter(({ category }) => category === 'security')).toEqual([set]);
    expect(cutoffsAt([set], at)).toEqual([]);
  });

  it('of a site outweigh the general one for the lines of that site alone', () => {
    const cutoffs = cutoffsAt([rule({ keep_days: 100 }), rule({ keep_days: 10, site: north })], at);
    const over = (site: string | null, days: number): boolean =>
      cutoffs.some((cutoff) => isOver(cutoff, { category: 'custody', site, recordedMs: at - days * dayMs }));
    expect([
      over(north, 9),
      over(north, 11),
      over('other', 99),
      over('other', 101),
      over(null, 50),
      over(null, 101),
    ]).toEqual([false, true, false, true, false, true]);
  });

  it('never expire more by a longer time', () => {
    const days = fc.integer({ min: 1, max: 36_500 });
    fc.assert(
      fc.property(days, days, (a, b) => {
        const before = (keep_days: number) => expiredBeforeMs({ keep_days }, at) ?? Number.NaN;
        return a <= b ? before(a) >= before(b) : before(a) < before(b);
      }),
    );
  });

  it.each([
    [{ keep_days: null }, 'reason_missing'],
    [{ keep_days: null, reason: 'statute' }, 'review_missing'],
    [{ keep_days: null, reason: 'statute', review_on: '2026-01-05' }, 'review_past'],
    [{ keep_days: null, reason: 'statute', review_on: '2026-01-06' }, null],
    [{ category: 'security', keep_days: 366 }, 'security_reason_missing'],
    [{ category: 'security', keep_days: 366, reason: 'claim' }, null],
    [{ category: 'security', keep_days: 365 }, null],
    [{ keep_days: 4000 }, null],
  ] as const)('refuse %j with %s', (over, problem) => {
    expect(ruleProblem(rule(over), '2026-01-05')).toBe(problem);
  });

  it('warn of a security log that is unusually short or long, and of a review that is over', () => {
    const warned = (over: Partial<Rule>) => ruleWarnings(rule(over), '2026-01-05');
    expect(warned({ category: 'security', keep_days: 179 })).toEqual(['security_short']);
    expect(warned({ category: 'security', keep_days: 366 })).toEqual(['security_long']);
    expect(warned({ category: 'security', keep_days: 365 })).toEqual([]);
    expect(warned({ keep_days: null, review_on: '2026-01-05' })).toEqual(['review_over']);
  });

  it.each([
    [null, 36_500, true],
    [1000, 499, true],
    [1000, 500, false],
    [1000, 2000, false],
    [1000, null, false],
  ] as const)('from %s to %s days take a second person: %s', (before, after, takes) => {
    const kept = (keep_days: number | null) => ({ keep_days, action: 'delete' as const });
    expect(needsSecondPerson(kept(before), kept(after))).toBe(takes);
  });

  it('take a second person to delete what only lost its names', () => {
    expect(needsSecondPerson({ keep_days: 9, action: 'pseudonymise' }, { keep_days: 9, action: 'delete' })).toBe(true);
    expect(needsSecondPerson({ keep_days: 9, action: 'delete' }, { keep_days: 9, action: 'pseudonymise' })).toBe(false);
  });
});
