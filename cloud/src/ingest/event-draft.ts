import type { Json } from '@tagtrail/shared/chain/canonical.js';
import { categoryOfTrace, type TraceEvent } from '@tagtrail/shared/events/trace-event.js';
import { uuidFromId } from '@tagtrail/shared/ids.js';
import type { EntryDraft } from '../store/entry-draft.js';
import { decodeEvent } from './decode.js';

/** An event in its stream, with all that the trail needs to know around it. */
export interface PlacedEvent {
  readonly event: Json;
  readonly seq: number;
  readonly chain: string;
  readonly effectiveAt: string;
  readonly stream: { readonly cabinetId: string; readonly siteId: string; readonly logId: string };
}

/** Finds the asset (UUID) of an event by what the cabinet named and by the tag. */
export type FindAsset = (named: string | undefined, epc: string | undefined) => string | null;

/** The EPC that a line is about. */
export function epcOf(event: TraceEvent): string | undefined {
  return 'epc' in event.data ? event.data.epc : undefined;
}

/** The line of the trail for a good event. */
export function acceptedDraft(placed: PlacedEvent, event: TraceEvent, findAsset: FindAsset): EntryDraft {
  const named = event.asset === undefined ? undefined : uuidFromId('asset', event.asset);
  const other = counterpartOf(event);
  const { stream, seq, chain, effectiveAt } = placed;
  // Every column by name: spread over an object for each event, they would cost as much as its checks.
  return {
    occurredAt: event.at,
    effectiveAt,
    kind: event.kind,
    category: categoryOfTrace[event.kind],
    source: 'cabinet',
    status: 'accepted',
    siteId: stream.siteId,
    cabinetId: stream.cabinetId,
    actorId: event.actor === undefined ? null : uuidFromId('person', event.actor),
    counterpartId: other === null ? null : uuidFromId('person', other),
    assetId: findAsset(named, epcOf(event)),
    sessionId: event.session === undefined ? null : uuidFromId('session', event.session),
    orderId: event.order === undefined ? null : uuidFromId('order', event.order),
    logId: stream.logId,
    seq,
    chain,
    data: event.data,
    origin: originOf(event),
  };
}

/** Every member of the event's envelope that has no column: with it the record can be put together again. */
function originOf({ boot, mono, asset, timeQuality, volatile }: TraceEvent): Readonly<Record<string, unknown>> {
  const origin: Record<string, unknown> = { boot, mono };
  if (asset !== undefined) origin['asset'] = asset;
  if (timeQuality !== undefined) origin['timeQuality'] = timeQuality;
  if (volatile !== undefined) origin['volatile'] = volatile;
  return origin;
}

/** The other person of a line: who had it, who gave it, who stood by. */
function counterpartOf(event: TraceEvent): string | null {
  switch (event.kind) {
    case 'asset.returned':
      return event.data.takenBy;
    case 'custody.handed_over':
      return event.data.from;
    case 'witness.confirmed':
      return event.data.beside;
    case 'search.started':
      return event.data.lastHolder;
    case 'search.closed':
      return event.data.witness ?? null;
    default:
      return null;
  }
}

/** The line that keeps the place of an event with bad content. */
export function quarantinedDraft({ stream, seq, chain, effectiveAt }: PlacedEvent, detail: string): EntryDraft {
  return {
    occurredAt: effectiveAt,
    effectiveAt,
    kind: 'event.quarantined',
    category: 'security',
    source: 'cabinet',
    status: 'quarantined',
    siteId: stream.siteId,
    cabinetId: stream.cabinetId,
    actorId: null,
    counterpartId: null,
    assetId: null,
    sessionId: null,
    orderId: null,
    logId: stream.logId,
    seq,
    chain,
    data: { stream: stream.logId, seq, reason: detail.slice(0, 200) },
    origin: null,
  };
}

/** The wall time that an event claims, for ordering; undefined when the content is bad. */
export function occurredMs(event: Json, seq: number): { readonly event: TraceEvent; readonly ms: number } | string {
  const decoded = decodeEvent(event, seq);
  return decoded.ok ? { event: decoded.value, ms: Date.parse(decoded.value.at) } : decoded.detail;
}
