import type { SealedLine } from './entry-leaf.js';
import type { ExportHeader, SubtreesLine } from './export-format.js';

/** Holds what an export leaves out against the receipts of retention and against what was asked for. */
export interface AbsenceCheck {
  leave(line: SubtreesLine): void;
  take(line: SealedLine): void;
  /** The first index that is left out without a reason that holds; undefined when there is none. */
  unexplained(): number | undefined;
}

interface Span {
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
}

export function createAbsenceCheck(header: ExportHeader): AbsenceCheck {
  const isNarrowed = header.person !== null || Object.values(header.filter).some((value) => value !== null);
  const absent: Span[] = [];
  const receipts: (Span & { readonly entries: number })[] = [];
  let lastRecordedAt = '';
  let first: number | undefined;
  let wrong: number | undefined;

  return {
    leave: ({ from, to, reason }) => {
      if (reason === 'absent') absent.push({ from, to });
      if (reason === 'absent' || isNarrowed) return;
      if (reason === 'filtered' || header.expiredBefore === null) wrong ??= from;
      // What stands in front of an expired entry was recorded earlier still.
      else if (lastRecordedAt === '') first ??= from;
      else if (lastRecordedAt >= header.expiredBefore) wrong ??= from;
    },
    take: (line) => {
      // Nothing stands in front of the first entry: only what follows it says that it is old enough.
      if (first !== undefined && lastRecordedAt === '' && line.recordedAt >= (header.expiredBefore ?? ''))
        wrong ??= first;
      if (line.recordedAt > lastRecordedAt) lastRecordedAt = line.recordedAt;
      const { action, firstIndex, lastIndex, entries } = line.data;
      if (line.kind !== 'retention.run' || action !== 'delete') return;
      if (typeof firstIndex !== 'number' || typeof lastIndex !== 'number' || typeof entries !== 'number') return;
      receipts.push({ from: firstIndex, to: lastIndex + 1, entries });
    },
    unexplained: () => wrong ?? unaccounted(absent, receipts),
  };
}

function unaccounted(
  absent: readonly Span[],
  receipts: readonly (Span & { readonly entries: number })[],
): number | undefined {
  const covered = merged(receipts);
  let missing = 0;
  for (const { from, to } of absent) {
    missing += to - from;
    if (!covered.some((span) => span.from <= from && to <= span.to)) return from;
  }
  const deleted = receipts.reduce((sum, { entries }) => sum + entries, 0);
  return missing > deleted ? absent[0]?.from : undefined;
}

function merged(spans: readonly Span[]): readonly Span[] {
  const result: { from: number; to: number }[] = [];
  for (const { from, to } of [...spans].sort((a, b) => a.from - b.from)) {
    const last = result.at(-1);
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to);
    else result.push({ from, to });
  }
  return result;
}
