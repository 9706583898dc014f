import { createHash } from 'node:crypto';
import type { QuarantineReason as ApiReason } from '@tagtrail/shared/api/quarantine.js';
import { newUuid } from '@tagtrail/shared/ids.js';
import type { Random } from '@tagtrail/shared/random/random.js';
import type { SqlTransaction } from '../store/sql-transaction.js';

/** What a message or an event is set aside for; tags and cabinets that are not known have their own doors. */
export type QuarantineReason = Exclude<ApiReason, 'unknown_tag' | 'unknown_cabinet'>;

/** Something that arrived and could not be believed; ids are UUIDs. */
export interface Suspect {
  readonly cabinetId: string;
  readonly logId: string | null;
  readonly seq: number | null;
  readonly reason: QuarantineReason;
  readonly detail: string;
  /** What arrived; the first 8 KiB are kept. */
  readonly payload: Uint8Array | string;
}

const keptBytes = 8192;

/**
 * Sets suspects aside. The same thing again raises a count. Answers how many are new.
 */
export async function quarantine(
  tx: SqlTransaction,
  place: { readonly tenant: string; readonly atMs: number; readonly random: Random },
  suspects: readonly Suspect[],
): Promise<number> {
  if (suspects.length === 0) return 0;
  const at = new Date(place.atMs).toISOString();
  const byDigest = new Map(suspects.map((suspect) => [digestOf(suspect), suspect]));
  const rows = [...byDigest].map(([digest, suspect]) => ({
    id: newUuid(place.atMs, place.random),
    cabinet_id: suspect.cabinetId,
    log_id: suspect.logId,
    seq: suspect.seq,
    reason: suspect.reason,
    detail: plainText(suspect.detail),
    payload: keptPayload(suspect.payload),
    digest,
  }));
  const stored = await tx.$queryRaw<{ fresh: boolean }[]>`
    insert into quarantine as q (tenant_id, id, at, last_at, cabinet_id, log_id, seq, reason, detail, payload, digest)
    select ${place.tenant}::uuid, id, ${at}::timestamptz, ${at}::timestamptz, cabinet_id, log_id, seq, reason, detail,
      payload, digest
    from json_to_recordset(${JSON.stringify(rows)}::json) as row (id uuid, cabinet_id uuid, log_id text, seq bigint,
      reason text, detail text, payload jsonb, digest text)
    on conflict (tenant_id, digest) do update set occurrences = q.occurrences + 1, last_at = excluded.last_at
    returning occurrences = 1 as fresh`;
  return stored.filter((row) => row.fresh).length;
}

function digestOf(suspect: Suspect): string {
  const hash = createHash('sha256');
  hash.update(`${suspect.cabinetId}\n${suspect.logId ?? ''}\n${suspect.seq ?? ''}\n${suspect.reason}\n`);
  // A forked or badly signed batch is one case, whatever its later resends contain.
  if (suspect.reason !== 'fork' && suspect.reason !== 'bad_signature') hash.update(suspect.payload);
  return hash.digest('hex');
}

/** The first 8 KiB of what arrived, as the database can hold them. */
export function keptPayload(payload: Uint8Array | string): { readonly text: string } {
  return { text: plainText(payloadText(payload)) };
}

function payloadText(payload: Uint8Array | string): string {
  return typeof payload === 'string'
    ? payload.slice(0, keptBytes)
    : Buffer.from(payload.subarray(0, keptBytes)).toString();
}

function plainText(text: string): string {
  return text.replaceAll('\u0000', '\uFFFD').replace(/\p{Surrogate}/gu, '\uFFFD');
}
