import { chainGenesis, type Sha256 } from '@tagtrail/shared/chain/record-chain.js';
import type { TraceEvent } from '@tagtrail/shared/events/trace-event.js';
import type { Log } from '@tagtrail/shared/log/log.js';
import type { CabinetAddress } from '@tagtrail/shared/mqtt/topics.js';
import { type Random, randomBytes } from '@tagtrail/shared/random/random.js';
import { type Clock, wallIso } from '@tagtrail/shared/time/clock.js';
import { createAcknowledgementFile } from './acknowledgement.js';
import { createAppender, type JournalStatus } from './appender.js';
import { type BatchLimits, createBatchReader, type JournalBatch } from './batch-reader.js';
import type { Disk } from './disk.js';
import { markForked } from './fork-mark.js';
import { createGroupCommit } from './group-commit.js';
import { damageDraft, openLog } from './open-log.js';
import type { Recorder } from './recorder.js';
import { recordLimit } from './segment.js';
import { createVolatileRecords, type DiskFailurePolicy } from './volatile-records.js';

export interface JournalOptions {
  readonly disk: Disk;
  readonly clock: Clock;
  readonly random: Random;
  /** Identifies this run of the agent: 16 hexadecimal digits. */
  readonly boot: string;
  readonly identity: CabinetAddress;
  readonly sha256: Sha256;
  readonly log: Log;
  readonly segmentBytes?: number;
  /** How long an acknowledged record stays, so that a cloud restored from a backup can ask again. */
  readonly graceMs?: number;
  /** The disk is nearly full: what the cloud has confirmed is let go before its time. */
  readonly isShort?: () => boolean;
  /** What is to be told against the time of a record; undefined for nothing. */
  readonly timeQuality?: () => TraceEvent['timeQuality'];
  /** What happens while the disk takes nothing; `refuse` when not given. */
  readonly whenDiskFails?: DiskFailurePolicy;
}

export interface Journal extends Recorder {
  /** The id of the log, 32 hexadecimal digits; the same for as long as its files live. */
  readonly logId: string;
  /** The last confirmed sequence (0 for none) and the chain value after it. */
  head(): { readonly last: number; readonly chain: string };
  acknowledged(): number;
  /** The first sequence that can still be read; one more than the last for an empty log. */
  first(): number;
  /**
   * Consecutive confirmed events from `from` on, at least one and within the limits; undefined when
   * `from` is not there. Rejects with AppError `disk.fault`.
   */
  readBatch(from: number, limits: BatchLimits): Promise<JournalBatch | undefined>;
  /** The chain value after `seq`, or undefined when it cannot be told. */
  chainAfter(seq: number): Promise<string | undefined>;
  /** Every readable event from `from` on, in order. */
  replay(from?: number): AsyncGenerator<TraceEvent, void, undefined>;
  /** The cloud has committed everything up to `upTo`. Ignored when it goes back or beyond the last record. */
  acknowledge(upTo: number): void;
  pending(): { readonly count: number; readonly oldestAt: string | null };
  status(): JournalStatus;
  /** Records that are in memory only, because the disk takes nothing. */
  volatileRecords(): number;
  /**
   * The cloud knows another history under the numbers of this log: the next opening of the journal
   * keeps it aside and goes on in a new one. Rejects with AppError `disk.full` or `disk.fault`.
   */
  declareFork(): Promise<void>;
  /** Calls `listen` whenever records became durable. */
  onAppended(listen: (last: number) => void): void;
  /** Resolves when everything that was handed in is durable or refused. */
  flush(): Promise<void>;
  /** Flushes and gives unused space back; later records are refused with `journal.closed`. */
  close(): Promise<void>;
}

const defaults = { segmentBytes: 4 * 1024 * 1024, graceMs: 30 * 86_400_000 } as const;

/**
 * Opens the journal of a cabinet: append-only, gapless, each record chained to the one before.
 * It is also the outbox: the uplink reads what the cloud has not acknowledged.
 * @throws AppError `journal.foreign`, `disk.full` or `disk.fault`.
 */
export async function openJournal(options: JournalOptions): Promise<Journal> {
  const { disk, clock, identity, sha256, log, boot } = options;
  const graceMs = options.graceMs ?? defaults.graceMs;
  const stamp = () => ({ at: wallIso(clock), mono: Math.floor(clock.monotonicMs()), boot });
  const opened = await openLog({
    ...{ disk, identity, sha256, log },
    newLogId: () => Buffer.from(randomBytes(options.random, 16)).toString('hex'),
    declare: (draft) => ({ seq: 1, ...stamp(), ...draft }),
  });
  const { id, index } = opened;
  const acknowledgement = createAcknowledgementFile({ disk, logId: id, upTo: opened.acknowledged, log });
  const reader = createBatchReader({ disk, index, sha256 });
  const listeners: ((last: number) => void)[] = [];
  /** The last full count of this run; a start knows what is inside from it and from what came after. */
  let countedAt = 0;
  const appender = createAppender({
    ...{ disk, clock, log, index, sha256, reader },
    header: { v: 1, ...identity, log: id },
    head: { last: opened.last, chain: opened.chain ?? chainGenesis },
    nextOrdinal: opened.nextOrdinal,
    segmentBytes: options.segmentBytes ?? defaults.segmentBytes,
    trimmable: (active) => {
      const keepMs = options.isShort?.() === true ? 0 : graceMs;
      // Without its last count the cabinet would not know what it holds, nor go on under the numbers of its log.
      const doneWith = Math.min(acknowledgement.upTo(), countedAt - 1);
      return index.trimmable(active, doneWith, clock.wallMs() - keepMs);
    },
  });
  const commit = createGroupCommit({
    clock,
    write: async (events) => {
      const recorded = await appender.append(events);
      countedAt = recorded.findLast(({ kind }) => kind === 'inventory.settled')?.seq ?? countedAt;
      for (const listen of listeners) listen(appender.head().last);
      return recorded;
    },
  });
  const memory = createVolatileRecords({
    ...{ policy: options.whenDiskFails ?? 'refuse', clock, log, add: commit.add },
    lastSeq: () => appender.head().last,
  });
  const record: Recorder['record'] = (draft, urgency) => {
    const timeQuality = options.timeQuality?.();
    return memory.add({ ...draft, ...stamp(), ...(timeQuality === undefined ? {} : { timeQuality }) }, urgency);
  };
  for (const damage of opened.undeclared) {
    await record(damageDraft(damage, 'records that the cloud has confirmed are lost here'), 'now').catch(() => {});
  }
  return {
    logId: id,
    record,
    head: appender.head,
    acknowledged: acknowledgement.upTo,
    first: () => index.first() ?? appender.head().last + 1,
    readBatch: reader.readBatch,
    chainAfter: (seq) => chainAfter(seq, { head: appender.head(), reader }),
    replay: (from = 1) => replay(from, { index, reader }),
    acknowledge: (upTo) => {
      if (upTo <= appender.head().last) acknowledgement.raise(upTo);
    },
    pending: () => {
      const range = { from: acknowledgement.upTo() + 1, to: appender.head().last };
      const oldest = index.atOrAfter(range.from);
      const atMs = oldest === undefined ? undefined : index.atMs(oldest);
      return { count: index.count(range), oldestAt: atMs === undefined ? null : new Date(atMs).toISOString() };
    },
    declareFork: () => markForked(disk, id),
    status: appender.status,
    volatileRecords: memory.waiting,
    onAppended: (listen) => {
      listeners.push(listen);
    },
    flush: commit.flush,
    close: async () => {
      await memory.stop();
      await commit.close();
      await appender.close();
      await acknowledgement.settled();
    },
  };
}

type Reader = ReturnType<typeof createBatchReader>;

async function chainAfter(seq: number, { head, reader }: { head: { last: number; chain: string }; reader: Reader }) {
  if (seq === head.last) return head.chain;
  if (seq === 0) return chainGenesis;
  if (seq > head.last) return undefined;
  return (await reader.readBatch(seq, { events: 1, bytes: recordLimit }))?.chain;
}

async function* replay(
  from: number,
  { index, reader }: { index: { atOrAfter(seq: number): number | undefined }; reader: Reader },
): AsyncGenerator<TraceEvent, void, undefined> {
  for (let next = index.atOrAfter(from); next !== undefined; ) {
    const batch = await reader.readBatch(next, { events: 1000, bytes: recordLimit });
    if (batch === undefined) return;
    yield* batch.events;
    next = index.atOrAfter(batch.to + 1);
  }
}
