import type { TraceDraft } from '@tagtrail/shared/events/trace-event.js';
import type { SessionId } from '@tagtrail/shared/ids.js';
import type { MayOpen } from '@tagtrail/shared/rules/may-open.js';

/** Somebody showed who they are, by badge or by PIN. */
export interface Presented {
  readonly verdict: MayOpen;
  /** Goes on the trail when it counts; the session is added where there is one. */
  readonly accepted: TraceDraft;
  readonly freshSession: SessionId;
}
