import type { Asking } from '../api/context.js';
import { invalidReference } from '../api/problem.js';
import { referencedUuid } from '../api/request-ids.js';
import { seesSite } from '../auth/scope.js';
import { sql } from '../store/sql.js';

export interface HomeCabinet {
  readonly id: string;
  readonly siteId: string;
}

/**
 * The cabinet that a request names as an asset's home; null for none. Users who see single sites
 * have to name one of theirs, or they would lose sight of the asset.
 * @throws ApiProblem `invalid-reference` for a cabinet outside the scope.
 */
export async function findHome({ tx, scope }: Asking, id: string | null): Promise<HomeCabinet | null> {
  if (id === null) {
    if (scope.siteIds !== null) throw invalidReference('home_cabinet_id', 'cabinet of your sites');
    return null;
  }
  const uuid = referencedUuid('cabinet', id, 'home_cabinet_id');
  const rows = await tx.$queryRaw<{ site_id: string }[]>(
    sql`select site_id::text from cabinet where tenant_id = ${scope.tenantId}::uuid and id = ${uuid}::uuid`,
  );
  const row = rows[0];
  if (row === undefined || !seesSite(scope, row.site_id)) throw invalidReference('home_cabinet_id', 'cabinet');
  return { id: uuid, siteId: row.site_id };
}
