import { AppError } from '@tagtrail/shared/error.js';
import { type CloudEventData, type CloudEventKind, categoryOfCloud } from '@tagtrail/shared/events/cloud-event.js';
import type { AppendTarget, EntryDraft } from './entry-draft.js';
import { insertEntries, prepareInsert } from './insert-entries.js';
import type { SqlTransaction } from './sql-transaction.js';

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
  tx: SqlTransaction,
  target: AppendTarget,
  drafts: readonly EntryDraft[],
): Promise<AppendedRange> {
  const prepared = prepareInsert(target, drafts);
  const head = await tx.$queryRaw<{ first: bigint }[]>`/* kept */
    update tenant_head set next_index = next_index + ${drafts.length}
    where tenant_id = ${target.tenant}::uuid returning next_index - ${drafts.length} as first`;
  const first = head[0]?.first;
  if (first === undefined) {
    throw new AppError('store.tenant_unknown', 'There is no such customer.', { kind: 'peer' });
  }
  const from = Number(first);
  const to = from + drafts.length - 1;
  if (drafts.length > 0) await insertEntries(tx, prepared, from);
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
  tx: SqlTransaction,
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
