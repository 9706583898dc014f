import { nextChainOfBody, type Sha256 } from '@tagtrail/shared/chain/record-chain.js';
import { AppError, errorText, isAppError } from '@tagtrail/shared/error.js';
import type { TraceEvent } from '@tagtrail/shared/events/trace-event.js';
import type { Log } from '@tagtrail/shared/log/log.js';
import { type Clock, wallIso } from '@tagtrail/shared/time/clock.js';
import type { BatchReader, CachedRecord } from './batch-reader.js';
import type { Disk } from './disk.js';
import type { StampedDraft } from './group-commit.js';
import type { RecordIndex } from './record-index.js';
import { encodeBody, recordLimit, type SegmentHeader } from './segment.js';
import type { RecordPlace } from './segment-file.js';
import { createSegmentWriter, type LogHead } from './segment-writer.js';

export type JournalStatus =
  | { readonly status: 'ok' }
  /** Nothing can be recorded, so nothing may be unlocked; each further record tries again. */
  | { readonly status: 'full' | 'failing'; readonly since: string; readonly detail: string };

export interface AppenderOptions {
  readonly disk: Disk;
  readonly clock: Clock;
  readonly log: Log;
  readonly index: RecordIndex;
  readonly sha256: Sha256;
  readonly reader: Pick<BatchReader, 'remember'>;
  readonly header: Omit<SegmentHeader, 'first' | 'prev'>;
  readonly head: LogHead;
  readonly nextOrdinal: number;
  readonly segmentBytes: number;
  trimmable(active: string | undefined): readonly string[];
}

export interface Appender {
  head(): LogHead;
  status(): JournalStatus;
  /**
   * Gives the drafts their sequences and makes them durable together. Rejects with AppError
   * `journal.disk_full`, `journal.disk_error` or `journal.record_too_large`; then none of them counts.
   */
  append(drafts: readonly StampedDraft[]): Promise<readonly TraceEvent[]>;
  close(): Promise<void>;
}

/** The writing end of the journal. One append at a time. */
export function createAppender(options: AppenderOptions): Appender {
  const { disk, log, index, header, nextOrdinal, segmentBytes } = options;
  let head = options.head;
  let status: JournalStatus = { status: 'ok' };
  const writer = createSegmentWriter({
    ...{ disk, log, header, nextOrdinal, segmentBytes },
    trim: async (active) => {
      for (const name of options.trimmable(active)) {
        await disk.remove(name).catch((error) => log.warn({ name, error: errorText(error) }, 'journal.segment.kept'));
        index.forget(name);
      }
    },
  });

  const append = async (drafts: readonly StampedDraft[]): Promise<readonly TraceEvent[]> => {
    const { cached, chain } = chainRecords(drafts, head, options.sha256);
    const records = cached.map(({ body, prev }, i) => ({ body, prev, startsGroup: i === 0 }));
    const { name, places } = await writer.write(records, head);
    cached.forEach(({ event }, i) => {
      const { offset, end } = places[i] as RecordPlace;
      index.append(name, { seq: event.seq, offset, end, atMs: Date.parse(event.at) });
    });
    options.reader.remember(cached);
    head = { last: head.last + drafts.length, chain };
    return cached.map(({ event }) => event);
  };

  const noteRefusal = (refusal: AppError): void => {
    if (refusal.code === 'journal.record_too_large') return;
    const since = status.status === 'ok' ? wallIso(options.clock) : status.since;
    const kind = refusal.code === 'journal.disk_full' ? 'full' : 'failing';
    status = { status: kind, since, detail: refusal.message };
  };

  return {
    head: () => head,
    status: () => status,
    append: async (drafts) => {
      try {
        const events = await append(drafts);
        if (status.status !== 'ok') log.info({ was: status.status }, 'journal.disk.recovered');
        status = { status: 'ok' };
        return events;
      } catch (error) {
        log.error({ records: drafts.length, error: errorText(error) }, 'journal.records.refused');
        const refusal = refusalOf(error);
        noteRefusal(refusal);
        throw refusal;
      }
    },
    close: writer.close,
  };
}

function chainRecords(
  drafts: readonly StampedDraft[],
  head: LogHead,
  sha256: Sha256,
): { cached: readonly CachedRecord[]; chain: string } {
  let chain = head.chain;
  const cached = drafts.map((draft, i) => {
    const event: TraceEvent = { ...draft, seq: head.last + 1 + i };
    const body = encodeBody(event);
    if (body.length > recordLimit) throw recordTooLarge(event, body.length);
    const prev = chain;
    chain = nextChainOfBody(sha256, prev, body);
    return { event, body, prev };
  });
  return { cached, chain };
}

function recordTooLarge(event: TraceEvent, bytes: number): AppError {
  return new AppError('journal.record_too_large', 'a record is larger than the journal takes', {
    kind: 'bug',
    detail: { kind: event.kind, bytes },
  });
}

function refusalOf(cause: unknown): AppError {
  if (isAppError(cause, 'journal.record_too_large')) return cause;
  if (isAppError(cause, 'disk.full')) {
    return new AppError('journal.disk_full', 'the disk is full, so nothing can be recorded; free some space', {
      kind: 'operator',
      cause,
    });
  }
  return new AppError('journal.disk_error', 'the disk refuses to store records; it may have to be replaced', {
    kind: 'operator',
    cause,
  });
}
