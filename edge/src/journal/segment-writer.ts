import { errorText } from '@tagtrail/shared/error.js';
import type { Log } from '@tagtrail/shared/log/log.js';
import type { Disk } from './disk.js';
import { type RecordToWrite, recordSize, type SegmentHeader } from './segment.js';
import { beginSegment, type RecordPlace, type SegmentFile, segmentName } from './segment-file.js';

/** Where the next record stands: behind `last`, chained to `chain`. */
export interface LogHead {
  readonly last: number;
  readonly chain: string;
}

export interface SegmentWriterOptions {
  readonly disk: Disk;
  readonly log: Log;
  readonly header: Omit<SegmentHeader, 'first' | 'prev'>;
  readonly nextOrdinal: number;
  readonly segmentBytes: number;
  /** Called before a new segment is begun: by then there is space to gain. */
  trim(active: string | undefined): Promise<void>;
}

export interface SegmentWriter {
  /**
   * Makes the records durable as one group, in the segment at hand or in a new one. Rejects with
   * AppError `disk.full` or `disk.fault`; then none of them counts.
   */
  write(
    records: readonly RecordToWrite[],
    head: LogHead,
  ): Promise<{ readonly name: string; readonly places: readonly RecordPlace[] }>;
  close(): Promise<void>;
}

export function createSegmentWriter(options: SegmentWriterOptions): SegmentWriter {
  const { disk, log } = options;
  let ordinal = options.nextOrdinal;
  let active: SegmentFile | undefined;
  /** Begun, refused before anything in them counted, and not removed yet. */
  const refused: string[] = [];

  /**
   * Whole records of a refused group may stand in it. Once what overrules them has been let go, the next start
   * would take them for records, and what is missing behind them for a loss.
   */
  const removeRefused = async (): Promise<void> => {
    for (const name of refused.splice(0)) {
      await disk.remove(name).catch((error) => {
        log.warn({ name, error: errorText(error) }, 'journal.segment.kept');
        refused.push(name);
      });
    }
  };

  const begin = async (bytes: number, head: LogHead): Promise<SegmentFile> => {
    await removeRefused();
    await options.trim(active?.name);
    const header = { ...options.header, first: head.last + 1, prev: head.chain };
    const size = Math.max(options.segmentBytes, bytes + 1024);
    return beginSegment(disk, segmentName(ordinal++), { header, bytes: size });
  };

  const finish = async (): Promise<void> => {
    const done = active;
    active = undefined;
    await done?.finish().catch((error) => log.warn({ error: errorText(error) }, 'journal.segment.unfinished'));
  };

  /** Undefined when there is no segment to write to, or no longer. */
  const writeToActive = async (records: readonly RecordToWrite[]) => {
    if (active === undefined) return undefined;
    try {
      return { name: active.name, places: await active.append(records) };
    } catch (error) {
      // A refused sync is final for the file: the records go into a new one, once.
      log.error({ segment: active.name, error: errorText(error) }, 'journal.segment.abandoned');
      await active.abandon();
      active = undefined;
      return undefined;
    }
  };

  return {
    write: async (records, head) => {
      const bytes = records.reduce((sum, record) => sum + recordSize(record.body.length), 0);
      if (active?.hasRoomFor(bytes) === false) await finish();
      const written = await writeToActive(records);
      if (written !== undefined) return written;
      const fresh = await begin(bytes, head);
      try {
        const places = await fresh.append(records);
        active = fresh;
        return { name: fresh.name, places };
      } catch (error) {
        await fresh.abandon();
        refused.push(fresh.name);
        await removeRefused();
        throw error;
      }
    },
    close: finish,
  };
}
