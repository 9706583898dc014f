import type { CloudEventData, CloudEventKind } from '@tagtrail/shared/events/cloud-event.js';
import type { Asking } from '../api/context.js';
import { appendCloudEvent } from '../store/trail.js';

export interface Change<K extends CloudEventKind> {
  readonly kind: K;
  readonly data: CloudEventData<K>;
  readonly siteId?: string | null;
  readonly cabinetId?: string | null;
  readonly assetId?: string | null;
  /** The person it is about. */
  readonly personId?: string | null;
}

/**
 * Writes what a user did into the trail, in the transaction that does it; answers the index. Call
 * it after the changes: the trail's lock then lasts only until the commit.
 */
export async function recordChange<K extends CloudEventKind>(asking: Asking, change: Change<K>): Promise<number> {
  return await appendCloudEvent(asking.tx, {
    tenant: asking.scope.tenantId,
    at: new Date(asking.atMs).toISOString(),
    kind: change.kind,
    data: change.data,
    actorId: asking.scope.userId,
    siteId: change.siteId ?? null,
    cabinetId: change.cabinetId ?? null,
    assetId: change.assetId ?? null,
    counterpartId: change.personId ?? null,
  });
}
