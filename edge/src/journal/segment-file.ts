import type { Disk, DiskFile } from './disk.js';
import { encodeHeader, encodeRecords, type RecordToWrite, recordSize, type SegmentHeader } from './segment.js';

const suffix = '.journal';

/** Segments are named by the order in which they were begun, so that a listing sorts them. */
export function segmentName(ordinal: number): string {
  return `${String(ordinal).padStart(10, '0')}${suffix}`;
}

/** The ordinal in a segment's name, or undefined for any other file. */
export function ordinalOf(name: string): number | undefined {
  const match = /^([0-9]{10})\.journal$/.exec(name);
  return match === null ? undefined : Number(match[1]);
}

export interface RecordPlace {
  readonly offset: number;
  readonly end: number;
}

/** The segment that is being written. */
export interface SegmentFile {
  readonly name: string;
  /** True when a group of `bytes` still fits. */
  hasRoomFor(bytes: number): boolean;
  /**
   * Resolves when the records are on the medium. After a rejection the file must not be written
   * again: the kernel may have dropped the pages and call the next sync a success.
   */
  append(records: readonly RecordToWrite[]): Promise<readonly RecordPlace[]>;
  /** Gives back the space that was taken and not used. */
  finish(): Promise<void>;
  /** Closes after an error, without another word to the disk. */
  abandon(): Promise<void>;
}

/** A new segment, with its name and its header already safe. */
export async function beginSegment(
  disk: Disk,
  name: string,
  { header, bytes }: { header: SegmentHeader; bytes: number },
): Promise<SegmentFile> {
  const head = encodeHeader(header);
  const size = Math.max(bytes, head.length);
  const file = await disk.create(name, size);
  try {
    await file.write(0, head);
    await file.sync();
    await disk.syncDirectory();
  } catch (error) {
    await file.close().catch(() => {});
    await disk.remove(name).catch(() => {});
    throw error;
  }
  return segmentFile(name, file, { used: head.length, size });
}

function segmentFile(name: string, file: DiskFile, { used: start, size }: { used: number; size: number }): SegmentFile {
  let used = start;
  return {
    name,
    hasRoomFor: (bytes) => used + bytes <= size,
    append: async (records) => {
      const bytes = encodeRecords(records);
      await file.write(used, bytes);
      await file.sync();
      let at = used;
      used += bytes.length;
      return records.map((record) => {
        const offset = at;
        at += recordSize(record.body.length);
        return { offset, end: at };
      });
    },
    finish: async () => {
      await file.truncate(used);
      await file.sync();
      await file.close();
    },
    abandon: () => file.close().catch(() => {}),
  };
}
