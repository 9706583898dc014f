import type { SiteView } from '@tagtrail/shared/api/cabinet.js';
import { idFromUuid } from '@tagtrail/shared/ids.js';
import { decodeCursor, encodeCursor, type Page, pageOf, uuidKey } from '../api/cursor.js';
import { notFound } from '../api/problem.js';
import type { Scope } from '../auth/scope.js';
import { type Sql, sql, type Tx } from '../store/sql.js';

interface SiteRow {
  readonly id: string;
  readonly name: string;
  readonly time_zone: string;
}

export interface ListRequest {
  readonly scope: Scope;
  readonly limit: number;
  readonly cursor: string | undefined;
}

export async function listSites(tx: Tx, { scope, limit, cursor }: ListRequest): Promise<Page<SiteView>> {
  const before = decodeCursor('sites', uuidKey, cursor);
  const rows = await tx.$queryRaw<SiteRow[]>(sql`
    select s.id::text, s.name, s.time_zone from site s
    where ${sitesInScope(scope)} and ${before === undefined ? sql`true` : sql`s.id < ${before[0]}::uuid`}
    order by s.id desc limit ${limit + 1}`);
  return pageOf(rows, limit, { view: siteView, cursor: (row) => encodeCursor('sites', [row.id]) });
}

/** @throws ApiProblem `not-found` outside the scope. */
export async function readSite(tx: Tx, scope: Scope, id: string): Promise<SiteView> {
  const rows = await tx.$queryRaw<SiteRow[]>(sql`
    select s.id::text, s.name, s.time_zone from site s where ${sitesInScope(scope)} and s.id = ${id}::uuid`);
  const row = rows[0];
  if (row === undefined) throw notFound('site');
  return siteView(row);
}

function sitesInScope(scope: Scope): Sql {
  const site = scope.siteIds === null ? sql`true` : sql`s.id = any(${[...scope.siteIds]}::uuid[])`;
  return sql`s.tenant_id = ${scope.tenantId}::uuid and ${site}`;
}

function siteView(row: SiteRow): SiteView {
  return { id: idFromUuid('site', row.id), name: row.name, time_zone: row.time_zone };
}
