import { createHash, type KeyObject, verify } from 'node:crypto';
import type { TraceEvent } from '@tagtrail/shared/events/trace-event.js';
import { idFromUuid } from '@tagtrail/shared/ids.js';
import { keyProofText } from '@tagtrail/shared/mqtt/messages.js';
import { readPublicKey } from '../ingest/verify.js';
import { sql } from '../store/sql.js';
import type { SqlTransaction } from '../store/sql-transaction.js';

/** How long a key that was replaced still verifies: what a cabinet sends again was signed by the key of that time. */
export const overlapMs = 30 * 86_400_000;

export interface Announcement {
  readonly tenant: string;
  readonly cabinet: string;
  readonly event: TraceEvent;
  readonly atMs: number;
}

/**
 * Puts a key in force that a cabinet announced in a batch signed by the one before; that one stays
 * valid for the overlap. A key that proves nothing is left out: the line stays in the trail.
 */
export async function takeAnnouncedKey(
  tx: SqlTransaction,
  { tenant, cabinet, event, atMs }: Announcement,
): Promise<void> {
  const fresh = provenKey({ tenant, cabinet, event });
  if (fresh === undefined) return;
  const pem = fresh.export({ type: 'spki', format: 'pem' }).toString();
  const rows = await tx.$queryRaw<{ public_key: string }[]>(sql`
    select public_key from cabinet where tenant_id = ${tenant}::uuid and id = ${cabinet}::uuid for update`);
  const before = rows[0] === undefined ? undefined : readPublicKey(rows[0].public_key);
  if (before === undefined || fingerprintOf(before) === fingerprintOf(fresh)) return;
  await tx.$executeRaw(sql`
    insert into cabinet_earlier_key (tenant_id, cabinet_id, fingerprint, public_key, replaced_at, valid_until)
    values (${tenant}::uuid, ${cabinet}::uuid, ${fingerprintOf(before)}, ${rows[0]?.public_key ?? ''},
      ${new Date(atMs)}, ${new Date(atMs + overlapMs)})
    on conflict do nothing`);
  await tx.$executeRaw(sql`
    update cabinet set public_key = ${pem} where tenant_id = ${tenant}::uuid and id = ${cabinet}::uuid`);
}

function provenKey({ tenant, cabinet, event }: Omit<Announcement, 'atMs'>): KeyObject | undefined {
  if (event.kind !== 'key.rotated') return undefined;
  const { publicKey, proof } = event.data;
  const key = readPublicKey(publicKey);
  const signature = Buffer.from(proof, 'base64url');
  const address = { tenant: idFromUuid('tenant', tenant), cabinet: idFromUuid('cabinet', cabinet) };
  const text = Buffer.from(keyProofText({ ...address, publicKey }));
  return key !== undefined && signature.length === 64 && verify(null, text, key, signature) ? key : undefined;
}

function fingerprintOf(key: KeyObject): string {
  return createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex');
}
