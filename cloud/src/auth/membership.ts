import type { Role } from '@tagtrail/shared/api/sign-in.js';
import type { Store } from '../store/prisma.js';
import { sql } from '../store/sql.js';
import type { Scope } from './scope.js';

interface MembershipRow {
  readonly tenant_id: string;
  readonly role: Role;
  readonly site_ids: string[];
  readonly all_sites: boolean;
}

/** What a user may do and see; undefined for a user whom no customer has granted anything. */
export async function findScope(store: Store, userId: string): Promise<Scope | undefined> {
  const rows = await store.readUser(userId, (tx) =>
    tx.$queryRaw<MembershipRow[]>(sql`
      select tenant_id::text, role, site_ids::text[], all_sites from membership
      where user_id = ${userId} order by created_at, tenant_id limit 1`),
  );
  const row = rows[0];
  if (row === undefined) return undefined;
  return { tenantId: row.tenant_id, userId, role: row.role, siteIds: row.all_sites ? null : row.site_ids };
}
