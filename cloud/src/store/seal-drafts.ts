import type { Json } from '@tagtrail/shared/chain/canonical.js';
import { type LeafLine, sealEntry } from '@tagtrail/shared/proof/entry-leaf.js';
import type { AppendTarget, EntryDraft } from './entry-draft.js';
import { newSalt, nodeHashing } from './hashing.js';

/** A draft with its index, its leaf (base64) and what opens the commitments in it. */
export interface SealedDraft extends EntryDraft {
  readonly index: number;
  readonly leaf: string;
  readonly salts: Readonly<Record<string, string>>;
  readonly commitments: Readonly<Record<string, string>>;
}

/** Gives drafts the indexes from `from` on, and their leaves. */
export function sealDrafts(
  target: AppendTarget & { readonly from: number },
  drafts: readonly EntryDraft[],
): readonly SealedDraft[] {
  return drafts.map((draft, offset) => {
    // The leaf covers what can be read back: of the cloud's own data, what JSON makes of it.
    const data = draft.source === 'cloud' ? JSON.parse(JSON.stringify(draft.data)) : draft.data;
    const row = { ...draft, data, index: target.from + offset };
    const { leaf, salts, commitments } = sealEntry(nodeHashing, leafLineOf(target, row), newSalt);
    return { ...row, leaf: Buffer.from(leaf).toString('base64'), salts, commitments };
  });
}

/** A line of the trail as its leaf covers it. */
export function leafLineOf(target: AppendTarget, row: EntryDraft & { readonly index: number }): LeafLine {
  return {
    tenant: target.tenant,
    index: row.index,
    recordedAt: instant(target.recordedAt),
    occurredAt: instant(row.occurredAt),
    effectiveAt: instant(row.effectiveAt),
    kind: row.kind,
    category: row.category,
    source: row.source,
    status: row.status,
    site: row.siteId,
    cabinet: row.cabinetId,
    asset: row.assetId,
    session: row.sessionId,
    order: row.orderId,
    logId: row.logId,
    seq: row.seq,
    actor: row.actorId,
    counterpart: row.counterpartId,
    chain: row.chain,
    origin: (row.origin ?? null) as Json,
    data: row.data as LeafLine['data'],
  };
}

/** The one spelling that a column of milliseconds gives back. */
function instant(text: string): string {
  return text.length === 24 && text.endsWith('Z') ? text : new Date(text).toISOString();
}
