import type { Json } from '@tagtrail/shared/chain/canonical.js';
import { type LeafContent, type PreparedSeal, prepareSeal } from '@tagtrail/shared/proof/entry-leaf.js';
import type { AppendTarget, EntryDraft } from './entry-draft.js';
import { newSalt, nodeHashing } from './hashing.js';

/** Everything of the leaves of drafts that does not wait for their indexes. */
export function prepareSeals(target: AppendTarget, drafts: readonly EntryDraft[]): readonly PreparedSeal[] {
  return drafts.map((draft) => prepareSeal(nodeHashing, leafContentOf(target, draft), newSalt));
}

/** A line of the trail as its leaf covers it, but for its index. */
export function leafContentOf(target: AppendTarget, draft: EntryDraft): LeafContent {
  return {
    tenant: target.tenant,
    recordedAt: instant(target.recordedAt),
    occurredAt: instant(draft.occurredAt),
    effectiveAt: instant(draft.effectiveAt),
    kind: draft.kind,
    category: draft.category,
    source: draft.source,
    status: draft.status,
    site: draft.siteId,
    cabinet: draft.cabinetId,
    asset: draft.assetId,
    session: draft.sessionId,
    order: draft.orderId,
    logId: draft.logId,
    seq: draft.seq,
    actor: draft.actorId,
    counterpart: draft.counterpartId,
    chain: draft.chain,
    origin: (draft.origin ?? null) as Json,
    // The leaf covers what can be read back: of the cloud's own data, what JSON makes of it.
    data: (draft.source === 'cloud' ? JSON.parse(JSON.stringify(draft.data)) : draft.data) as LeafContent['data'],
  };
}

/** The one spelling that a column of milliseconds gives back. */
function instant(text: string): string {
  return text.length === 24 && text.endsWith('Z') ? text : new Date(text).toISOString();
}
