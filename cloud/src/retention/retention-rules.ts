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
