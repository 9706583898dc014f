import { AppError, errorText, isAppError } from '@tagtrail/shared/error.js';
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
 * sequence that may still change, as only the disk gives one. With `refuse` this holds for what is
 * only brought back, because a return is never refused; all else is, until that has been saved.
 */
export function createVolatileRecords(options: VolatileRecordsOptions): VolatileRecords {
  const { clock, log } = options;
  const waiting: StampedDraft[] = [];
  const isReturn = createReturnTest();
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
  const offer = (): Promise<void> => {
    draining ??= drain()
      .catch((error) => log.debug({ error: errorText(error) }, 'journal.volatile.waiting'))
      .finally(() => {
        draining = undefined;
        later();
      });
    return draining;
  };
  const later = (): void => {
    if (stopped || waiting.length === 0) return;
    timer ??= clock.startTimer('journal.volatile', retryMs, () => {
      timer = undefined;
      void offer();
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
      const mayWait = isReturn(draft) || options.policy === 'memory';
      if (waiting.length > 0 && !mayWait) await offer();
      if (waiting.length === 0) {
        try {
          return await options.add(draft, urgency);
        } catch (error) {
          const isDisk = isAppError(error, 'journal.disk_full') || isAppError(error, 'journal.disk_error');
          if (!mayWait || !isDisk || waiting.length >= atMost) throw error;
        }
      }
      if (!mayWait) throw stillRefused();
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

/**
 * Knows what is recorded from the opening of a session for bringing back alone to its end: all of it,
 * because an inventory without the lines that stand beside it, some of them nobody's, would hide them.
 */
function createReturnTest(): (draft: StampedDraft) => boolean {
  let session: string | undefined;
  return (draft) => {
    if (draft.kind === 'session.opened') session = draft.data.returnOnly === undefined ? undefined : draft.session;
    const isOfReturn = session !== undefined;
    if (draft.kind === 'session.closed' && draft.session === session) session = undefined;
    return isOfReturn;
  };
}

function stillRefused(): AppError {
  return new AppError('journal.disk_full', 'the disk takes nothing, and returns wait to be recorded', {
    kind: 'operator',
  });
}
