import type { QuarantineView } from '@tagtrail/shared/api/quarantine.js';
import { z } from 'zod';
import { decodeCursor, encodeCursor, type Page, pageOf } from '../api/cursor.js';
import type { Scope } from '../auth/scope.js';
import { referenceOf } from '../entries/entry-view.js';
import { type Sql, sql, type Tx } from '../store/sql.js';

interface QuarantineRow {
  readonly id: string;
  readonly at: Date;
  readonly cabinet_id: string | null;
  readonly cabinet_name: string | null;
  readonly reason: string;
  readonly detail: string;
  readonly occurrences: number;
  readonly seq: bigint | null;
}

const quarantineKey = z.tuple([z.iso.datetime(), z.uuid()]);

/** What arrived and could not be believed, latest first. */
export async function listQuarantine(
  tx: Tx,
  { scope, limit, cursor }: { readonly scope: Scope; readonly limit: number; readonly cursor: string | undefined },
): Promise<Page<QuarantineView>> {
  const before = decodeCursor('quarantine', quarantineKey, cursor);
  const older = before === undefined ? sql`true` : sql`(q.at, q.id) < (${new Date(before[0])}, ${before[1]}::uuid)`;
  const rows = await tx.$queryRaw<QuarantineRow[]>(sql`
    select q.id::text, q.at, q.cabinet_id::text, c.name as cabinet_name, q.reason, q.detail, q.occurrences, q.seq
    from quarantine q left join cabinet c on c.tenant_id = q.tenant_id and c.id = q.cabinet_id
    where ${quarantineInScope(scope)} and ${older} order by q.at desc, q.id desc limit ${limit + 1}`);
  return pageOf(rows, limit, {
    view: quarantineView,
    cursor: (row) => encodeCursor('quarantine', [row.at.toISOString(), row.id]),
  });
}

/** The condition over `q` and its cabinet `c`. */
export function quarantineInScope(scope: Scope): Sql {
  const site = scope.siteIds === null ? sql`true` : sql`c.site_id = any(${[...scope.siteIds]}::uuid[])`;
  return sql`q.tenant_id = ${scope.tenantId}::uuid and ${site}`;
}

function quarantineView(row: QuarantineRow): QuarantineView {
  return {
    id: row.id,
    at: row.at.toISOString(),
    cabinet: referenceOf('cabinet', row.cabinet_id, row.cabinet_name),
    reason: row.reason,
    detail: row.occurrences > 1 ? `${row.detail} (${row.occurrences} times)` : row.detail,
    sequence: row.seq === null ? null : Number(row.seq),
  };
}
