import type { RetentionRule } from '@tagtrail/shared/api/retention.js';
import { type DataCategory, dataCategory } from '@tagtrail/shared/events/trace-event.js';

const dayMs = 86_400_000;

/** What holds for a category until the customer sets something else: the security log ends after a year. */
export function defaultRule(category: DataCategory): RetentionRule {
  return { category, keep_days: category === 'security' ? 365 : null, action: 'delete', updated_at: null };
}

/** One rule for every category, the customer's where there is one. */
export function effectiveRules(set: readonly RetentionRule[]): RetentionRule[] {
  return dataCategory.options.map(
    (category) => set.find((rule) => rule.category === category) ?? defaultRule(category),
  );
}

/** Entries of the category that were recorded before this wall time are expired; null: none ever. */
export function expiredBeforeMs(rule: RetentionRule, atMs: number): number | null {
  return rule.keep_days === null ? null : atMs - rule.keep_days * dayMs;
}

/** What a reader of the trail may still see at one moment. */
export interface Cutoff {
  readonly category: DataCategory;
  readonly action: 'delete' | 'pseudonymise';
  readonly beforeMs: number;
}

export function cutoffsAt(rules: readonly RetentionRule[], atMs: number): Cutoff[] {
  return rules.flatMap((rule) => {
    const beforeMs = expiredBeforeMs(rule, atMs);
    return beforeMs === null ? [] : [{ category: rule.category, action: rule.action, beforeMs }];
  });
}

/** Fields of an entry's data that point at a person. */
export const personalFields = ['takenBy', 'badgeHash'] as const;
