import type { Reference } from '@tagtrail/shared/api/common.js';
import type { EntryView } from '@tagtrail/shared/api/entry.js';
import type { DataCategory } from '@tagtrail/shared/events/trace-event.js';
import { type IdPrefix, idFromUuid } from '@tagtrail/shared/ids.js';
import { isPersonalDataField } from '@tagtrail/shared/proof/personal-fields.js';
import { isHistory } from '../store/history.js';

/** An entry with the names of what it refers to, as the query in `read-entries.ts` selects it. */
export interface EntryRow {
  readonly index: bigint;
  readonly kind: string;
  readonly category: DataCategory;
  readonly source: 'cabinet' | 'cloud';
  readonly status: 'accepted' | 'quarantined';
  readonly occurred_at: Date;
  readonly recorded_at: Date;
  readonly site_id: string | null;
  readonly site_name: string | null;
  readonly cabinet_id: string | null;
  readonly cabinet_name: string | null;
  readonly actor_id: string | null;
  readonly actor_name: string | null;
  readonly asset_id: string | null;
  readonly asset_name: string | null;
  readonly counterpart_id: string | null;
  readonly counterpart_name: string | null;
  readonly session_id: string | null;
  readonly order_id: string | null;
  readonly seq: bigint | null;
  readonly data: Record<string, unknown>;
  readonly time_quality: string | null;
  /** Its time is over and the customer's rule takes the people out of it, done or not. */
  readonly unnamed: boolean;
}

const lateAfterMs = 60_000;

/** The one way an entry is shown: in feeds, timelines, sessions and live. */
export function entryView(row: EntryRow): EntryView {
  const hidden = row.unnamed;
  return {
    index: Number(row.index),
    kind: row.kind,
    category: row.category,
    source: row.source,
    time: row.occurred_at.toISOString(),
    received_at: row.recorded_at.toISOString(),
    late: row.recorded_at.getTime() - row.occurred_at.getTime() > lateAfterMs,
    ...(isHistory(row) ? { history: true } : {}),
    status: row.status,
    site: referenceOf('site', row.site_id, row.site_name),
    cabinet: referenceOf('cabinet', row.cabinet_id, row.cabinet_name),
    actor: hidden ? null : referenceOf(row.source === 'cloud' ? 'user' : 'person', row.actor_id, row.actor_name),
    asset: referenceOf('asset', row.asset_id, row.asset_name),
    counterpart: hidden ? null : referenceOf('person', row.counterpart_id, row.counterpart_name),
    session: row.session_id === null ? null : idFromUuid('session', row.session_id),
    order: row.order_id === null ? null : idFromUuid('order', row.order_id),
    sequence: row.seq === null ? null : Number(row.seq),
    data: hidden ? withoutPeople(row.data) : row.data,
  };
}

/** An id with the name a person reads; null where there is no id. */
export function referenceOf(prefix: IdPrefix, uuid: string | null, name: string | null): Reference | null {
  return uuid === null ? null : { id: idFromUuid(prefix, uuid), name };
}

function withoutPeople(data: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(data).filter(([name]) => !isPersonalDataField(name)));
}
