import type { KeyObject } from 'node:crypto';
import { uuidFromId } from '@tagtrail/shared/ids.js';
import type { CabinetAddress } from '@tagtrail/shared/mqtt/topics.js';
import type { Clock } from '@tagtrail/shared/time/clock.js';
import { readEarlierKeys } from '../enrolment/announced-keys.js';
import type { Store } from '../store/prisma.js';
import { readPublicKey } from './verify.js';

/** What must be known of a cabinet to believe its messages; ids are UUIDs. */
export interface KnownCabinet {
  readonly tenant: string;
  readonly id: string;
  readonly siteId: string;
  readonly secretHash: string;
  readonly publicKey: KeyObject | undefined;
  /** Keys that it had before and that still verify what it sends again. */
  readonly earlierKeys: readonly KeyObject[];
  readonly revoked: boolean;
  /** The number of the last command that was sent to it. */
  readonly commandCounter: number;
}

export interface CabinetDirectory {
  /** Undefined for a cabinet that does not exist. At most four seconds old: within five, nothing of a revoked one is believed. */
  find(address: CabinetAddress): Promise<KnownCabinet | undefined>;
  /** Reads it again the next time: something about it has changed. */
  forget(address: CabinetAddress): void;
  /** As it is now: a key may have been replaced a moment ago. */
  findAnew(address: CabinetAddress): Promise<KnownCabinet | undefined>;
}

/** The keys that verify what the cabinet sends, newest first. */
export function keysOf({ publicKey, earlierKeys }: KnownCabinet): readonly KeyObject[] {
  return publicKey === undefined ? [] : [publicKey, ...earlierKeys];
}

const keepMs = 4_000;
const keepAtMost = 10_000;

export function createCabinetDirectory(store: Store, clock: Clock): CabinetDirectory {
  const kept = new Map<string, { readonly until: number; readonly cabinet: Promise<KnownCabinet | undefined> }>();

  async function read(tenant: string, id: string): Promise<KnownCabinet | undefined> {
    const found = await store.readTenant(tenant, async (tx) => {
      const row = await tx.cabinet.findUnique({ where: { tenantId_id: { tenantId: tenant, id } } });
      const earlierKeys = await readEarlierKeys(tx, { tenant, cabinet: id, atMs: clock.wallMs() });
      return row === null ? undefined : { row, earlierKeys };
    });
    if (found === undefined) return undefined;
    const { row, earlierKeys } = found;
    return {
      tenant,
      id,
      siteId: row.siteId,
      secretHash: row.secretHash,
      publicKey: readPublicKey(row.publicKey),
      earlierKeys,
      revoked: row.revokedAt !== null,
      commandCounter: row.commandCounter,
    };
  }

  const find: CabinetDirectory['find'] = (address) => {
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
  };

  return {
    find,
    forget: (address) => void kept.delete(`${address.tenant}/${address.cabinet}`),
    findAnew: (address) => {
      kept.delete(`${address.tenant}/${address.cabinet}`);
      return find(address);
    },
  };
}
