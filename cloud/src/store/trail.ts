import { AppError } from '@tagtrail/shared/error.js';
import { type CloudEventData, type CloudEventKind, categoryOfCloud } from '@tagtrail/shared/events/cloud-event.js';
import type { AppendTarget, EntryDraft } from './entry-draft.js';
import type { Transaction } from './prisma.js';
import { sealDrafts } from './seal-drafts.js';

/** The channel that tells of new entries; its payload is a `TrailNotice` as JSON. */
export const entryChannel = 'tagtrail_entry';
/** The channel that tells of changed cabinet states; its payload is a `CabinetNotice` as JSON. */
export const cabinetChannel = 'tagtrail_cabinet';

/** Entries `from..to` of a customer (UUID) have been committed. */
export interface TrailNotice {
  readonly tenant: string;
  readonly from: number;
  readonly to: number;
}

/** The states of these cabinets (UUIDs) have changed. */
export interface CabinetNotice {
  readonly tenant: string;
  readonly cabinets: readonly string[];
}

/** The indexes that were given, both inclusive. */
export interface AppendedRange {
  readonly from: number;
  readonly to: number;
}

/**
 * Adds entries to the customer's trail with the next dense indexes. The row lock on the head lasts
 * until the transaction ends, so indexes become visible in their order and without holes. Take it
 * last: what comes after it in the transaction runs alone for the customer.
 * @throws AppError `store.tenant_unknown`.
 */
export async function appendEntries(
  tx: Transaction,
  target: AppendTarget,
  drafts: readonly EntryDraft[],
): Promise<AppendedRange> {
  const head = await tx.$queryRaw<{ first: bigint }[]>`
    update tenant_head set next_index = next_index + ${drafts.length}
    where tenant_id = ${target.tenant}::uuid returning next_index - ${drafts.length} as first`;
  const first = head[0]?.first;
  if (first === undefined) {
    throw new AppError('store.tenant_unknown', 'There is no such customer.', { kind: 'peer' });
  }
  const from = Number(first);
  const to = from + drafts.length - 1;
  if (drafts.length === 0) return { from, to };
  const rows = JSON.stringify(sealDrafts({ ...target, from }, drafts));
  const notice: TrailNotice = { tenant: target.tenant, from, to };
  await tx.$executeRaw`
    insert into entry (tenant_id, index, recorded_at, occurred_at, effective_at, kind, category, source, status,
      site_id, cabinet_id, actor_id, counterpart_id, asset_id, session_id, order_id, log_id, seq, chain, data, origin,
      leaf, salts, commitments)
    select ${target.tenant}::uuid, index, ${target.recordedAt}::timestamptz, "occurredAt", "effectiveAt", kind, category,
      source, status, "siteId", "cabinetId", "actorId", "counterpartId", "assetId", "sessionId", "orderId", "logId",
      seq, chain, data, origin, decode(leaf, 'base64'), salts, commitments
    from json_to_recordset(${rows}::json) as draft (index bigint, "occurredAt" timestamptz, "effectiveAt" timestamptz,
      kind text, category text, source text, status text, "siteId" uuid, "cabinetId" uuid, "actorId" uuid,
      "counterpartId" uuid, "assetId" uuid, "sessionId" uuid, "orderId" uuid, "logId" text, seq bigint, chain text,
      data jsonb, origin jsonb, leaf text, salts jsonb, commitments jsonb)`;
  await tx.$queryRaw`select pg_notify(${entryChannel}, ${JSON.stringify(notice)})::text`;
  return { from, to };
}

/** One of the cloud's own events; all ids are UUIDs, `at` is ISO 8601 in UTC. */
export interface CloudEvent<K extends CloudEventKind> {
  readonly tenant: string;
  readonly at: string;
  readonly kind: K;
  readonly data: CloudEventData<K>;
  /** The signed-in user who did it; absent for the cloud's own jobs. */
  readonly actorId?: string | null;
  readonly siteId?: string | null;
  readonly cabinetId?: string | null;
  readonly assetId?: string | null;
  /** The person it is about. */
  readonly counterpartId?: string | null;
}

/** Adds one of the cloud's own events to the trail and answers its index. */
export async function appendCloudEvent<K extends CloudEventKind>(
  tx: Transaction,
  event: CloudEvent<K>,
): Promise<number> {
  const range = await appendEntries(tx, { tenant: event.tenant, recordedAt: event.at }, [cloudEntry(event)]);
  return range.from;
}

/** The draft of one of the cloud's own events, to append together with others. */
export function cloudEntry<K extends CloudEventKind>(event: CloudEvent<K>): EntryDraft {
  return {
    occurredAt: event.at,
    effectiveAt: event.at,
    kind: event.kind,
    category: categoryOfCloud[event.kind],
    source: 'cloud',
    status: 'accepted',
    siteId: event.siteId ?? null,
    cabinetId: event.cabinetId ?? null,
    actorId: event.actorId ?? null,
    counterpartId: event.counterpartId ?? null,
    assetId: event.assetId ?? null,
    sessionId: null,
    orderId: null,
    logId: null,
    seq: null,
    chain: null,
    data: event.data,
    origin: null,
  };
}
