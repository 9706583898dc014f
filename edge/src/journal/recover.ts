import { nextChainOfBody, type Sha256 } from '@tagtrail/shared/chain/record-chain.js';
import type { TraceEvent } from '@tagtrail/shared/events/trace-event.js';
import { type DecodedRecord, decodeHeader, decodeRecord, recordLimit, type SegmentHeader } from './segment.js';

/** Both ends belong to the range. */
export interface SeqRange {
  readonly from: number;
  readonly to: number;
}

/** Records of consecutive sequences that stand one behind the other in one file. */
export interface Run {
  readonly first: number;
  last: number;
  /** Where each record begins in the file. */
  readonly offsets: number[];
  /** Wall time of each record. */
  readonly atMs: number[];
  /** Where the last record ends. */
  end: number;
  /** The chain value before `first`, and after `last`. */
  readonly prev: string;
  chain: string;
  /** True when a record in it begins a synced group: proof that all before it had been confirmed. */
  startsGroup: boolean;
}

export interface ScannedSegment {
  readonly header: SegmentHeader | undefined;
  /** More than one when something between them cannot be read. */
  readonly runs: readonly Run[];
  /** Losses that a `journal.damaged` record in this segment has already declared. */
  readonly declared: readonly SeqRange[];
  /** One behind the last byte that is not zero. */
  readonly usedBytes: number;
  /** Of the used bytes, those that belong to neither the header nor a readable record. */
  readonly unreadableBytes: number;
}

/** Everything in a segment that can be trusted, whatever happened to the file. Never throws. */
export function scanSegment(file: Uint8Array, sha256: Sha256): ScannedSegment {
  const bytes = file.subarray(0, usedBytes(file));
  const head = decodeHeader(bytes);
  const runs: Run[] = [];
  const declared: SeqRange[] = [];
  let lastBody: Uint8Array | undefined;
  let lastPrev = '';
  const finishRun = (): void => {
    const run = runs.at(-1);
    if (run !== undefined && lastBody !== undefined) run.chain = nextChainOfBody(sha256, lastPrev, lastBody);
  };
  let readableBytes = head?.end ?? 0;
  let at = readableBytes;
  while (at < bytes.length) {
    const record = decodeRecord(bytes, at);
    const run = runs.at(-1);
    if (record.kind !== 'record' || (run !== undefined && record.event.seq <= run.last)) {
      at = nextCandidate(bytes, at + 1);
      continue;
    }
    if (run !== undefined && record.event.seq === run.last + 1 && run.end === at) {
      extendRun(run, record, at);
    } else {
      finishRun();
      runs.push(newRun(record, at));
    }
    declared.push(...declaredBy(record.event));
    lastBody = record.body;
    lastPrev = record.prev;
    readableBytes += record.end - at;
    at = record.end;
  }
  finishRun();
  const unreadableBytes = bytes.length - readableBytes;
  return { header: head?.header, runs, declared, usedBytes: bytes.length, unreadableBytes };
}

export interface SegmentOnDisk {
  readonly name: string;
  readonly scanned: ScannedSegment;
}

export interface RecoveredLog {
  /** Readable runs in sequence order, each with the file that holds it. */
  readonly pieces: readonly { readonly name: string; readonly run: Run }[];
  /** Sequences that had been confirmed, cannot be read, and were not declared before. */
  readonly damaged: readonly SeqRange[];
  /** The last sequence that can be read, 0 for none, and the chain value after it. */
  readonly last: number;
  readonly chain: string | undefined;
}

/**
 * Puts the segments of one log together, oldest first. A segment overrules what earlier ones hold
 * from its first record on: it was begun because an earlier file had refused to sync them.
 * What is unreadable at the very end, with nothing confirmed behind it, was never confirmed itself:
 * a torn tail, and simply left out. Unreadable with confirmed records behind it is damage.
 */
export function recoverLog(segments: readonly SegmentOnDisk[]): RecoveredLog {
  const pieces: { name: string; run: Run }[] = [];
  const damaged: SeqRange[] = [];
  const declared = segments.flatMap(({ scanned }) => scanned.declared);
  const filled = segments.filter(({ scanned }) => scanned.runs.length > 0);
  let last: number | undefined;
  filled.forEach(({ name, scanned }, i) => {
    const overruledFrom = filled[i + 1]?.scanned.runs[0]?.first ?? Number.POSITIVE_INFINITY;
    const runs = i === filled.length - 1 ? provenRuns(scanned) : scanned.runs;
    const begin = scanned.header?.first;
    if (last === undefined && begin !== undefined) last = begin - 1;
    for (const whole of runs) {
      const run = cutRun(whole, overruledFrom);
      if (run === undefined) continue;
      const lost = { from: (last ?? run.first - 1) + 1, to: run.first - 1 };
      if (lost.from <= lost.to && !isDeclared(declared, lost)) damaged.push(lost);
      pieces.push({ name, run });
      last = run.last;
    }
  });
  const emptyHead = segments.at(-1)?.scanned.header;
  const end = pieces.at(-1)?.run;
  if (end !== undefined) return { pieces, damaged, last: end.last, chain: end.chain };
  return { pieces, damaged, last: emptyHead === undefined ? 0 : emptyHead.first - 1, chain: emptyHead?.prev };
}

/**
 * The runs up to the last one that holds a proof of having been confirmed. The first needs none
 * when it begins where the segment does: nothing before it is missing.
 */
function provenRuns({ header, runs }: ScannedSegment): readonly Run[] {
  let keep = runs[0]?.first === header?.first ? 1 : 0;
  runs.forEach((run, i) => {
    if (run.startsGroup) keep = i + 1;
  });
  return runs.slice(0, keep);
}

/** `run` without what a later segment has written again; undefined when nothing is left. */
function cutRun(run: Run, overruledFrom: number): Run | undefined {
  if (run.last < overruledFrom) return run;
  const keep = overruledFrom - run.first;
  if (keep <= 0) return undefined;
  return {
    ...run,
    last: overruledFrom - 1,
    offsets: run.offsets.slice(0, keep),
    atMs: run.atMs.slice(0, keep),
    end: run.offsets[keep] ?? run.end,
  };
}

function isDeclared(declared: readonly SeqRange[], lost: SeqRange): boolean {
  return declared.some((range) => range.from <= lost.from && range.to >= lost.to);
}

type Found = Extract<DecodedRecord, { kind: 'record' }>;

function newRun({ event, end, prev, startsGroup }: Found, at: number): Run {
  const times = { offsets: [at], atMs: [Date.parse(event.at)] };
  return { first: event.seq, last: event.seq, ...times, end, prev, chain: '', startsGroup };
}

function extendRun(run: Run, { event, end, startsGroup }: Found, at: number): void {
  run.last = event.seq;
  run.offsets.push(at);
  run.atMs.push(Date.parse(event.at));
  run.end = end;
  if (startsGroup) run.startsGroup = true;
}

function declaredBy(event: TraceEvent): readonly SeqRange[] {
  return event.kind === 'journal.damaged' ? [{ from: event.data.fromSeq, to: event.data.toSeq }] : [];
}

/** The next offset from `at` on whose length field could be one; most garbage is ruled out by it alone. */
function nextCandidate(bytes: Uint8Array, at: number): number {
  for (let i = at; i + 8 <= bytes.length; i++) {
    const length =
      ((bytes[i + 4] as number) |
        ((bytes[i + 5] as number) << 8) |
        ((bytes[i + 6] as number) << 16) |
        ((bytes[i + 7] as number) << 24)) &
      0x7fff_ffff;
    if (length > 32 && length <= recordLimit + 32) return i;
  }
  return bytes.length;
}

function usedBytes(bytes: Uint8Array): number {
  let used = bytes.length;
  while (used > 0 && bytes[used - 1] === 0) used--;
  return used;
}
