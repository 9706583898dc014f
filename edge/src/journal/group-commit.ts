import { AppError } from '@tagtrail/shared/error.js';
import type { TraceDraft, TraceEvent } from '@tagtrail/shared/events/trace-event.js';
import type { Clock, Timer } from '@tagtrail/shared/time/clock.js';

/** A draft with its times; the sequence is given inside the durable append. */
export type StampedDraft = TraceDraft & { readonly at: string; readonly mono: number; readonly boot: string };

const groupLimits = { records: 64, waitMs: 5 } as const;

export interface GroupCommit {
  add(draft: StampedDraft, urgency: 'now' | 'grouped'): Promise<TraceEvent>;
  flush(): Promise<void>;
  close(): Promise<void>;
}

interface Waiting {
  readonly draft: StampedDraft;
  readonly urgent: boolean;
  readonly resolve: (event: TraceEvent) => void;
  readonly reject: (error: unknown) => void;
}

export interface GroupCommitOptions {
  readonly clock: Clock;
  /** Makes a group durable as one; rejects for the group as a whole. */
  write(drafts: readonly StampedDraft[]): Promise<readonly TraceEvent[]>;
}

/**
 * Shares one sync of the disk among records that come close together. A group leaves when it has 64
 * records, when its oldest has waited 5 ms, or at once when one of them is urgent. Groups are
 * written one after the other, in the order in which the records came.
 */
export function createGroupCommit({ clock, write }: GroupCommitOptions): GroupCommit {
  const queue: Waiting[] = [];
  let timer: Timer | undefined;
  let overdue = false;
  let closed = false;
  let writing: Promise<void> | undefined;

  const due = (): boolean =>
    queue.length >= groupLimits.records || (queue.length > 0 && overdue) || queue.some((one) => one.urgent);

  const writeGroup = async (): Promise<void> => {
    const group = queue.splice(0, groupLimits.records);
    if (queue.length === 0) overdue = false;
    try {
      const events = await write(group.map((one) => one.draft));
      group.forEach((one, i) => {
        one.resolve(events[i] as TraceEvent);
      });
    } catch (error) {
      for (const one of group) one.reject(error);
    }
  };

  const drain = async (): Promise<void> => {
    while (due()) await writeGroup();
  };

  const pump = (): void => {
    if (writing !== undefined) return;
    if (due()) {
      timer?.cancel();
      timer = undefined;
      writing = drain().finally(() => {
        writing = undefined;
        pump();
      });
    } else if (queue.length > 0 && timer === undefined) {
      timer = clock.startTimer('journal.group', groupLimits.waitMs, () => {
        timer = undefined;
        overdue = true;
        pump();
      });
    }
  };

  const flush = async (): Promise<void> => {
    while (queue.length > 0 || writing !== undefined) {
      overdue = true;
      pump();
      await writing;
    }
    overdue = false;
  };

  return {
    add: (draft, urgency) => {
      if (closed) return Promise.reject(journalClosed(draft));
      return new Promise((resolve, reject) => {
        queue.push({ draft, urgent: urgency === 'now', resolve, reject });
        pump();
      });
    },
    flush,
    close: async () => {
      closed = true;
      await flush();
    },
  };
}

function journalClosed(draft: StampedDraft): AppError {
  return new AppError('journal.closed', 'the agent is stopping and records nothing more', {
    kind: 'operator',
    detail: { kind: draft.kind },
  });
}
