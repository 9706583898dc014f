import { idFromUuid } from '@tagtrail/shared/ids.js';
import type { CustodyFacts } from '@tagtrail/shared/rules/custody-facts.js';
import type { Transaction } from '../store/prisma.js';

/** Who holds what at the wall time `atMs`, in the order of the items. */
export async function readCustody(tx: Transaction, tenant: string, atMs: number): Promise<CustodyFacts> {
  const rows = await tx.$queryRaw<{ asset: string; holder: string | null; since: Date }[]>`
    select c.asset_id::text as asset, c.holder_id::text as holder, c.since
    from custody c
    join tag_binding b on b.tenant_id = c.tenant_id and b.asset_id = c.asset_id and b.unbound_at is null
    where c.tenant_id = ${tenant}::uuid and c.state = 'out' order by c.asset_id`;
  return {
    v: 1,
    tenant: idFromUuid('tenant', tenant),
    asOf: new Date(atMs).toISOString(),
    out: rows.map(({ asset, holder, since }) => ({
      asset: idFromUuid('asset', asset),
      person: holder === null ? null : idFromUuid('person', holder),
      since: since.toISOString(),
    })),
  };
}
