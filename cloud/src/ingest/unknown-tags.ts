import { createHash } from 'node:crypto';
import { newUuid } from '@tagtrail/shared/ids.js';
import type { Random } from '@tagtrail/shared/random/random.js';
import type { EntryDraft } from '../store/entry-draft.js';
import type { SqlTransaction } from '../store/sql-transaction.js';

/**
 * Sets aside the tags that these lines saw and that no asset carries: one row for each tag, which
 * counts how often it was seen and knows where last. A tag that was rejected stays rejected; one that
 * was adopted and has lost its asset since is open again.
 */
export async function setTagsAside(
  tx: SqlTransaction,
  place: { readonly tenant: string; readonly atMs: number; readonly random: Random },
  drafts: readonly EntryDraft[],
): Promise<void> {
  const seen = new Map<string, { cabinet: string | null; times: number }>();
  for (const { kind, status, assetId, cabinetId, data } of drafts) {
    if (kind !== 'tag.unknown_seen' || status !== 'accepted' || assetId !== null) continue;
    const { epc } = data as { readonly epc: string };
    seen.set(epc, { cabinet: cabinetId, times: (seen.get(epc)?.times ?? 0) + 1 });
  }
  if (seen.size === 0) return;
  const at = new Date(place.atMs).toISOString();
  // In one order everywhere: two batches that see the same tags do not wait for each other.
  const rows = [...seen]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([epc, { cabinet, times }]) => ({
      id: newUuid(place.atMs, place.random),
      cabinet_id: cabinet,
      epc,
      times,
      digest: createHash('sha256').update(`unknown_tag\n${epc}`).digest('hex'),
    }));
  await tx.$executeRaw`
    insert into quarantine as q (tenant_id, id, at, last_at, occurrences, cabinet_id, reason, detail, epc, digest)
    select ${place.tenant}::uuid, id, ${at}::timestamptz, ${at}::timestamptz, times, cabinet_id, 'unknown_tag', epc, epc,
      digest
    from json_to_recordset(${JSON.stringify(rows)}::json) as row (id uuid, cabinet_id uuid, epc text, times int, digest text)
    on conflict (tenant_id, digest) do update set occurrences = q.occurrences + excluded.occurrences,
      last_at = excluded.last_at, cabinet_id = excluded.cabinet_id`;
  // A statement of its own: it sees a binding that was made while the one above waited for the row.
  await tx.$executeRaw`
    update quarantine q set state = 'open', at = last_at, asset_id = null, decided_by = null, decided_at = null, note = null
    where q.tenant_id = ${place.tenant}::uuid and q.epc = any(${[...seen.keys()]}::text[]) and q.state = 'adopted'
      and not exists (select 1 from tag_binding b
        where b.tenant_id = q.tenant_id and b.epc = q.epc and b.unbound_at is null)`;
}
