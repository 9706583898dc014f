import { carryTagMoves } from '../assets/carry-tag-moves.js';
import type { EntryDraft } from '../store/entry-draft.js';
import type { SqlTransaction } from '../store/sql-transaction.js';

/**
 * Tags that somebody bound to an asset while these lines of them waited for the trail: what the lines say
 * counts for the asset. Runs with the head of the trail locked, which every binding takes before it looks
 * for lines: one of the two sees the other.
 */
export async function followLateBindings(
  tx: SqlTransaction,
  place: { readonly tenant: string; readonly atMs: number },
  drafts: readonly EntryDraft[],
): Promise<void> {
  const epcs = new Set<string>();
  for (const { status, assetId, data } of drafts) {
    const { epc } = data as { readonly epc?: unknown };
    if (status === 'accepted' && assetId === null && typeof epc === 'string') epcs.add(epc);
  }
  if (epcs.size === 0) return;
  const bound = await tx.$queryRaw<{ epc: string; asset: string }[]>`
    select epc, asset_id::text as asset from tag_binding
    where tenant_id = ${place.tenant}::uuid and unbound_at is null and epc = any(${[...epcs]}::text[])`;
  for (const { epc, asset } of bound)
    await carryTagMoves(tx, { ...place, actorId: null }, { epc, assetId: asset, sinceMs: place.atMs });
}
