import type { EntryView } from '../api/entry.js';

/** What a list has to know of a line. */
export interface TrailLine {
  readonly index: number;
}

/**
 * The newest lines of the trail as one browser knows them. Folding in any patch twice, late or
 * in another order ends in the same list: the lines are the highest `limit` of all that came, and
 * what was never delivered shows as a hole.
 */
export interface TrailList<Line extends TrailLine = EntryView> {
  readonly limit: number;
  /** Ascending by index. */
  readonly entries: readonly Line[];
  /** Index ranges that have been delivered, ascending, both ends inclusive, never touching. */
  readonly covered: readonly Range[];
  /** Ranges that the server said it left out, with the number of lines in them. */
  readonly skipped: readonly (Range & { readonly count: number })[];
  /** True when older lines exist that this list no longer or never held. */
  readonly truncated: boolean;
}
export interface Range {
  readonly from: number;
  readonly to: number;
}
export interface TrailPatch<Line extends TrailLine = EntryView> extends Range {
  readonly entries: readonly Line[];
}
/** One row of the screen: a line, or a hole where lines were left out. */
export type TrailRow<Line extends TrailLine = EntryView> =
  | { readonly type: 'entry'; readonly entry: Line }
  | { readonly type: 'gap'; readonly from: number; readonly to: number; readonly count: number };

export function emptyTrail<Line extends TrailLine = EntryView>(limit: number): TrailList<Line> {
  return { limit, entries: [], covered: [], skipped: [], truncated: false };
}

/** The last index that the list contains; null before anything came. */
export function lastIndexOf({ covered }: Pick<TrailList, 'covered'>): number | null {
  return covered.at(-1)?.to ?? null;
}

/** Folds delivered entries in. Entries outside `from..to` are no part of the patch and ignored. */
export function withPatch<Line extends TrailLine>(list: TrailList<Line>, patch: TrailPatch<Line>): TrailList<Line> {
  if (patch.to < patch.from) return list;
  const byIndex = new Map(list.entries.map((entry) => [entry.index, entry]));
  for (const entry of patch.entries) {
    if (entry.index >= patch.from && entry.index <= patch.to) byIndex.set(entry.index, entry);
  }
  const all = [...byIndex.values()].sort((a, b) => a.index - b.index);
  const entries = all.slice(-list.limit);
  const truncated = list.truncated || all.length > entries.length;
  // Below the lowest kept line the list knows nothing any more, or two orders of arrival would differ.
  const floor = truncated && entries.length === list.limit ? (entries[0]?.index ?? 0) : 0;
  return { ...list, entries, truncated, covered: clip(union([...list.covered, patch]), floor) };
}

/**
 * Folds a snapshot in. `after` is what this browser had asked from. One that does not continue is of
 * another trail than the list, as after a restore, so the list starts anew.
 */
export function withSnapshot<Line extends TrailLine>(
  list: TrailList<Line>,
  snapshot: {
    readonly index: number;
    readonly entries: readonly Line[];
    readonly skipped: number;
    readonly after: number | null;
    readonly continues: boolean;
  },
): TrailList<Line> {
  const base = snapshot.continues ? list : emptyTrail<Line>(list.limit);
  const after = snapshot.continues ? snapshot.after : null;
  const first = snapshot.entries[0]?.index ?? snapshot.index + 1;
  const from = after !== null && snapshot.skipped === 0 ? Math.min(after + 1, first) : first;
  const next = withPatch(base, { from: Math.max(0, from), to: snapshot.index, entries: snapshot.entries });
  if (after === null) return { ...next, truncated: next.truncated || first > 0 };
  if (snapshot.skipped === 0 || first <= after + 1) return next;
  return {
    ...next,
    skipped: [...next.skipped, { from: after + 1, to: first - 1, count: snapshot.skipped }].slice(-20),
  };
}

/** The rows of the screen, newest first. */
export function rowsOf<Line extends TrailLine>(list: TrailList<Line>): TrailRow<Line>[] {
  const rows: TrailRow<Line>[] = [];
  const holes = holesOf(list.covered);
  let hole = holes.length - 1;
  for (let i = list.entries.length - 1; i >= 0; i--) {
    const entry = list.entries[i] as Line;
    for (; hole >= 0 && (holes[hole] as Range).from > entry.index; hole--)
      rows.push(gapRow(list.skipped, holes[hole] as Range));
    rows.push({ type: 'entry', entry });
  }
  for (; hole >= 0; hole--) rows.push(gapRow(list.skipped, holes[hole] as Range));
  return rows;
}

function gapRow(skipped: TrailList['skipped'], hole: Range): TrailRow<never> {
  const said = skipped.find((skip) => skip.from <= hole.from && skip.to >= hole.to);
  return { type: 'gap', ...hole, count: said?.count ?? hole.to - hole.from + 1 };
}

function holesOf(covered: readonly Range[]): Range[] {
  const holes: Range[] = [];
  for (let i = 1; i < covered.length; i++) {
    holes.push({ from: (covered[i - 1] as Range).to + 1, to: (covered[i] as Range).from - 1 });
  }
  return holes;
}

function union(ranges: readonly Range[]): Range[] {
  const result: Range[] = [];
  for (const range of [...ranges].sort((a, b) => a.from - b.from)) {
    const last = result.at(-1);
    if (last !== undefined && range.from <= last.to + 1) {
      result[result.length - 1] = { from: last.from, to: Math.max(last.to, range.to) };
    } else {
      result.push({ from: range.from, to: range.to });
    }
  }
  return result;
}

function clip(ranges: readonly Range[], floor: number): Range[] {
  return ranges.filter((range) => range.to >= floor).map((range) => ({ ...range, from: Math.max(range.from, floor) }));
}
