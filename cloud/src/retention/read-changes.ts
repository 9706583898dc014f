import type { Rehearsal, RetentionChange } from '@tagtrail/shared/api/retention.js';
import type { DataCategory } from '@tagtrail/shared/events/trace-event.js';
import { idFromUuid } from '@tagtrail/shared/ids.js';
import { decodeCursor, encodeCursor, type Page, pageOf, uuidKey } from '../api/cursor.js';
import { notFound } from '../api/problem.js';
import type { Scope } from '../auth/scope.js';
import { type Sql, sql, type Tx } from '../store/sql.js';
import { everySite, type WantedRule } from './retention-rules.js';

export interface ChangeRow {
  readonly id: string;
  readonly category: DataCategory;
  readonly site_key: string;
  readonly rule: WantedRule;
  readonly rehearsal: Rehearsal;
  readonly asked_by: string;
  readonly asked_by_name: string | null;
  readonly asked_at: Date;
  readonly expires_at: Date;
  readonly status: 'waiting' | 'approved' | 'rejected' | 'withdrawn';
  readonly decided_by: string | null;
  readonly decided_by_name: string | null;
  readonly decided_at: Date | null;
}

interface Asked {
  readonly scope: Scope;
  readonly atMs: number;
}

/** Changes that wait or waited for a second person, latest first. */
export async function listChanges(
  tx: Tx,
  { scope, atMs, limit, cursor }: Asked & { readonly limit: number; readonly cursor: string | undefined },
): Promise<Page<RetentionChange>> {
  const before = decodeCursor('retention changes', uuidKey, cursor);
  const older = before === undefined ? sql`true` : sql`c.id < ${before[0]}::uuid`;
  const rows = await query(tx, scope, { where: older, limit: limit + 1 });
  return pageOf(rows, limit, {
    view: (row) => changeView(row, atMs),
    cursor: (row) => encodeCursor('retention changes', [row.id]),
  });
}

/** @throws ApiProblem `not-found`. */
export async function readChange(
  tx: Tx,
  { scope, atMs, id }: Asked & { readonly id: string },
): Promise<RetentionChange> {
  return changeView(await readChangeRow(tx, scope, id), atMs);
}

/** @throws ApiProblem `not-found`. */
export async function readChangeRow(tx: Tx, scope: Scope, id: string): Promise<ChangeRow> {
  const rows = await query(tx, scope, { where: sql`c.id = ${id}::uuid`, limit: 1 });
  const row = rows[0];
  if (row === undefined) throw notFound('change');
  return row;
}

/** Whether nobody may decide any more because the time is over. */
export function isLate(row: Pick<ChangeRow, 'status' | 'expires_at'>, atMs: number): boolean {
  return row.status === 'waiting' && row.expires_at.getTime() <= atMs;
}

async function query(tx: Tx, scope: Scope, selection: { where: Sql; limit: number }): Promise<ChangeRow[]> {
  const site = scope.siteIds === null ? sql`true` : sql`c.site_key = any(${[...scope.siteIds]}::uuid[])`;
  return await tx.$queryRaw<ChangeRow[]>(sql`
    select c.id::text, c.category, c.site_key::text, c.rule, c.rehearsal, c.asked_by::text, a.name as asked_by_name,
      c.asked_at, c.expires_at, c.status, c.decided_by::text, d.name as decided_by_name, c.decided_at
    from retention_change c left join auth_user a on a.id = c.asked_by::text left join auth_user d on d.id = c.decided_by::text
    where c.tenant_id = ${scope.tenantId}::uuid and ${site} and ${selection.where}
    order by c.id desc limit ${selection.limit}`);
}

function changeView(row: ChangeRow, atMs: number): RetentionChange {
  const { keep_days, action, source, reason, review_on } = row.rule;
  return {
    id: idFromUuid('change', row.id),
    category: row.category,
    site: row.site_key === everySite ? null : idFromUuid('site', row.site_key),
    ...{ keep_days, action, source, reason, review_on },
    rehearsal: row.rehearsal,
    asked_by: { id: idFromUuid('user', row.asked_by), name: row.asked_by_name },
    asked_at: row.asked_at.toISOString(),
    expires_at: row.expires_at.toISOString(),
    status: isLate(row, atMs) ? 'expired' : row.status,
    decided_by: row.decided_by === null ? null : { id: idFromUuid('user', row.decided_by), name: row.decided_by_name },
    decided_at: row.decided_at?.toISOString() ?? null,
  };
}
