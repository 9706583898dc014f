import type { Hashing } from './hashing.js';

/**
 * The Merkle tree of RFC 6962 section 2.1 (RFC 9162 section 2.1) with SHA-256. A tree of n leaves
 * splits at the largest power of two strictly smaller than n. Hashes are 32 bytes; verification
 * refuses anything else. Sizes and indexes may be as large as 64 bits there, so they are `bigint`.
 */
export const hashBytes = 32;

type Sha = Pick<Hashing, 'sha256'>;

export function emptyRoot(hashing: Sha): Uint8Array {
  return hashing.sha256(new Uint8Array(0));
}

/** SHA-256(0x00 || data). */
export function hashLeaf(hashing: Sha, data: Uint8Array | string): Uint8Array {
  if (typeof data === 'string') return hashing.sha256(`\0${data}`);
  const bytes = new Uint8Array(1 + data.length);
  bytes.set(data, 1);
  return hashing.sha256(bytes);
}

/** SHA-256(0x01 || left || right). */
export function hashNode(hashing: Sha, left: Uint8Array, right: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(1 + left.length + right.length);
  bytes[0] = 1;
  bytes.set(left, 1);
  bytes.set(right, 1 + left.length);
  return hashing.sha256(bytes);
}

/** The roots of the complete subtrees of a growing tree, largest first: all that is needed to go on. */
export interface Frontier {
  readonly size: number;
  /** The hashes now, largest subtree first; at most one for each bit of the size. */
  hashes(): readonly Uint8Array[];
  push(leaf: Uint8Array): void;
  root(): Uint8Array;
}

/** @param hashes the frontier of a tree of `size` leaves to go on from. */
export function createFrontier(hashing: Sha, size = 0, hashes: readonly Uint8Array[] = []): Frontier {
  const held = [...hashes];
  let count = size;
  return {
    get size() {
      return count;
    },
    hashes: () => [...held],
    push: (leaf) => {
      held.push(leaf);
      count += 1;
      for (let n = count; n % 2 === 0; n /= 2) {
        const right = held.pop() as Uint8Array;
        const left = held.pop() as Uint8Array;
        held.push(hashNode(hashing, left, right));
      }
    },
    root: () => (held.length === 0 ? emptyRoot(hashing) : foldRight(hashing, held)),
  };
}

/** The root of subtrees side by side, largest first. */
export function foldRight(hashing: Sha, hashes: readonly Uint8Array[]): Uint8Array {
  let root = hashes[hashes.length - 1] as Uint8Array;
  for (let i = hashes.length - 2; i >= 0; i--) root = hashNode(hashing, hashes[i] as Uint8Array, root);
  return root;
}

export interface InclusionClaim {
  readonly index: bigint;
  readonly size: bigint;
  readonly leaf: Uint8Array;
  readonly path: readonly Uint8Array[];
  readonly root: Uint8Array;
}

/** Whether the leaf stands at this index of the tree with this root (RFC 9162 section 2.1.3.2). */
export function verifyInclusion(hashing: Sha, claim: InclusionClaim): boolean {
  const { index, size, leaf, path, root } = claim;
  if (leaf.length !== hashBytes || root.length !== hashBytes || index < 0n || index >= size) return false;
  let node = index;
  let last = size - 1n;
  let hash = leaf;
  for (const sibling of path) {
    if (sibling.length !== hashBytes || last === 0n) return false;
    if ((node & 1n) === 1n || node === last) {
      hash = hashNode(hashing, sibling, hash);
      while (node !== 0n && (node & 1n) === 0n) {
        node >>= 1n;
        last >>= 1n;
      }
    } else hash = hashNode(hashing, hash, sibling);
    node >>= 1n;
    last >>= 1n;
  }
  return last === 0n && equalBytes(hash, root);
}

export interface ConsistencyClaim {
  readonly size1: bigint;
  readonly size2: bigint;
  readonly root1: Uint8Array;
  readonly root2: Uint8Array;
  readonly path: readonly Uint8Array[];
}

/**
 * Whether the second tree begins with the whole first one (RFC 9162 section 2.1.4.2). An empty
 * first tree proves nothing and is refused.
 */
export function verifyConsistency(hashing: Sha, claim: ConsistencyClaim): boolean {
  const { size1, size2, root1, root2, path } = claim;
  if (size1 < 1n || size1 > size2 || root1.length !== hashBytes || root2.length !== hashBytes) return false;
  if (size1 === size2) return path.length === 0 && equalBytes(root1, root2);
  if (path.length === 0 || path.some((hash) => hash.length !== hashBytes)) return false;
  const [seed, ...rest] = (size1 & (size1 - 1n)) === 0n ? [root1, ...path] : path;
  let node = size1 - 1n;
  let last = size2 - 1n;
  while ((node & 1n) === 1n) {
    node >>= 1n;
    last >>= 1n;
  }
  let first = seed as Uint8Array;
  let second = first;
  for (const hash of rest) {
    if (last === 0n) return false;
    if ((node & 1n) === 1n || node === last) {
      first = hashNode(hashing, hash, first);
      second = hashNode(hashing, hash, second);
      while (node !== 0n && (node & 1n) === 0n) {
        node >>= 1n;
        last >>= 1n;
      }
    } else second = hashNode(hashing, second, hash);
    node >>= 1n;
    last >>= 1n;
  }
  return last === 0n && equalBytes(first, root1) && equalBytes(second, root2);
}

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
