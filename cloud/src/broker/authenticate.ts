import { createHash, timingSafeEqual } from 'node:crypto';
import { isId } from '@tagtrail/shared/ids.js';
import type { CabinetAddress } from '@tagtrail/shared/mqtt/topics.js';

/** What a cabinet presents with its CONNECT. */
export interface Credentials {
  readonly clientId: string;
  readonly username: string | undefined;
  readonly password: Uint8Array | undefined;
}

/** What the cloud holds of it. */
export interface CabinetAccount {
  /** SHA-256 of the secret, hex. */
  readonly secretHash: string;
  readonly revoked: boolean;
}

/** Whom the credentials claim to be: user name `{tenant}/{cabinet}`, client id the cabinet's id. */
export function claimedAddress({ clientId, username }: Credentials): CabinetAddress | undefined {
  const [tenant, cabinet, ...more] = (username ?? '').split('/');
  if (tenant === undefined || cabinet === undefined || more.length > 0) return undefined;
  if (!isId('tenant', tenant) || !isId('cabinet', cabinet) || clientId !== cabinet) return undefined;
  return { tenant, cabinet };
}

/** Whether the secret fits; takes as long for a cabinet that does not exist. */
export function isAuthentic(credentials: Credentials, account: CabinetAccount | undefined): boolean {
  const given = createHash('sha256')
    .update(credentials.password ?? Buffer.alloc(0))
    .digest();
  const wanted = Buffer.from(account?.secretHash ?? '0'.repeat(64), 'hex');
  const fits = wanted.length === given.length && timingSafeEqual(wanted, given);
  return fits && account !== undefined && !account.revoked;
}
