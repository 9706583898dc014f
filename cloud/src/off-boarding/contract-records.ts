import { idFromUuid } from '@tagtrail/shared/ids.js';
import type { Store } from '../store/prisma.js';
import { sql } from '../store/sql.js';

/** What is left of a customer that has left. Days are ISO 8601 dates, times ISO 8601 in UTC. */
export interface ContractRecord {
  readonly tenant: string;
  readonly name: string;
  readonly contractEndedOn: string;
  /** The last day on which this record is kept. */
  readonly keptUntil: string;
  readonly removedAt: string;
  /** The receipt, a C2SP signed note. */
  readonly note: string;
}

/** The customers (UUIDs) of whom there is a record. */
export async function contractRecordTenants(store: Store): Promise<readonly string[]> {
  const rows = await store.global.$queryRaw<{ id: string }[]>(
    sql`select id::text as id from contract_record_tenants() as id`,
  );
  return rows.map(({ id }) => id);
}

/** The records of all customers that have left. */
export async function readContractRecords(store: Store): Promise<readonly ContractRecord[]> {
  const records: ContractRecord[] = [];
  for (const tenant of await contractRecordTenants(store)) {
    const rows = await store.readTenant(tenant, (tx) => tx.contractRecord.findMany({ where: { tenantId: tenant } }));
    for (const { name, contractEndedOn, keptUntil, removedAt, note } of rows) {
      records.push({
        tenant: idFromUuid('tenant', tenant),
        ...{ name, contractEndedOn: dayOf(contractEndedOn), keptUntil: dayOf(keptUntil) },
        ...{ removedAt: removedAt.toISOString(), note },
      });
    }
  }
  return records;
}

/** Takes away the records whose time is over at the wall time `atMs`; answers how many. */
export async function endContractRecords(store: Store, atMs: number): Promise<number> {
  let ended = 0;
  for (const tenant of await contractRecordTenants(store)) {
    const rows = await store.withTenant(tenant, (tx) =>
      tx.$queryRaw<{ ended: boolean }[]>(sql`select end_contract_record(${new Date(atMs)}) as ended`),
    );
    if (rows[0]?.ended === true) ended += 1;
  }
  return ended;
}

function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}
