import { base64OfBytes } from '@tagtrail/shared/bytes/base64.js';
import type { CheckpointMessage } from '@tagtrail/shared/mqtt/messages.js';
import { consistencyPlan } from '@tagtrail/shared/proof/proof-plan.js';
import { sql, type Tx } from '../store/sql.js';
import { hashesOf } from './read-proof.js';

/**
 * The newest checkpoint with the proof from what the witness has seen on; undefined while there is none.
 * @param seen the size that the witness cosigned last; 0 for none.
 */
export async function checkpointFor(tx: Tx, tenant: string, seen: number): Promise<CheckpointMessage | undefined> {
  const rows = await tx.$queryRaw<{ size: bigint; note: string; key: string | null }[]>(sql`
    select c.size, c.note, (
      select k.note_key from log_key k where k.tenant_id = c.tenant_id and k.since_size < c.size
      order by k.since_size desc, k.added_at desc limit 1) as key
    from checkpoint c where c.tenant_id = ${tenant}::uuid order by c.size desc limit 1`);
  const row = rows[0];
  if (row === undefined || row.key === null) return undefined;
  const size = Number(row.size);
  const from = seen < size ? seen : 0;
  const path = from === 0 ? [] : await hashesOf(tx, tenant, consistencyPlan(from, size));
  return { v: 1, key: row.key, note: row.note, from, path: path.map(base64OfBytes) };
}

/** The cabinets (UUIDs) in use, with the size that each of them cosigned last (0 for none). */
export async function readWitnesses(
  tx: Tx,
  tenant: string,
): Promise<readonly { readonly cabinet: string; readonly seen: number }[]> {
  const rows = await tx.$queryRaw<{ cabinet: string; seen: bigint }[]>(sql`
    select c.id::text as cabinet, coalesce((
      select max(w.size) from witness_signature w where w.tenant_id = c.tenant_id and w.cabinet_id = c.id), 0) as seen
    from cabinet c where c.tenant_id = ${tenant}::uuid and c.revoked_at is null order by c.id`);
  return rows.map(({ cabinet, seen }) => ({ cabinet, seen: Number(seen) }));
}
