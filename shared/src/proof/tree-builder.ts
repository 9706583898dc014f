import type { Hashing } from './hashing.js';
import { emptyRoot, foldRight, hashNode } from './merkle.js';
import type { NodePlace } from './proof-plan.js';

/** A Merkle tree that is put together from left to right out of leaves and whole subtrees. */
export interface TreeBuilder {
  /** How many leaves there are. */
  readonly size: number;
  /** @throws RangeError when a subtree of this level cannot begin at the present size. */
  push(level: number, hash: Uint8Array): void;
  root(): Uint8Array;
  /** The hash of the last complete subtree of this level, when one ends at the present size. */
  endsWith(level: number): Uint8Array | undefined;
}

export function createTreeBuilder(hashing: Pick<Hashing, 'sha256'>): TreeBuilder {
  const hashes: Uint8Array[] = [];
  const levels: number[] = [];
  const ended = new Map<number, Uint8Array>();
  let size = 0;
  return {
    get size() {
      return size;
    },
    push: (level, hash) => {
      if (size % 2 ** level !== 0) throw new RangeError(`no subtree of level ${level} begins at ${size}`);
      ended.clear();
      let top = hash;
      let at = level;
      ended.set(at, top);
      while (levels.at(-1) === at) {
        levels.pop();
        top = hashNode(hashing, hashes.pop() as Uint8Array, top);
        at += 1;
        ended.set(at, top);
      }
      hashes.push(top);
      levels.push(at);
      size += 2 ** level;
    },
    root: () => (hashes.length === 0 ? emptyRoot(hashing) : foldRight(hashing, hashes)),
    endsWith: (level) => ended.get(level),
  };
}

/** The fewest complete subtrees that cover the leaves `from .. to` (exclusive), left to right. */
export function subtreesBetween(from: number, to: number): readonly NodePlace[] {
  const places: NodePlace[] = [];
  let at = from;
  while (at < to) {
    let level = 0;
    while (at % 2 ** (level + 1) === 0 && at + 2 ** (level + 1) <= to) level += 1;
    places.push({ level, index: at / 2 ** level });
    at += 2 ** level;
  }
  return places;
}
