import { errorText, isAppError } from '@tagtrail/shared/error.js';
import type { TraceEvent } from '@tagtrail/shared/events/trace-event.js';
import type { Log } from '@tagtrail/shared/log/log.js';
import type { Clock, Timer } from '@tagtrail/shared/time/clock.js';
import type { GroupCommit, StampedDraft } from './group-commit.js';

/** What happens while the disk takes nothing: nobody gets in, or the cabinet goes on and remembers in memory. */
export type DiskFailurePolicy = 'refuse' | 'memory';

export interface VolatileRecords {
  add: GroupCommit['add'];
  /** How many records a power cut would take with it. */
  waiting(): number;
  /** Offers the disk what waits a last time. */
  stop(): Promise<void>;
}

export interface VolatileRecordsOptions {
  readonly policy: DiskFailurePolicy;
  readonly clock: Clock;
  readonly log: Log;
  readonly add: GroupCommit['add'];
  /** The last confirmed sequence. */
  lastSeq(): number;
}

const atMost = 10_000;
const retryMs = 5_000;

/**
 * With the policy `memory`, records that the disk refuses stay here, marked `volatile`, until it
 * takes them again: in order, in front of what comes later. What they are answered with has a
 * sequence that may still change, as only the disk gives one.
 */
export function createVolatileRecords(options: VolatileRecordsOptions): VolatileRecords {
  const { clock, log } = options;
  const waiting: StampedDraft[] = [];
  let timer: Timer | undefined;
  let stopped = false;
  let draining: Promise<void> | undefined;

  const drain = async (): Promise<void> => {
    for (let first = waiting[0]; first !== undefined; first = waiting[0]) {
      await options.add(first, 'now');
      waiting.shift();
    }
    log.info({}, 'journal.volatile.saved');
  };
  const later = (): void => {
    if (stopped || waiting.length === 0) return;
    timer ??= clock.startTimer('journal.volatile', retryMs, () => {
      timer = undefined;
      draining ??= drain()
        .catch((error) => log.debug({ error: errorText(error) }, 'journal.volatile.waiting'))
        .finally(() => {
          draining = undefined;
          later();
        });
    });
  };
  const keep = (draft: StampedDraft): TraceEvent => {
    const kept = { ...draft, volatile: true as const };
    waiting.push(kept);
    if (waiting.length === 1) log.error({}, 'journal.volatile.began');
    later();
    return { ...kept, seq: options.lastSeq() + waiting.length };
  };

  return {
    add: async (draft, urgency) => {
      if (waiting.length === 0) {
        try {
          return await options.add(draft, urgency);
        } catch (error) {
          const isDisk = isAppError(error, 'journal.disk_full') || isAppError(error, 'journal.disk_error');
          if (options.policy === 'refuse' || !isDisk || waiting.length >= atMost) throw error;
        }
      }
      if (waiting.length >= atMost) return options.add(draft, urgency);
      return keep(draft);
    },
    waiting: () => waiting.length,
    stop: async () => {
      stopped = true;
      timer?.cancel();
      await draining;
      if (waiting.length > 0) await drain().catch(() => log.error({ lost: waiting.length }, 'journal.volatile.lost'));
    },
  };
}
