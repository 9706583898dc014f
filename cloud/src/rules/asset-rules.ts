import type { AssetRules } from '@tagtrail/shared/api/item-rule.js';
import type { Asking } from '../api/context.js';
import { readAssetRow } from '../assets/read-assets.js';
import { sql } from '../store/sql.js';
import { grantsOfAsset } from './read-grants.js';

interface RuleRow {
  readonly from: 'model' | 'group';
  readonly name: string;
  readonly two_person: boolean;
  readonly licences: readonly string[];
}

/** All that decides who may take one asset (UUID), each with where it comes from. @throws ApiProblem `not-found`. */
export async function readAssetRules(asking: Asking, id: string): Promise<AssetRules> {
  const { tx, scope } = asking;
  const asset = await readAssetRow(tx, scope, { id, atMs: asking.atMs });
  const rules = await tx.$queryRaw<RuleRow[]>(sql`
    select case when r.model is null then 'group' else 'model' end as "from", coalesce(r.model, r.group_name) as name,
      r.two_person, r.licences
    from item_rule r where r.tenant_id = ${scope.tenantId}::uuid
      and (r.model = ${asset.model} or r.group_name = any(${asset.groups}::text[]))
    order by r.model nulls last, r.group_name`);
  const own = { from: 'item', name: null } as const;
  const all = [{ ...own, two_person: asset.two_person, licences: asset.licences }, ...rules];
  return {
    licences: all.flatMap(({ from, name, licences }) => licences.map((licence) => ({ licence, from, name }))),
    two_person: all.filter((rule) => rule.two_person).map(({ from, name }) => ({ from, name })),
    groups: asset.groups,
    grants: await grantsOfAsset(asking, id),
  };
}
