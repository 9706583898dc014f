import type { GroupView } from '@tagtrail/shared/api/group.js';
import type { Asking } from '../api/context.js';
import { assetJoins, assetsInScope } from '../assets/asset-row.js';
import { sql } from '../store/sql.js';

/** Groups as people, items, grants and rules name them, by name. */
export async function listGroups({ tx, scope }: Asking): Promise<{ data: GroupView[] }> {
  const data = await tx.$queryRaw<GroupView[]>(sql`
    with named as (
      select unnest(groups) as name, 1 as people, 0 as assets, 0 as rules
      from person where tenant_id = ${scope.tenantId}::uuid
      union all
      select unnest(a.groups), 0, 1, 0 from asset a ${assetJoins} where ${assetsInScope(scope)} and a.status <> 'retired'
      union all
      select group_name, 0, 0, 1 from take_grant where tenant_id = ${scope.tenantId}::uuid and group_name is not null
      union all
      select group_name, 0, 0, 1 from item_rule where tenant_id = ${scope.tenantId}::uuid and group_name is not null)
    select name, sum(people)::int as people, sum(assets)::int as assets, sum(rules)::int as rules
    from named group by name order by name`);
  return { data };
}
