import { canonicalJson } from '@tagtrail/shared/chain/canonical.js';
import { idFromUuid } from '@tagtrail/shared/ids.js';
import { signNote } from '@tagtrail/shared/proof/signed-note.js';
import type { LogSigner } from '../proof/log-key.js';
import { sql, type Tx } from '../store/sql.js';
import { type RunRow, runView } from './retention-run.js';

/**
 * Signs the receipts of runs that have none yet; answers how many. A receipt is a C2SP signed note:
 * a line that says what it is, and the run as canonical JSON (RFC 8785).
 *
 * @param tenant UUID; `tx` is one of `withTenant` for it.
 */
export async function signReceipts(
  tx: Tx,
  target: { readonly tenant: string; readonly atMs: number },
  signer: LogSigner,
): Promise<number> {
  const { tenant, atMs } = target;
  const rows = await tx.$queryRaw<(RunRow & { first_index: bigint; last_index: bigint })[]>(sql`
    select r.id::text, r.category, r.site_key::text, r.action, r.before, r.entries, r.held, r.carried, r.version, r.source,
      r.reason, r.ran_at, r.index, r.first_index, r.last_index
    from retention_run r left join retention_receipt x on x.tenant_id = r.tenant_id and x.run_id = r.id
    where r.tenant_id = ${tenant}::uuid and x.run_id is null order by r.id`);
  for (const row of rows) {
    const receipt = {
      ...runView(row),
      tenant: idFromUuid('tenant', tenant),
      first_index: Number(row.first_index),
      last_index: Number(row.last_index),
    };
    const note = signNote(`tagtrail retention receipt v1\n${canonicalJson(receipt)}\n`, signer);
    await tx.$executeRaw(sql`
      insert into retention_receipt (tenant_id, run_id, note, signed_at)
      values (${tenant}::uuid, ${row.id}::uuid, ${note}, ${new Date(atMs)}) on conflict do nothing`);
  }
  return rows.length;
}
