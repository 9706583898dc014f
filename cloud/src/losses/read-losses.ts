import type { EntryView } from '@tagtrail/shared/api/entry.js';
import type { LossStatus, LossView, lossQuery } from '@tagtrail/shared/api/loss.js';
import { idFromUuid } from '@tagtrail/shared/ids.js';
import type { z } from 'zod';
import type { Asking } from '../api/context.js';
import { decodeCursor, encodeCursor, type Page, pageOf, uuidKey } from '../api/cursor.js';
import { notFound } from '../api/problem.js';
import { assetJoins, assetSite, assetsInScope } from '../assets/asset-row.js';
import { referenceOf } from '../entries/entry-view.js';
import { readEntries } from '../entries/read-entries.js';
import { joinSql, type Sql, sql } from '../store/sql.js';

/** Ids are UUIDs. */
export interface LossRow {
  readonly id: string;
  readonly asset_id: string;
  readonly asset_name: string;
  readonly site_id: string | null;
  readonly site_name: string | null;
  readonly status: LossStatus;
  readonly asked_at: Date;
  readonly asked_index: bigint;
  readonly decided_index: bigint | null;
}

/** Tools that somebody says, or said, are lost, newest first. */
export async function listLosses(
  asking: Asking,
  { limit, cursor, status }: z.output<typeof lossQuery>,
): Promise<Page<LossView>> {
  const before = decodeCursor('losses', uuidKey, cursor);
  const where = [
    before === undefined ? sql`true` : sql`l.id < ${before[0]}::uuid`,
    status === undefined ? sql`true` : sql`l.status = ${status}`,
  ];
  const rows = await readRows(asking, joinSql(where, ' and '), limit + 1);
  const page = pageOf(rows, limit, { view: (row) => row, cursor: (row) => encodeCursor('losses', [row.id]) });
  return { ...page, data: await viewsOf(asking, page.data) };
}

/** @throws ApiProblem `not-found` outside the scope. */
export async function readLossRow(asking: Asking, id: string): Promise<LossRow> {
  const [row] = await readRows(asking, sql`l.id = ${id}::uuid`, 1);
  if (row === undefined) throw notFound('loss');
  return row;
}

/** @throws ApiProblem `not-found` outside the scope. */
export async function readLoss(asking: Asking, id: string): Promise<LossView> {
  const [view] = await viewsOf(asking, [await readLossRow(asking, id)]);
  if (view === undefined) throw notFound('loss');
  return view;
}

async function readRows({ tx, scope }: Asking, where: Sql, limit: number): Promise<LossRow[]> {
  return await tx.$queryRaw<LossRow[]>(sql`
    select l.id::text, a.id::text as asset_id, a.name as asset_name, s.id::text as site_id, s.name as site_name,
      l.status, l.asked_at, l.asked_index, l.decided_index
    from loss l
      join asset a on a.tenant_id = l.tenant_id and a.id = l.asset_id ${assetJoins}
      left join site s on s.tenant_id = a.tenant_id and s.id = ${assetSite}
    where ${assetsInScope(scope)} and ${where} order by l.id desc limit ${limit}`);
}

/** The words of both come from their lines, as long as these may be shown. */
async function viewsOf(asking: Asking, rows: readonly LossRow[]): Promise<LossView[]> {
  const indexes = rows.flatMap(({ asked_index, decided_index }) => [Number(asked_index), Number(decided_index ?? -1)]);
  const lines = await readEntries(asking.tx, {
    ...{ scope: asking.scope, atMs: asking.atMs, order: 'oldest first', limit: Math.max(1, indexes.length) },
    anyOf: [sql`e.index = any(${indexes}::bigint[])`],
  });
  const lineAt = new Map(lines.map((line) => [line.index, line]));
  return rows.map((row) => ({
    id: idFromUuid('loss', row.id),
    asset: { id: idFromUuid('asset', row.asset_id), name: row.asset_name },
    site: referenceOf('site', row.site_id, row.site_name),
    status: row.status,
    asked: { ...wordOf(lineAt.get(Number(row.asked_index))), at: row.asked_at.toISOString() },
    decided: row.decided_index === null ? null : wordOf(lineAt.get(Number(row.decided_index))),
  }));
}

function wordOf(line: EntryView | undefined): NonNullable<LossView['decided']> {
  const note = line?.data.note;
  return { by: line?.actor ?? null, at: line?.time ?? null, note: typeof note === 'string' ? note : null };
}
