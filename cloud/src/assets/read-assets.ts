import type { AssetView, assetQuery } from '@tagtrail/shared/api/asset.js';
import type { z } from 'zod';
import { decodeCursor, encodeCursor, type Page, pageOf, uuidKey } from '../api/cursor.js';
import { notFound } from '../api/problem.js';
import { filterUuid } from '../api/request-ids.js';
import { containing } from '../api/search-text.js';
import type { Scope } from '../auth/scope.js';
import { readCutoffs } from '../retention/read-rules.js';
import { joinSql, type Sql, sql, type Tx } from '../store/sql.js';
import {
  type AssetRow,
  assetColumnJoins,
  assetColumns,
  assetJoins,
  assetSite,
  assetStateSql,
  assetsInScope,
  assetsOfCabinet,
  assetView,
  visitJoin,
} from './asset-row.js';

export type AssetQuery = z.output<typeof assetQuery>;

export interface AssetsRequest {
  readonly scope: Scope;
  readonly atMs: number;
  readonly query: AssetQuery;
}

/** Assets, newest first. Retired ones only when asked for. */
export async function listAssets(tx: Tx, { scope, atMs, query }: AssetsRequest): Promise<Page<AssetView>> {
  const before = decodeCursor('assets', uuidKey, query.cursor);
  const conditions = [assetsInScope(scope), ...filters(query, atMs)];
  if (before !== undefined) conditions.push(sql`a.id < ${before[0]}::uuid`);
  const rows = await readAssetRows(tx, { scope, atMs, where: joinSql(conditions, ' and '), limit: query.limit + 1 });
  return pageOf(rows, query.limit, {
    view: (row) => assetView(row, scope, atMs),
    cursor: (row) => encodeCursor('assets', [row.id]),
  });
}

/** @throws ApiProblem `not-found` outside the scope. */
export async function readAsset(
  tx: Tx,
  scope: Scope,
  at: { readonly id: string; readonly atMs: number },
): Promise<AssetView> {
  return assetView(await readAssetRow(tx, scope, at), scope, at.atMs);
}

/** @throws ApiProblem `not-found` outside the scope. */
export async function readAssetRow(
  tx: Tx,
  scope: Scope,
  { id, atMs }: { readonly id: string; readonly atMs: number },
): Promise<AssetRow> {
  const where = sql`${assetsInScope(scope)} and a.id = ${id}::uuid`;
  const [row] = await readAssetRows(tx, { scope, atMs, where, limit: 1 });
  if (row === undefined) throw notFound('asset');
  return row;
}

/** The assets of the condition over `a` and its joins, which has to hold them to the scope; newest first. */
export async function readAssetRows(
  tx: Tx,
  selection: { readonly scope: Scope; readonly atMs: number; readonly where: Sql; readonly limit: number },
): Promise<AssetRow[]> {
  const cutoffs = await readCutoffs(tx, selection.scope.tenantId, selection.atMs);
  return await tx.$queryRaw<AssetRow[]>(sql`
    select ${assetColumns} from asset a ${assetJoins} ${assetColumnJoins} ${visitJoin(cutoffs)}
    where ${selection.where} order by a.id desc limit ${selection.limit}`);
}

function filters(query: AssetQuery, atMs: number): Sql[] {
  const found: Sql[] = [];
  const state = assetStateSql(atMs);
  found.push(query.state === undefined ? sql`${state} <> 'retired'` : sql`${state} = ${query.state}`);
  if (query.site_id !== undefined)
    found.push(sql`${assetSite} = ${filterUuid('site', query.site_id, 'site_id')}::uuid`);
  if (query.cabinet_id !== undefined)
    found.push(assetsOfCabinet(filterUuid('cabinet', query.cabinet_id, 'cabinet_id')));
  if (query.holder_id !== undefined) {
    found.push(sql`k.state = 'out' and k.holder_id = ${filterUuid('person', query.holder_id, 'holder_id')}::uuid`);
  }
  if (query.q !== undefined && query.q.trim() !== '') {
    const like = containing(query.q);
    found.push(sql`(a.name ilike ${like} or a.model ilike ${like} or a.serial ilike ${like} or t.epc ilike ${like})`);
  }
  return found;
}
