import { nextChainOfBody, type Sha256 } from '@tagtrail/shared/chain/record-chain.js';
import type { TraceEvent } from '@tagtrail/shared/events/trace-event.js';
import type { Disk } from './disk.js';
import type { RecordIndex } from './record-index.js';
import { decodeRecord } from './segment.js';

export interface BatchLimits {
  readonly events: number;
  /** Of the events' canonical JSON together; one event is given even when it alone is larger. */
  readonly bytes: number;
}

/** Consecutive events with the chain values before the first and after the last of them. */
export interface JournalBatch {
  readonly from: number;
  readonly to: number;
  readonly prev: string;
  readonly chain: string;
  readonly events: readonly TraceEvent[];
}

export interface CachedRecord {
  readonly event: TraceEvent;
  readonly body: Uint8Array;
  readonly prev: string;
}

export interface BatchReader {
  readBatch(from: number, limits: BatchLimits): Promise<JournalBatch | undefined>;
  /** Keeps records that were just written, because the uplink asks for them next. */
  remember(records: readonly CachedRecord[]): void;
}

const cacheRecords = 1024;

export function createBatchReader(options: { disk: Disk; index: RecordIndex; sha256: Sha256 }): BatchReader {
  const { disk, index, sha256 } = options;
  let cache: CachedRecord[] = [];

  const batchOf = (records: readonly CachedRecord[], limits: BatchLimits): JournalBatch | undefined => {
    const first = records[0];
    if (first === undefined) return undefined;
    let bytes = 0;
    let take = 0;
    for (const { body } of records.slice(0, limits.events)) {
      bytes += body.length + 1;
      if (take > 0 && bytes > limits.bytes) break;
      take++;
    }
    const last = records[take - 1] ?? first;
    return {
      from: first.event.seq,
      to: last.event.seq,
      prev: first.prev,
      chain: nextChainOfBody(sha256, last.prev, last.body),
      events: records.slice(0, take).map(({ event }) => event),
    };
  };

  /** Reads no more of the file than the limits allow to be used. */
  const fromFile = async (from: number, limits: BatchLimits): Promise<readonly CachedRecord[]> => {
    const stored = index.find(from);
    if (stored === undefined) return [];
    const { name, run } = stored;
    const skip = from - run.first;
    const start = run.offsets[skip] as number;
    let stop = run.end;
    for (let i = skip + 1; i <= run.last - run.first; i++) {
      const offset = run.offsets[i] as number;
      if (i - skip > limits.events || offset - start > limits.bytes) {
        stop = offset;
        break;
      }
    }
    const file = await disk.open(name);
    try {
      return decodeAll(await file.read(start, stop - start));
    } finally {
      await file.close();
    }
  };

  return {
    readBatch: async (from, limits) => {
      const oldest = cache[0]?.event.seq;
      if (oldest !== undefined && from >= oldest) return batchOf(cache.slice(from - oldest), limits);
      return batchOf(await fromFile(from, limits), limits);
    },
    remember: (records) => {
      cache = [...cache, ...records].slice(-cacheRecords);
    },
  };
}

/** A record that went bad since the journal was opened ends the list. */
function decodeAll(bytes: Uint8Array): readonly CachedRecord[] {
  const records: CachedRecord[] = [];
  for (let at = 0; ; ) {
    const record = decodeRecord(bytes, at);
    if (record.kind !== 'record') return records;
    records.push({ event: record.event, body: record.body, prev: record.prev });
    at = record.end;
  }
}
