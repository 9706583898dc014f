import type { OffBoardingView } from '@tagtrail/shared/api/off-boarding.js';
import { idFromUuid } from '@tagtrail/shared/ids.js';
import type { Asking } from '../api/context.js';
import { sql, type Tx } from '../store/sql.js';

export type StoredStatus = Exclude<OffBoardingView['status'], 'expired'>;

export interface OffBoardingRow {
  readonly status: StoredStatus;
  /** ISO 8601 date. */
  readonly contract_ends_on: string;
  readonly record_days: number;
  readonly asked_by: string;
  readonly asked_by_name: string | null;
  readonly asked_at: Date;
  readonly expires_at: Date;
  readonly decided_by: string | null;
  readonly decided_by_name: string | null;
  readonly decided_at: Date | null;
  readonly remove_at: Date | null;
  readonly closing_at: Date | null;
  readonly closing_index: bigint | null;
  readonly users: number | null;
  readonly unreached: number | null;
  readonly exported_at: Date | null;
  readonly holds: number;
}

/** The newest one of the customer (UUID); undefined where nobody has ever asked. */
export async function readOffBoardingRow(tx: Tx, tenant: string): Promise<OffBoardingRow | undefined> {
  const rows = await tx.$queryRaw<OffBoardingRow[]>(sql`
    select o.status, o.contract_ends_on::text, o.record_days, o.asked_by::text, a.name as asked_by_name, o.asked_at,
      o.expires_at, o.decided_by::text, d.name as decided_by_name, o.decided_at, o.remove_at, o.closing_at,
      o.closing_index, o.users, o.unreached,
      (select max(e.recorded_at) from entry e
        where e.tenant_id = o.tenant_id and e.kind = 'trail.exported' and e.index > o.asked_index
          and e.counterpart_id is null and jsonb_strip_nulls(e.data->'filter') = '{}') as exported_at,
      (select count(*)::int from legal_hold h where h.tenant_id = o.tenant_id and h.released_at is null) as holds
    from off_boarding o left join auth_user a on a.id = o.asked_by::text left join auth_user d on d.id = o.decided_by::text
    where o.tenant_id = ${tenant}::uuid`);
  return rows[0];
}

export async function readOffBoarding({ tx, scope, atMs }: Asking): Promise<OffBoardingView | null> {
  const row = await readOffBoardingRow(tx, scope.tenantId);
  return row === undefined ? null : offBoardingView(row, atMs);
}

/** Whether nobody may agree any more because the time is over. */
export function isLate(row: Pick<OffBoardingRow, 'status' | 'expires_at'>, atMs: number): boolean {
  return row.status === 'waiting' && row.expires_at.getTime() <= atMs;
}

function offBoardingView(row: OffBoardingRow, atMs: number): OffBoardingView {
  return {
    status: isLate(row, atMs) ? 'expired' : row.status,
    contract_ends_on: row.contract_ends_on,
    record_days: row.record_days,
    asked_by: { id: idFromUuid('user', row.asked_by), name: row.asked_by_name },
    asked_at: row.asked_at.toISOString(),
    expires_at: row.expires_at.toISOString(),
    decided_by: row.decided_by === null ? null : { id: idFromUuid('user', row.decided_by), name: row.decided_by_name },
    decided_at: row.decided_at?.toISOString() ?? null,
    remove_at: row.remove_at?.toISOString() ?? null,
    exported_at: row.exported_at?.toISOString() ?? null,
    holds: row.holds,
  };
}
