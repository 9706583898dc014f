import type { FieldValues, LeafLine, SealedLine } from '@tagtrail/shared/proof/entry-leaf.js';
import { type Sql, sql, type Tx } from './sql.js';

/** A line of the trail with all that its leaf covers, and the leaf that was stored (null in a row older than leaves). */
export interface StoredLine extends SealedLine {
  readonly leaf: Uint8Array | null;
}

/** A row as `lineColumns` selects it. */
export interface LineRow extends Omit<LeafLine, 'index' | 'seq' | 'recordedAt' | 'occurredAt' | 'effectiveAt'> {
  readonly index: bigint;
  readonly seq: bigint | null;
  readonly recordedAt: Date;
  readonly occurredAt: Date;
  readonly effectiveAt: Date;
  readonly leaf: Uint8Array | null;
  readonly salts: FieldValues | null;
  readonly commitments: FieldValues | null;
}

/** The columns of the entry `e` that a leaf covers, by the names that leaves use. */
export const lineColumns: Sql = sql`
  e.tenant_id::text as tenant, e.index, e.recorded_at as "recordedAt", e.occurred_at as "occurredAt",
  e.effective_at as "effectiveAt", e.kind, e.category, e.source, e.status, e.site_id::text as site,
  e.cabinet_id::text as cabinet, e.asset_id::text as asset, e.session_id::text as session, e.order_id::text as "order",
  e.log_id as "logId", e.seq, e.actor_id::text as actor, e.counterpart_id::text as counterpart, e.chain, e.origin,
  e.data, e.leaf, e.salts, e.commitments`;

export function storedLine(row: LineRow): StoredLine {
  return {
    ...row,
    index: Number(row.index),
    seq: row.seq === null ? null : Number(row.seq),
    recordedAt: row.recordedAt.toISOString(),
    occurredAt: row.occurredAt.toISOString(),
    effectiveAt: row.effectiveAt.toISOString(),
    commitments: row.commitments ?? {},
  };
}

/** The lines that a customer (UUID) still has in `from .. to` (both inclusive), oldest first. */
export async function readLines(
  tx: Tx,
  tenant: string,
  range: { readonly from: number; readonly to: number },
): Promise<readonly StoredLine[]> {
  const rows = await tx.$queryRaw<LineRow[]>(sql`
    select ${lineColumns} from entry e
    where e.tenant_id = ${tenant}::uuid and e.index between ${range.from} and ${range.to} order by e.index`);
  return rows.map(storedLine);
}
