import type { DataCategory } from '@tagtrail/shared/events/trace-event.js';

/** One line of the trail before it has its index. Ids are UUIDs, times ISO 8601 in UTC. */
export interface EntryDraft {
  readonly occurredAt: string;
  readonly effectiveAt: string;
  readonly kind: string;
  readonly category: DataCategory;
  readonly source: 'cabinet' | 'cloud';
  readonly status: 'accepted' | 'quarantined';
  readonly siteId: string | null;
  readonly cabinetId: string | null;
  readonly actorId: string | null;
  readonly counterpartId: string | null;
  readonly assetId: string | null;
  readonly sessionId: string | null;
  readonly orderId: string | null;
  readonly logId: string | null;
  readonly seq: number | null;
  readonly chain: string | null;
  readonly data: unknown;
  readonly origin: unknown;
}

export interface AppendTarget {
  /** UUID; the transaction must be one of `withTenant` for it. */
  readonly tenant: string;
  /** When the cloud records it, ISO 8601 in UTC. */
  readonly recordedAt: string;
}
