import { AppError } from '@tagtrail/shared/error.js';
import type { TraceDraft } from '@tagtrail/shared/events/trace-event.js';
import type { Log } from '@tagtrail/shared/log/log.js';
import type { Recorder } from './recorder.js';

/** Tell of the cabinet's own condition, never of a tool or a person: the first to go when the disk gets full. */
const diagnostics: ReadonlySet<TraceDraft['kind']> = new Set([
  'device.lost',
  'device.restored',
  'clock.stepped',
  'tag.unknown_seen',
]);

export const diagnosticDropped = 'journal.diagnostic_dropped';

/**
 * A recorder that takes no diagnostics while the disk is short: they are rejected with AppError
 * `journal.diagnostic_dropped` and counted. Everything else passes.
 */
export function withoutDiagnostics(
  recorder: Recorder,
  { isShort, log }: { isShort(): boolean; readonly log: Log },
): Recorder {
  let dropped = 0;
  return {
    record: async (draft, urgency) => {
      if (!diagnostics.has(draft.kind) || !isShort()) return recorder.record(draft, urgency);
      dropped += 1;
      log.warn({ kind: draft.kind, dropped }, 'journal.diagnostic.dropped');
      throw new AppError(diagnosticDropped, 'the disk is nearly full, so diagnostics are not recorded', {
        kind: 'operator',
      });
    },
  };
}
