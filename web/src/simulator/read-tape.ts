import type { ReadBatch } from '@tagtrail/shared/simulator/control-protocol.js';

export interface TapeRead {
  readonly epc: string;
  readonly antenna: number;
  readonly rssiDbm: number;
  readonly atMs: number;
}

/** How much of the past the tape shows. */
export const tapeMs = 10_000;
const mostReads = 8_000;

/** The raw reads of the last seconds, oldest first, bounded. */
export interface ReadTape {
  /** `atMs` is the page's monotonic time at which the batch came. */
  add(batch: ReadBatch, atMs: number): void;
  reads(nowMs: number): readonly TapeRead[];
  /** Reads of an antenna in the last second. */
  perSecond(antenna: number, nowMs: number): number;
  total(): number;
}

export function createReadTape(): ReadTape {
  let reads: TapeRead[] = [];
  let total = 0;
  const forget = (nowMs: number): void => {
    const first = reads.findIndex((read) => read.atMs >= nowMs - tapeMs);
    reads = first < 0 ? [] : reads.slice(Math.max(first, reads.length - mostReads));
  };
  return {
    add: (batch, atMs) => {
      total += batch.reads.length + batch.leftOut;
      for (const { agoMs, epc, antenna, rssiDbm } of batch.reads)
        reads.push({ epc, antenna, rssiDbm, atMs: atMs - agoMs });
      forget(atMs);
    },
    reads: (nowMs) => {
      forget(nowMs);
      return reads;
    },
    perSecond: (antenna, nowMs) =>
      reads.filter((read) => read.antenna === antenna && read.atMs > nowMs - 1_000 && read.atMs <= nowMs).length,
    total: () => total,
  };
}
