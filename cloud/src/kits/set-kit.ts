import type { KitView } from '@tagtrail/shared/api/kit.js';
import type { AssetId } from '@tagtrail/shared/ids.js';
import { idFromUuid } from '@tagtrail/shared/ids.js';
import type { Asking } from '../api/context.js';
import { ApiProblem } from '../api/problem.js';
import type { AssetRow } from '../assets/asset-row.js';
import { knownAssets } from '../assets/known-assets.js';
import { readAssetRow } from '../assets/read-assets.js';
import { recordChange } from '../entries/record-change.js';
import { sql } from '../store/sql.js';
import { readKit } from './read-kits.js';

/**
 * Makes an asset (UUID) a kit of these children, in place of those it had. Children at sites out of
 * the scope stay.
 * @throws ApiProblem `not-found`, `invalid-reference`, `conflict` for a child of another kit and for kits in kits.
 */
export async function setKit(asking: Asking, id: string, childIds: readonly string[]): Promise<KitView> {
  const kit = await lockedKit(asking, id);
  const children = await knownAssets(asking, childIds, 'children_ids');
  await requireFree(asking, id, children);
  const before = await childrenInScope(asking, id);
  await replaceChildren(asking, kit, {
    added: children.filter((child) => !before.includes(child)),
    removed: before.filter((child) => !children.includes(child)),
  });
  return await readKit(asking, id);
}

/** Its children are by themselves again; answers the kit as it was. @throws ApiProblem `not-found`. */
export async function endKit(asking: Asking, id: string): Promise<KitView> {
  const kit = await lockedKit(asking, id);
  const was = await readKit(asking, id);
  await replaceChildren(asking, kit, { added: [], removed: await childrenInScope(asking, id) });
  return was;
}

async function lockedKit({ tx, scope, atMs }: Asking, id: string): Promise<AssetRow> {
  await tx.$queryRaw(
    sql`select 1 from asset where tenant_id = ${scope.tenantId}::uuid and id = ${id}::uuid for update`,
  );
  return await readAssetRow(tx, scope, { id, atMs });
}

async function childrenInScope({ tx, scope }: Asking, kitId: string): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string; site_id: string | null }[]>(sql`
    select x.child_id::text as id, coalesce(h.site_id, w.site_id)::text as site_id
    from kit_child x
      left join asset a on a.tenant_id = x.tenant_id and a.id = x.child_id
      left join cabinet h on h.tenant_id = x.tenant_id and h.id = a.home_cabinet_id
      left join custody k on k.tenant_id = x.tenant_id and k.asset_id = a.id
      left join cabinet w on w.tenant_id = x.tenant_id and w.id = k.cabinet_id
    where x.tenant_id = ${scope.tenantId}::uuid and x.kit_id = ${kitId}::uuid`);
  const { siteIds } = scope;
  return rows
    .filter(({ site_id }) => siteIds === null || (site_id !== null && siteIds.includes(site_id)))
    .map(({ id }) => id);
}

/** An asset travels with one kit, and a kit with none. */
async function requireFree({ tx, scope }: Asking, kitId: string, children: readonly string[]): Promise<void> {
  const problem = (detail: string): ApiProblem =>
    new ApiProblem('conflict', detail, { errors: [{ field: 'children_ids', problem: detail }] });
  if (children.includes(kitId)) throw problem('A kit is not its own child.');
  const clashes = await tx.$queryRaw<{ child_id: string; kit_id: string }[]>(sql`
    select child_id::text, kit_id::text from kit_child where tenant_id = ${scope.tenantId}::uuid
      and (child_id = ${kitId}::uuid or kit_id = any(${[...children]}::uuid[])
        or (child_id = any(${[...children]}::uuid[]) and kit_id <> ${kitId}::uuid))`);
  if (clashes.some(({ child_id }) => child_id === kitId)) throw problem('This asset is the child of a kit itself.');
  if (clashes.some(({ kit_id }) => children.includes(kit_id))) throw problem('One of the children is a kit itself.');
  if (clashes.length > 0) throw problem('One of the children belongs to another kit.');
}

interface Difference {
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

async function replaceChildren(asking: Asking, kit: AssetRow, { added, removed }: Difference): Promise<void> {
  if (added.length + removed.length === 0) return;
  const { tx, scope } = asking;
  await tx.$executeRaw(sql`
    delete from kit_child where tenant_id = ${scope.tenantId}::uuid and kit_id = ${kit.id}::uuid
      and child_id = any(${[...removed]}::uuid[])`);
  const made = await tx.$executeRaw(sql`
    insert into kit_child (tenant_id, kit_id, child_id)
    select ${scope.tenantId}::uuid, ${kit.id}::uuid, unnest(${[...added]}::uuid[]) on conflict do nothing`);
  if (made !== added.length) throw new ApiProblem('conflict', 'One of the children belongs to another kit.');
  const [left] = await tx.$queryRaw<{ count: number }[]>(sql`
    select count(*)::int as count from kit_child where tenant_id = ${scope.tenantId}::uuid and kit_id = ${kit.id}::uuid`);
  const id = (uuid: string): AssetId => idFromUuid('asset', uuid);
  const about = { siteId: kit.site_id };
  await recordChange(asking, {
    kind: 'kit.changed',
    data: { children: left?.count ?? 0, added: added.map(id), removed: removed.map(id) },
    assetId: kit.id,
    ...about,
  });
  const data = { kit: id(kit.id), kitName: kit.name };
  for (const child of added) await recordChange(asking, { kind: 'kit.child_added', data, assetId: child, ...about });
  for (const child of removed)
    await recordChange(asking, { kind: 'kit.child_removed', data, assetId: child, ...about });
}
