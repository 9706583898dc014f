import type { EntryDraft } from '@tagtrail/cloud/store/entry-draft.js';

/** A committed line of the trail, and the event as it arrived. */
export interface CloudEntry extends EntryDraft {
  readonly index: number;
  readonly tenant: string;
  readonly event: Readonly<Record<string, unknown>>;
}
