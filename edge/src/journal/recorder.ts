import type { TraceDraft, TraceEvent } from '@tagtrail/shared/events/trace-event.js';

/**
 * How the agent makes something a fact. The promise resolves when the record is on the disk
 * (`fdatasync`), and only then may anything be shown, unlocked or sent on its strength.
 */
export interface Recorder {
  /**
   * `now` syncs at once (a session before its unlock); `grouped` shares a sync with its
   * neighbours of the next few milliseconds. Records become durable in call order.
   * Rejects with AppError `journal.disk_full` or `journal.disk_error`.
   */
  record(draft: TraceDraft, urgency: 'now' | 'grouped'): Promise<TraceEvent>;
}
