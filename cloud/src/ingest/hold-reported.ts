import type { TrailSpan } from '../store/projections/span.js';
import type { SqlTransaction } from '../store/sql-transaction.js';

/**
 * What somebody reported broken, incomplete or lost at a cabinet goes to quarantine for everybody.
 * It comes back only when the office sets it available again. Not a projection: a rebuild must not
 * undo what the office decided since.
 */
export async function holdReported(tx: SqlTransaction, { tenant, from, to }: TrailSpan): Promise<void> {
  await tx.$executeRaw`
    update asset set status = 'quarantine'
    where tenant_id = ${tenant}::uuid and status = 'available' and id in (
      select asset_id from entry where tenant_id = ${tenant}::uuid and index between ${from} and ${to}
        and status = 'accepted' and kind = 'asset.reported' and asset_id is not null)`;
}
