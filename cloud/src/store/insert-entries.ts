import { arrayLiteral } from './array-literal.js';
import type { AppendTarget } from './entry-draft.js';
import { entryChannel, type TrailNotice } from './notices.js';
import type { SealedDraft } from './seal-drafts.js';
import type { SqlTransaction } from './sql-transaction.js';

/**
 * Writes lines that have their index and leaf, column by column in one statement, and tells of them
 * once they are committed. They are in the order of their indexes without a hole.
 */
export async function insertEntries(
  tx: SqlTransaction,
  { tenant, recordedAt }: AppendTarget,
  rows: readonly SealedDraft[],
): Promise<void> {
  const column = (read: (row: SealedDraft) => string | number | null): string => arrayLiteral(rows.map(read));
  const json = (read: (row: SealedDraft) => unknown): string => arrayLiteral(rows.map((row) => jsonOf(read(row))));
  const notice: TrailNotice = { tenant, from: rows[0]?.index ?? 0, to: rows.at(-1)?.index ?? 0 };
  await tx.$executeRaw`/* kept */
    with appended as (
      insert into entry (tenant_id, recorded_at, index, occurred_at, effective_at, kind, category, source, status,
        site_id, cabinet_id, actor_id, counterpart_id, asset_id, session_id, order_id, log_id, seq, chain, data, origin,
        leaf, salts, commitments)
      select ${tenant}::uuid, ${recordedAt}::timestamptz, index, occurred_at, effective_at, kind, category, source,
        status, site_id, cabinet_id, actor_id, counterpart_id, asset_id, session_id, order_id, log_id, seq, chain,
        data, origin, decode(leaf, 'base64'), salts, commitments
      from unnest(
        ${column((row) => row.index)}::bigint[], ${column((row) => row.occurredAt)}::timestamptz[],
        ${column((row) => row.effectiveAt)}::timestamptz[], ${column((row) => row.kind)}::text[],
        ${column((row) => row.category)}::text[], ${column((row) => row.source)}::text[],
        ${column((row) => row.status)}::text[], ${column((row) => row.siteId)}::uuid[],
        ${column((row) => row.cabinetId)}::uuid[], ${column((row) => row.actorId)}::uuid[],
        ${column((row) => row.counterpartId)}::uuid[], ${column((row) => row.assetId)}::uuid[],
        ${column((row) => row.sessionId)}::uuid[], ${column((row) => row.orderId)}::uuid[],
        ${column((row) => row.logId)}::text[], ${column((row) => row.seq)}::bigint[],
        ${column((row) => row.chain)}::text[], ${json((row) => row.data)}::jsonb[],
        ${json((row) => row.origin)}::jsonb[], ${column((row) => row.leaf)}::text[],
        ${json((row) => row.salts)}::jsonb[], ${json((row) => row.commitments)}::jsonb[]
      ) as draft (index, occurred_at, effective_at, kind, category, source, status, site_id, cabinet_id, actor_id,
        counterpart_id, asset_id, session_id, order_id, log_id, seq, chain, data, origin, leaf, salts, commitments)
    )
    select pg_notify(${entryChannel}, ${JSON.stringify(notice)})::text`;
}

function jsonOf(value: unknown): string | null {
  return value === null || value === undefined ? null : JSON.stringify(value);
}
