import type { RetentionRule } from '@tagtrail/shared/api/retention.js';
import type { DataCategory } from '@tagtrail/shared/events/trace-event.js';
import { idFromUuid } from '@tagtrail/shared/ids.js';
import { ruleWarnings } from '@tagtrail/shared/retention/rule-checks.js';
import { sql, type Tx } from '../store/sql.js';
import { type Cutoff, cutoffsAt, effectiveRules, everySite, type Rule } from './retention-rules.js';

interface RuleRow extends Pick<Rule, 'keep_days' | 'action' | 'source' | 'reason' | 'review_on' | 'version'> {
  readonly category: DataCategory;
  readonly site_key: string;
  readonly updated_at: Date;
}

/** One rule for every category, and those of single sites. */
export async function readRules(tx: Tx, tenantId: string): Promise<Rule[]> {
  const rows = await tx.$queryRaw<RuleRow[]>(sql`
    select category, site_key::text, keep_days, action, source, reason, review_on::text, version, updated_at
    from retention_rule where tenant_id = ${tenantId}::uuid`);
  return effectiveRules(
    rows.map(({ site_key, updated_at, ...rule }) => ({
      ...rule,
      site: site_key === everySite ? null : site_key,
      updated_at: updated_at.toISOString(),
    })),
  );
}

/** What a reader may no longer see at the wall time `atMs`. */
export async function readCutoffs(tx: Tx, tenantId: string, atMs: number): Promise<Cutoff[]> {
  return cutoffsAt(await readRules(tx, tenantId), atMs);
}

export function ruleView(rule: Rule, atMs: number): RetentionRule {
  return {
    ...rule,
    site: rule.site === null ? null : idFromUuid('site', rule.site),
    warnings: ruleWarnings(rule, dayOf(atMs)),
  };
}

/** The day of a wall time in UTC, YYYY-MM-DD. */
export function dayOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10);
}
