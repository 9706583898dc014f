import type { EntryDraft } from './entry-draft.js';

/** Where an asset is, with the cabinet's line that it rests on. Ids are UUIDs. */
export interface CarriedCustody {
  readonly asset_id: string;
  readonly holder_id: string | null;
  readonly cabinet_id: string | null;
  readonly session_id: string | null;
  readonly site_id: string | null;
  readonly state: 'in' | 'out' | 'unknown';
  readonly disputed: boolean;
  readonly moved: boolean;
  readonly effective_at: Date;
  readonly log_id: string;
  readonly seq: bigint;
}

/** The line that says it again, for the custody fold to take in the place of the cabinet's. */
export function carriedLine(custody: CarriedCustody): EntryDraft {
  const at = custody.effective_at.toISOString();
  return {
    occurredAt: at,
    effectiveAt: at,
    kind: 'custody.carried',
    category: 'custody',
    source: 'cloud',
    status: 'accepted',
    siteId: custody.site_id,
    cabinetId: custody.cabinet_id,
    actorId: null,
    counterpartId: custody.holder_id,
    assetId: custody.asset_id,
    sessionId: custody.session_id,
    orderId: null,
    logId: custody.log_id,
    seq: Number(custody.seq),
    chain: null,
    data: { state: custody.state, disputed: custody.disputed, moved: custody.moved },
    origin: null,
  };
}
