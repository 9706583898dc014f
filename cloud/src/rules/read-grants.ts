import type { GrantView, grantQuery } from '@tagtrail/shared/api/grant.js';
import { idFromUuid } from '@tagtrail/shared/ids.js';
import type { TimeWindow } from '@tagtrail/shared/rules/rulebook.js';
import type { z } from 'zod';
import type { Asking } from '../api/context.js';
import { decodeCursor, encodeCursor, type Page, pageOf, uuidKey } from '../api/cursor.js';
import { notFound } from '../api/problem.js';
import { filterUuid } from '../api/request-ids.js';
import { assetJoins, assetsInScope } from '../assets/asset-row.js';
import { referenceOf } from '../entries/entry-view.js';
import { joinSql, type Sql, sql } from '../store/sql.js';

/** A grant as the scope may see it; ids are UUIDs. */
export interface GrantRow {
  readonly id: string;
  readonly effect: 'allow' | 'deny';
  readonly person_id: string | null;
  readonly person_name: string | null;
  readonly group_name: string | null;
  /** How many items it names, those out of the scope too; null for those of the model, or for all. */
  readonly named: number | null;
  /** Those of the scope. */
  readonly assets: { readonly id: string; readonly name: string }[];
  readonly model: string | null;
  readonly windows: TimeWindow[] | null;
  readonly valid_until: Date | null;
  readonly note: string | null;
  readonly created_at: Date;
}

/** Grants, newest first; those that only name items of other sites are not seen. */
export async function listGrants(asking: Asking, query: z.output<typeof grantQuery>): Promise<Page<GrantView>> {
  const before = decodeCursor('grants', uuidKey, query.cursor);
  const conditions: Sql[] = [sql`true`];
  if (before !== undefined) conditions.push(sql`g.id < ${before[0]}::uuid`);
  if (query.person_id !== undefined)
    conditions.push(sql`g.person_id = ${filterUuid('person', query.person_id, 'person_id')}::uuid`);
  if (query.group !== undefined) conditions.push(sql`g.group_name = ${query.group}`);
  if (query.asset_id !== undefined) conditions.push(holdsFor(asking, filterUuid('asset', query.asset_id, 'asset_id')));
  const rows = await readRows(asking, joinSql(conditions, ' and '), query.limit + 1);
  return pageOf(rows, query.limit, { view: grantView, cursor: (row) => encodeCursor('grants', [row.id]) });
}

/** Every grant that holds for an asset (UUID) of the scope: by its name, by its model, or for all. */
export async function grantsOfAsset(asking: Asking, assetId: string): Promise<GrantView[]> {
  return (await readRows(asking, holdsFor(asking, assetId), 1000)).map(grantView);
}

/** @throws ApiProblem `not-found`, also where it only names items of other sites. */
export async function readGrantRow(asking: Asking, id: string): Promise<GrantRow> {
  const [row] = await readRows(asking, sql`g.id = ${id}::uuid`, 1);
  if (row === undefined) throw notFound('grant');
  return row;
}

function holdsFor({ scope }: Asking, assetId: string): Sql {
  return sql`exists (select 1 from asset a ${assetJoins} where ${assetsInScope(scope)} and a.id = ${assetId}::uuid
    and (a.id = any(g.asset_ids) or a.model = g.model or (g.asset_ids is null and g.model is null)))`;
}

async function readRows({ tx, scope }: Asking, where: Sql, limit: number): Promise<GrantRow[]> {
  return await tx.$queryRaw<GrantRow[]>(sql`
    select g.id::text, g.effect, g.person_id::text, p.name as person_name, g.group_name,
      cardinality(g.asset_ids) as named, s.assets, g.model, g.windows, g.valid_until, g.note, g.created_at
    from take_grant g
      left join person p on p.tenant_id = g.tenant_id and p.id = g.person_id
      cross join lateral (
        select coalesce(json_agg(json_build_object('id', a.id, 'name', a.name) order by a.id), '[]'::json) as assets
        from asset a ${assetJoins} where ${assetsInScope(scope)} and a.id = any(g.asset_ids)) s
    where g.tenant_id = ${scope.tenantId}::uuid and ${where}
      and (g.asset_ids is null or ${scope.siteIds === null} or json_array_length(s.assets) > 0)
    order by g.id desc limit ${limit}`);
}

export function grantView(row: GrantRow): GrantView {
  const { named, assets } = row;
  return {
    id: idFromUuid('grant', row.id),
    effect: row.effect,
    person: referenceOf('person', row.person_id, row.person_name),
    group: row.group_name,
    assets: named === null ? null : assets.map(({ id, name }) => ({ id: idFromUuid('asset', id), name })),
    assets_elsewhere: named === null ? 0 : named - assets.length,
    model: row.model,
    windows: row.windows,
    valid_until: row.valid_until?.toISOString() ?? null,
    note: row.note,
    created_at: row.created_at.toISOString(),
  };
}
