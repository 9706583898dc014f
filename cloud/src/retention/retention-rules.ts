import type { RetentionRule } from '@tagtrail/shared/api/retention.js';
import { type DataCategory, dataCategory } from '@tagtrail/shared/events/trace-event.js';

const dayMs = 86_400_000;

/** The site of a rule that is for all sites without one of their own. */
export const everySite = '00000000-0000-0000-0000-000000000000';

/** A rule as it is decided with; `site` is a UUID or null for every site without a rule of its own. */
export type Rule = Omit<RetentionRule, 'warnings'>;

/** A rule as somebody wants it; `site` is a UUID. */
export type WantedRule = Pick<Rule, 'category' | 'site' | 'keep_days' | 'action' | 'source' | 'reason' | 'review_on'>;

/**
 * What holds for a category until the customer sets something else: the security log ends after a
 * year (the usual span for logs of access), all else after three.
 */
export function defaultRule(category: DataCategory): Rule {
  return {
    category,
    site: null,
    keep_days: category === 'security' ? 365 : 1095,
    action: 'delete',
    source: 'default',
    reason: null,
    review_on: null,
    version: 0,
    updated_at: null,
  };
}

/** One rule for every category, the customer's where there is one, each followed by those of single sites. */
export function effectiveRules(set: readonly Rule[]): Rule[] {
  return dataCategory.options.flatMap((category) => {
    const own = set.filter((rule) => rule.category === category);
    const general = own.find(({ site }) => site === null) ?? defaultRule(category);
    return [
      general,
      ...own.filter(({ site }) => site !== null).sort((a, b) => (String(a.site) < String(b.site) ? -1 : 1)),
    ];
  });
}

/** Entries of the category that were recorded before this wall time are expired; null: none ever. */
export function expiredBeforeMs(rule: Pick<Rule, 'keep_days'>, atMs: number): number | null {
  return rule.keep_days === null ? null : atMs - rule.keep_days * dayMs;
}

/** What a reader of the trail may still see at one moment. */
export interface Cutoff {
  readonly category: DataCategory;
  readonly action: 'delete' | 'pseudonymise';
  readonly beforeMs: number;
  /** The lines of this site (UUID), or of every site that is not named in `except`. */
  readonly site: string | null;
  readonly except: readonly string[];
}

export function cutoffsAt(rules: readonly Rule[], atMs: number): Cutoff[] {
  return rules.flatMap((rule) => {
    const beforeMs = expiredBeforeMs(rule, atMs);
    if (beforeMs === null) return [];
    const others = rules.filter(({ category, site }) => category === rule.category && site !== null);
    const except = rule.site === null ? others.map(({ site }) => String(site)) : [];
    return [{ category: rule.category, action: rule.action, beforeMs, site: rule.site, except }];
  });
}

/** Whether a line of this category, site and time is over by this cutoff. */
export function isOver(
  cutoff: Cutoff,
  line: { readonly category: string; readonly site: string | null; readonly recordedMs: number },
): boolean {
  if (cutoff.category !== line.category || line.recordedMs >= cutoff.beforeMs) return false;
  return cutoff.site === null ? line.site === null || !cutoff.except.includes(line.site) : cutoff.site === line.site;
}

/** The security log is usually kept for half a year to a year. */
const securityDays = { least: 180, most: 365 };

export type RuleProblem = 'reason_missing' | 'review_missing' | 'security_reason_missing' | 'review_past';

/** Why a rule may not be set; null when it may. `today` as YYYY-MM-DD. */
export function ruleProblem(
  rule: Pick<Rule, 'category' | 'keep_days' | 'reason' | 'review_on'>,
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

export function ruleWarnings(
  rule: Pick<Rule, 'category' | 'keep_days' | 'review_on'>,
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
  before: Pick<Rule, 'keep_days' | 'action'>,
  after: Pick<Rule, 'keep_days' | 'action'>,
): boolean {
  if (after.keep_days === null) return false;
  if (before.keep_days === null) return true;
  if (after.keep_days * 2 < before.keep_days) return true;
  return before.action === 'pseudonymise' && after.action === 'delete';
}
