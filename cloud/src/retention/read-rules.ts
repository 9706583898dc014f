import type { RetentionRule } from '@tagtrail/shared/api/retention.js';
import type { DataCategory } from '@tagtrail/shared/events/trace-event.js';
import { sql, type Tx } from '../store/sql.js';
import { type Cutoff, cutoffsAt, effectiveRules } from './retention-rules.js';

interface RuleRow {
  readonly category: DataCategory;
  readonly keep_days: number | null;
  readonly action: 'delete' | 'pseudonymise';
  readonly updated_at: Date;
}

/** One rule for every category. */
export async function readRules(tx: Tx, tenantId: string): Promise<RetentionRule[]> {
  const rows = await tx.$queryRaw<RuleRow[]>(
    sql`select category, keep_days, action, updated_at from retention_rule where tenant_id = ${tenantId}::uuid`,
  );
  return effectiveRules(rows.map((row) => ({ ...row, updated_at: row.updated_at.toISOString() })));
}

/** What a reader may no longer see at the wall time `atMs`. */
export async function readCutoffs(tx: Tx, tenantId: string, atMs: number): Promise<Cutoff[]> {
  return cutoffsAt(await readRules(tx, tenantId), atMs);
}
