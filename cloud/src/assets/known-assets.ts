import type { Asking } from '../api/context.js';
import { invalidReference } from '../api/problem.js';
import { referencedUuid } from '../api/request-ids.js';
import { sql } from '../store/sql.js';
import { assetJoins, assetsInScope } from './asset-row.js';

/** The UUIDs of assets of the scope that a body names in `field`. @throws ApiProblem `invalid-reference`. */
export async function knownAssets({ tx, scope }: Asking, ids: readonly string[], field: string): Promise<string[]> {
  const assets = [...new Set(ids.map((id) => referencedUuid('asset', id, field)))];
  const [found] = await tx.$queryRaw<{ count: number }[]>(sql`
    select count(*)::int as count from asset a ${assetJoins}
    where ${assetsInScope(scope)} and a.id = any(${assets}::uuid[])`);
  if (found?.count !== assets.length) throw invalidReference(field, 'asset');
  return assets;
}
