import { Prisma } from '../prisma.js';
import type { SqlTransaction } from '../sql-transaction.js';
import { inSpan, type TrailSpan } from './span.js';

/** Who looks after what: the newest word about each thing. */
export async function foldAcknowledgements(tx: SqlTransaction, span: TrailSpan): Promise<void> {
  await foldLines(tx, span.tenant, inSpan(span));
}

/** After retention took these lines away: what is left says what stands. */
export async function refoldAcknowledgements(
  tx: SqlTransaction,
  tenant: string,
  indexes: readonly number[],
): Promise<void> {
  const gone = await tx.$queryRaw<{ about: string }[]>`
    delete from acknowledgement where tenant_id = ${tenant}::uuid and index = any(${[...indexes]}::bigint[])
    returning about`;
  if (gone.length === 0) return;
  await foldLines(tx, tenant, Prisma.sql`data->>'about' = any(${gone.map(({ about }) => about)}::text[])`);
}

async function foldLines(tx: SqlTransaction, tenant: string, which: Prisma.Sql): Promise<void> {
  await tx.$executeRaw`/* kept */
    insert into acknowledgement as a (tenant_id, about, mark, index)
    select distinct on (data->>'about') ${tenant}::uuid, data->>'about', data->>'mark', index from entry
    where tenant_id = ${tenant}::uuid and ${which} and status = 'accepted' and kind = 'attention.acknowledged'
    order by data->>'about', index desc
    on conflict (tenant_id, about) do update set mark = excluded.mark, index = excluded.index
    where excluded.index > a.index`;
}
