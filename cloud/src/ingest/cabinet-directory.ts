import type { KeyObject } from 'node:crypto';
import { uuidFromId } from '@tagtrail/shared/ids.js';
import type { CabinetAddress } from '@tagtrail/shared/mqtt/topics.js';
import type { Clock } from '@tagtrail/shared/time/clock.js';
import { arrayLiteral } from '../store/array-literal.js';
import type { Store } from '../store/prisma.js';
import { type GatheredRead, gatherReads } from './gathered-reads.js';
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
const readTogether = 500;

interface CabinetRow extends Omit<KnownCabinet, 'tenant' | 'publicKey' | 'earlierKeys'> {
  readonly publicKey: string;
  /** PEM, newest first. */
  readonly earlierKeys: readonly string[];
}

export function createCabinetDirectory(store: Store, clock: Clock): CabinetDirectory {
  const kept = new Map<string, { readonly until: number; readonly cabinet: Promise<KnownCabinet | undefined> }>();
  const reads = new Map<string, GatheredRead<KnownCabinet>>();
  const keys = new Map<string, KeyObject | undefined>();

  /** Reading a key takes longer than finding its cabinet; it changes only when it is replaced. */
  function keyOf(pem: string): KeyObject | undefined {
    if (keys.has(pem)) return keys.get(pem);
    if (keys.size >= keepAtMost) keys.clear();
    const key = readPublicKey(pem);
    keys.set(pem, key);
    return key;
  }

  async function readAll(tenant: string, ids: readonly string[]): Promise<ReadonlyMap<string, KnownCabinet>> {
    const rows = await store.readTenant(
      tenant,
      (tx) => tx.$queryRaw<CabinetRow[]>`/* kept */
        select c.id::text, c.site_id::text as "siteId", c.secret_hash as "secretHash", c.public_key as "publicKey",
          c.revoked_at is not null as revoked, c.command_counter as "commandCounter",
          array(select k.public_key from cabinet_earlier_key k where k.tenant_id = c.tenant_id and k.cabinet_id = c.id
            and k.valid_until > ${new Date(clock.wallMs())} order by k.replaced_at desc limit 8) as "earlierKeys"
        from cabinet c where c.tenant_id = ${tenant}::uuid and c.id = any(${arrayLiteral(ids)}::uuid[])`,
    );
    const known = rows.map((row) => ({
      ...{ ...row, tenant, publicKey: keyOf(row.publicKey) },
      earlierKeys: row.earlierKeys.flatMap((pem) => keyOf(pem) ?? []),
    }));
    return new Map(known.map((cabinet) => [cabinet.id, cabinet]));
  }

  function read(tenant: string, id: string): Promise<KnownCabinet | undefined> {
    if (reads.size >= keepAtMost) reads.clear();
    const ofTenant = reads.get(tenant) ?? gatherReads((ids) => readAll(tenant, ids), readTogether);
    reads.set(tenant, ofTenant);
    return ofTenant(id);
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
