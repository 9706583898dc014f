import type { RetentionRule } from '../api/retention.js';

/** The security log is usually kept for half a year to a year. */
const securityDays = { least: 180, most: 365 };

export type RuleProblem = 'reason_missing' | 'review_missing' | 'security_reason_missing' | 'review_past';

/** Why a rule may not be set; null when it may. `today` as YYYY-MM-DD. */
export function ruleProblem(
  rule: Pick<RetentionRule, 'category' | 'keep_days' | 'reason' | 'review_on'>,
  today: string,
): RuleProblem | null {
  if (rule.review_on !== null && rule.review_on <= today) return 'review_past';
  if (rule.keep_days === null) {
    if (rule.reason === null) return 'reason_missing';
    return rule.review_on === null ? 'review_missing' : null;
  }
  const isLong = rule.category === 'security' && rule.keep_days > securityDays.most;
  return isLong && rule.reason === null ? 'security_reason_missing' : null;
}

/** What a careful reader should think about before the rule holds. `today` as YYYY-MM-DD. */
export function ruleWarnings(
  rule: Pick<RetentionRule, 'category' | 'keep_days' | 'review_on'>,
  today: string,
): RetentionRule['warnings'] {
  const warnings: RetentionRule['warnings'] = [];
  if (rule.category === 'security' && rule.keep_days !== null && rule.keep_days < securityDays.least) {
    warnings.push('security_short');
  }
  if (rule.category === 'security' && (rule.keep_days === null || rule.keep_days > securityDays.most)) {
    warnings.push('security_long');
  }
  if (rule.review_on !== null && rule.review_on <= today) warnings.push('review_over');
  return warnings;
}

/** A rule that is shortened by more than half, or that begins to delete what only lost its names, takes two people. */
export function needsSecondPerson(
  before: Pick<RetentionRule, 'keep_days' | 'action'>,
  after: Pick<RetentionRule, 'keep_days' | 'action'>,
): boolean {
  if (after.keep_days === null) return false;
  if (before.keep_days === null) return true;
  if (after.keep_days * 2 < before.keep_days) return true;
  return before.action === 'pseudonymise' && after.action === 'delete';
}
