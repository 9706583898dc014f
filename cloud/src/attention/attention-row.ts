import type { AttentionKind } from '@tagtrail/shared/api/attention.js';
import { idFromUuid } from '@tagtrail/shared/ids.js';

/** One thing that may need somebody, as it is found. Ids are UUIDs. */
export interface AttentionRow {
  readonly kind: AttentionKind;
  /** Tells several of a kind about the same thing apart: a device, a log, a reason. */
  readonly part: string;
  /** Since when it lasts, or when it happened last. */
  readonly since: Date;
  /** What changes when it happens again, where that is not `since`. */
  readonly change: string | null;
  readonly times: number;
  readonly asset_id: string | null;
  readonly asset_name: string | null;
  readonly cabinet_id: string | null;
  readonly cabinet_name: string | null;
  readonly site_id: string | null;
  readonly site_name: string | null;
  /** The line that says so. */
  readonly index: bigint | null;
  readonly reason: string | null;
}

/** The kind and what it is about. */
export function attentionId(row: AttentionRow): string {
  const { asset_id, cabinet_id } = row;
  const subject =
    asset_id !== null
      ? idFromUuid('asset', asset_id)
      : cabinet_id === null
        ? 'nobody'
        : idFromUuid('cabinet', cabinet_id);
  return [row.kind, subject, ...(row.part === '' ? [] : [row.part])].join(':');
}

export function attentionMark({ change, since }: AttentionRow): string {
  return change ?? since.toISOString();
}
