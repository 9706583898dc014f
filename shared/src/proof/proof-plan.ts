/** A complete subtree: the node `index` at `level`, over the leaves `index << level` to `(index + 1) << level`. */
export interface NodePlace {
  readonly level: number;
  readonly index: number;
}

/** The hash over a range of leaves is the fold of these complete subtrees, largest first. */
export type Range = readonly NodePlace[];

/** The complete subtrees of `[from, to)`, left to right. `from` is a multiple of the largest power of two in the range. */
export function subtreesOf(from: number, to: number): Range {
  const places: NodePlace[] = [];
  let at = from;
  while (at < to) {
    const level = Math.floor(Math.log2(to - at));
    const width = 2 ** level <= to - at ? 2 ** level : 2 ** (level - 1);
    places.push({ level: Math.log2(width), index: at / width });
    at += width;
  }
  return places;
}

/** The largest power of two strictly smaller than `count` (at least 2). */
function splitOf(count: number): number {
  let split = 1;
  while (split * 2 < count) split *= 2;
  return split;
}

/** What the inclusion proof of a leaf consists of, leaf to root (RFC 6962 section 2.1.1). */
export function inclusionPlan(index: number, size: number): readonly Range[] {
  const ranges: Range[] = [];
  let from = 0;
  let to = size;
  while (to - from > 1) {
    const middle = from + splitOf(to - from);
    if (index < middle) {
      ranges.push(subtreesOf(middle, to));
      to = middle;
    } else {
      ranges.push(subtreesOf(from, middle));
      from = middle;
    }
  }
  return ranges.reverse();
}

/** What the consistency proof between two sizes consists of (RFC 6962 section 2.1.2); nothing for equal sizes or size 0. */
export function consistencyPlan(size1: number, size2: number): readonly Range[] {
  if (size1 === 0 || size1 === size2) return [];
  const ranges: Range[] = [];
  let from = 0;
  let to = size2;
  let isWhole = true;
  while (size1 < to) {
    const middle = from + splitOf(to - from);
    if (size1 <= middle) {
      ranges.push(subtreesOf(middle, to));
      to = middle;
    } else {
      ranges.push(subtreesOf(from, middle));
      from = middle;
      isWhole = false;
    }
  }
  // A first tree that is itself a complete subtree is known to whoever asks.
  if (!isWhole) ranges.push(subtreesOf(from, to));
  return ranges.reverse();
}
