import type { CheckpointView } from '@tagtrail/shared/api/proof.js';
import { idFromUuid } from '@tagtrail/shared/ids.js';
import { decodeCursor, encodeCursor, indexKey, type Page, pageOf } from '../api/cursor.js';
import { notFound } from '../api/problem.js';
import { type Sql, sql, type Tx } from '../store/sql.js';

interface CheckpointRow {
  readonly size: bigint;
  readonly root: Uint8Array;
  readonly note: string;
  readonly signed_at: Date;
  readonly witnesses: readonly { readonly cabinet: string; readonly at: string; readonly line: string }[];
}

/** A customer's checkpoints, newest first. */
export async function listCheckpoints(
  tx: Tx,
  tenant: string,
  { limit, cursor }: { readonly limit: number; readonly cursor: string | undefined },
): Promise<Page<CheckpointView>> {
  const before = decodeCursor('checkpoints', indexKey, cursor);
  const rows = await query(tx, tenant, {
    which: before === undefined ? sql`true` : sql`c.size < ${before[0]}`,
    limit: limit + 1,
  });
  return pageOf(rows, limit, {
    view: checkpointOf,
    cursor: (row) => encodeCursor('checkpoints', [Number(row.size)]),
  });
}

/**
 * The newest checkpoint of a customer, or the smallest one that covers `size` entries.
 * @throws ApiProblem `not-found`.
 */
export async function readCheckpoint(tx: Tx, tenant: string, size?: number): Promise<CheckpointView> {
  const rows =
    size === undefined
      ? await query(tx, tenant, { which: sql`true`, limit: 1 })
      : await query(tx, tenant, {
          which: sql`c.size = (select min(n.size) from checkpoint n where n.tenant_id = c.tenant_id and n.size >= ${size})`,
          limit: 1,
        });
  const row = rows[0];
  if (row === undefined) throw notFound('checkpoint');
  return checkpointOf(row);
}

async function query(
  tx: Tx,
  tenant: string,
  { which, limit }: { readonly which: Sql; readonly limit: number },
): Promise<readonly CheckpointRow[]> {
  return await tx.$queryRaw<CheckpointRow[]>(sql`
    select c.size, c.root, c.note, c.signed_at, coalesce((
      select jsonb_agg(jsonb_build_object('cabinet', w.cabinet_id, 'at', w.signed_at, 'line', w.line)
        order by w.signed_at, w.cabinet_id)
      from witness_signature w where w.tenant_id = c.tenant_id and w.size = c.size), '[]') as witnesses
    from checkpoint c where c.tenant_id = ${tenant}::uuid and ${which} order by c.size desc limit ${limit}`);
}

function checkpointOf(row: CheckpointRow): CheckpointView {
  return {
    size: Number(row.size),
    root: Buffer.from(row.root).toString('base64'),
    signed_at: row.signed_at.toISOString(),
    note: row.note + row.witnesses.map(({ line }) => line).join(''),
    witnesses: row.witnesses.map(({ cabinet, at }) => ({
      cabinet: idFromUuid('cabinet', cabinet),
      signed_at: new Date(at).toISOString(),
    })),
  };
}
