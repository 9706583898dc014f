import type { QuarantineState, QuarantineView, quarantineQuery } from '@tagtrail/shared/api/quarantine.js';
import { idFromUuid } from '@tagtrail/shared/ids.js';
import { z } from 'zod';
import { decodeCursor, encodeCursor, type Page, pageOf } from '../api/cursor.js';
import { notFound } from '../api/problem.js';
import type { Scope } from '../auth/scope.js';
import { referenceOf } from '../entries/entry-view.js';
import { type Sql, sql, type Tx } from '../store/sql.js';

/** Ids are UUIDs. */
export interface QuarantineRow {
  readonly id: string;
  readonly state: QuarantineState;
  readonly at: Date;
  readonly last_at: Date;
  readonly occurrences: number;
  readonly cabinet_id: string | null;
  readonly cabinet_name: string | null;
  readonly site_id: string | null;
  readonly reason: string;
  readonly detail: string;
  readonly seq: bigint | null;
  readonly epc: string | null;
  readonly asset_id: string | null;
  readonly asset_name: string | null;
  readonly decided_by: string | null;
  readonly decided_by_name: string | null;
  readonly decided_at: Date | null;
  readonly note: string | null;
}

const quarantineKey = z.tuple([z.iso.datetime(), z.uuid()]);

/** What arrived and could not be believed, and tags that nobody registered, latest first. */
export async function listQuarantine(
  tx: Tx,
  { scope, query }: { readonly scope: Scope; readonly query: z.output<typeof quarantineQuery> },
): Promise<Page<QuarantineView>> {
  const { limit, state, reason } = query;
  const before = decodeCursor('quarantine', quarantineKey, query.cursor);
  const wanted = [
    before === undefined ? sql`true` : sql`(q.at, q.id) < (${new Date(before[0])}, ${before[1]}::uuid)`,
    state === undefined ? sql`true` : sql`q.state = ${state}`,
    reason === undefined ? sql`true` : sql`q.reason = ${reason}`,
  ] as const;
  const rows = await tx.$queryRaw<QuarantineRow[]>(sql`
    ${rowsInScope(scope)} and ${wanted[0]} and ${wanted[1]} and ${wanted[2]}
    order by q.at desc, q.id desc limit ${limit + 1}`);
  return pageOf(rows, limit, {
    view: quarantineView,
    cursor: (row) => encodeCursor('quarantine', [row.at.toISOString(), row.id]),
  });
}

/** One of them; `id` is the UUID. @throws ApiProblem `not-found`. */
export async function readQuarantined(tx: Tx, scope: Scope, id: string): Promise<QuarantineRow> {
  const rows = await tx.$queryRaw<QuarantineRow[]>(sql`${rowsInScope(scope)} and q.id = ${id}::uuid`);
  const row = rows[0];
  if (row === undefined) throw notFound('record in quarantine');
  return row;
}

function rowsInScope(scope: Scope): Sql {
  return sql`
    select q.id::text, q.state, q.at, q.last_at, q.occurrences, q.cabinet_id::text, c.name as cabinet_name,
      c.site_id::text, q.reason, q.detail, q.seq, q.epc, q.asset_id::text, a.name as asset_name, q.decided_by::text,
      u.name as decided_by_name, q.decided_at, q.note
    from quarantine q
      left join cabinet c on c.tenant_id = q.tenant_id and c.id = q.cabinet_id
      left join asset a on a.tenant_id = q.tenant_id and a.id = q.asset_id
      left join auth_user u on u.id = q.decided_by::text
    where ${quarantineInScope(scope)}`;
}

/** The condition over `q` and its cabinet `c`. */
export function quarantineInScope(scope: Scope): Sql {
  const site = scope.siteIds === null ? sql`true` : sql`c.site_id = any(${[...scope.siteIds]}::uuid[])`;
  return sql`q.tenant_id = ${scope.tenantId}::uuid and ${site}`;
}

export function quarantineView(row: QuarantineRow): QuarantineView {
  return {
    id: idFromUuid('quarantine', row.id),
    state: row.state,
    at: row.at.toISOString(),
    last_at: row.last_at.toISOString(),
    occurrences: row.occurrences,
    cabinet: referenceOf('cabinet', row.cabinet_id, row.cabinet_name),
    reason: row.reason,
    detail: row.detail,
    sequence: row.seq === null ? null : Number(row.seq),
    epc: row.epc,
    asset: referenceOf('asset', row.asset_id, row.asset_name),
    decided_by: referenceOf('user', row.decided_by, row.decided_by_name),
    decided_at: row.decided_at?.toISOString() ?? null,
    note: row.note,
  };
}
