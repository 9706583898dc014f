import type { Store } from '../store/prisma.js';
import type { KnownCabinet } from './cabinet-directory.js';
import type { StreamHead } from './plan-batch.js';

/** What the cloud has of a cabinet's log; undefined when it has never heard of it. */
export async function readStream(store: Store, cabinet: KnownCabinet, logId: string): Promise<StreamHead | undefined> {
  const key = { tenantId: cabinet.tenant, cabinetId: cabinet.id, logId };
  const row = await store.readTenant(cabinet.tenant, (tx) =>
    tx.stream.findUnique({ where: { tenantId_cabinetId_logId: key } }),
  );
  return row === null ? undefined : { nextSeq: Number(row.nextSeq), chain: row.chain };
}
