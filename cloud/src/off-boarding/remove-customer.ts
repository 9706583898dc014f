import { canonicalJson } from '@tagtrail/shared/chain/canonical.js';
import { AppError } from '@tagtrail/shared/error.js';
import { idFromUuid } from '@tagtrail/shared/ids.js';
import { noteKeyText, signNote } from '@tagtrail/shared/proof/signed-note.js';
import type { LogSigner } from '../proof/log-key.js';
import { sql, type Tx } from '../store/sql.js';
import { readOffBoardingRow } from './read-off-boarding.js';

/** What stays of a customer, as the receipt says it. */
export interface Removed {
  /** Rows that went, by table. */
  readonly rows: Readonly<Record<string, number>>;
  readonly note: string;
}

/**
 * Everything of the customer (UUID) goes, in one transaction, and the record of the contract takes its place with a
 * receipt: a C2SP signed note of a line that says what it is, and the counts and the last checkpoint as canonical
 * JSON (RFC 8785). `tx` is one of `withTenant` for it. The database looks itself whether it may.
 * @throws AppError `off_boarding.not_asked`; the database's `check_violation` while something still stands against it.
 */
export async function removeCustomer(
  tx: Tx,
  { tenant, atMs }: { readonly tenant: string; readonly atMs: number },
  signer: LogSigner,
): Promise<Removed> {
  const at = new Date(atMs);
  await tx.$executeRaw(sql`select check_holds()`);
  const row = await readOffBoardingRow(tx, tenant);
  const own = await tx.tenant.findUnique({ where: { id: tenant } });
  if (row === undefined || own === null) {
    throw new AppError('off_boarding.not_asked', 'Nobody has asked that this customer leaves.', { kind: 'bug' });
  }
  const last = await tx.checkpoint.findFirst({ where: { tenantId: tenant }, orderBy: { size: 'desc' } });
  const cabinets = await tx.cabinet.count({ where: { tenantId: tenant } });
  const [removed] = await tx.$queryRaw<{ rows: Record<string, number> }[]>(sql`select remove_customer(${at}) as rows`);
  const rows = removed?.rows ?? {};
  const receipt = {
    tenant: idFromUuid('tenant', tenant),
    name: own.name,
    contract_ended_on: row.contract_ends_on,
    kept_until: keptUntil(row.contract_ends_on, row.record_days),
    removed_at: at.toISOString(),
    rows,
    ...{ users: row.users ?? 0, cabinets, unreached: row.unreached ?? 0 },
    key: noteKeyText(signer.key),
    checkpoint: last?.note ?? null,
  };
  const note = signNote(`tagtrail off-boarding receipt v1\n${canonicalJson(receipt)}\n`, signer);
  await tx.$executeRaw(sql`
    insert into contract_record (tenant_id, name, contract_ended_on, kept_until, removed_at, note)
    values (${tenant}::uuid, ${own.name}, ${row.contract_ends_on}::date, ${receipt.kept_until}::date, ${at}, ${note})`);
  return { rows, note };
}

/** The last day on which the record is kept; both are ISO 8601 dates. */
export function keptUntil(contractEndsOn: string, recordDays: number): string {
  return new Date(Date.parse(`${contractEndsOn}T00:00:00.000Z`) + recordDays * 86_400_000).toISOString().slice(0, 10);
}
