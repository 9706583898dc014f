import type { KeyObject } from 'node:crypto';
import { uuidFromId } from '@tagtrail/shared/ids.js';
import type { CabinetAddress } from '@tagtrail/shared/mqtt/topics.js';
import type { Clock } from '@tagtrail/shared/time/clock.js';
import type { Store } from '../store/prisma.js';
import { readPublicKey } from './verify.js';

/** What must be known of a cabinet to believe its messages; ids are UUIDs. */
export interface KnownCabinet {
  readonly tenant: string;
  readonly id: string;
  readonly siteId: string;
  readonly secretHash: string;
  readonly publicKey: KeyObject | undefined;
  readonly revoked: boolean;
}

export interface CabinetDirectory {
  /** Undefined for a cabinet that does not exist. At most five seconds old. */
  find(address: CabinetAddress): Promise<KnownCabinet | undefined>;
}

const keepMs = 5_000;
const keepAtMost = 10_000;

export function createCabinetDirectory(store: Store, clock: Clock): CabinetDirectory {
  const kept = new Map<string, { readonly until: number; readonly cabinet: Promise<KnownCabinet | undefined> }>();

  async function read(tenant: string, id: string): Promise<KnownCabinet | undefined> {
    const row = await store.readTenant(tenant, (tx) =>
      tx.cabinet.findUnique({ where: { tenantId_id: { tenantId: tenant, id } } }),
    );
    if (row === null) return undefined;
    return {
      tenant,
      id,
      siteId: row.siteId,
      secretHash: row.secretHash,
      publicKey: readPublicKey(row.publicKey),
      revoked: row.revokedAt !== null,
    };
  }

  return {
    find: (address) => {
      const key = `${address.tenant}/${address.cabinet}`;
      const now = clock.monotonicMs();
      const found = kept.get(key);
      if (found !== undefined && found.until > now) return found.cabinet;
      if (kept.size >= keepAtMost) kept.clear();
      const cabinet = read(uuidFromId('tenant', address.tenant), uuidFromId('cabinet', address.cabinet));
      kept.set(key, { until: now + keepMs, cabinet });
      // One that does not exist yet may be created in the next moment.
      void cabinet.then(
        (known) => known ?? kept.delete(key),
        () => kept.delete(key),
      );
      return cabinet;
    },
  };
}
