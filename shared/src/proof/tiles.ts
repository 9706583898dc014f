import type { Hashing } from './hashing.js';
import { emptyRoot, foldRight, hashBytes, hashNode } from './merkle.js';
import { type NodePlace, type Range, subtreesOf } from './proof-plan.js';

/**
 * C2SP tlog-tiles: 256 hashes a tile. A tile of level t holds hashes of the tree's level 8t; only
 * the rightmost tile of a level is partial, and it grows by being extended.
 */
export const tileWidth = 256;
const tileLevels = 8;

export interface Tile {
  readonly level: number;
  readonly index: number;
  /** 32 bytes for each hash, 1 to 256 of them. */
  readonly hashes: Uint8Array;
}

/** The hashes of a tile, undefined when it is not there. */
export type TileOf = (level: number, index: number) => Uint8Array | undefined;

/** The rightmost tile of each level of a tree that are not full, and where they stand. */
export function partialTiles(
  size: number,
): readonly { readonly level: number; readonly index: number; readonly width: number }[] {
  const tiles = [];
  for (let level = 0, count = size; count > 0; level++, count = Math.floor(count / tileWidth)) {
    const width = count % tileWidth;
    if (width > 0) tiles.push({ level, index: Math.floor(count / tileWidth), width });
  }
  return tiles;
}

/**
 * Adds leaves to a tree of `size` leaves; answers each tile that is new or longer, with all its hashes.
 * @param tileOf answers the partial tiles of the tree as it is.
 * @throws RangeError when such a tile is missing or shorter than the size says.
 */
export function growTiles(
  hashing: Pick<Hashing, 'sha256'>,
  tree: { readonly size: number; readonly tileOf: TileOf },
  leaves: readonly Uint8Array[],
): readonly Tile[] {
  const grown: Tile[] = [];
  let count = tree.size;
  let hashes = leaves;
  for (let level = 0; hashes.length > 0; level++) {
    const above: Uint8Array[] = [];
    let index = Math.floor(count / tileWidth);
    let held = heldHashes(tree.tileOf, { level, index }, count % tileWidth);
    for (const hash of hashes) {
      held.push(hash);
      if (held.length < tileWidth) continue;
      grown.push({ level, index, hashes: joined(held) });
      above.push(completeRoot(hashing, held));
      index += 1;
      held = [];
    }
    if (held.length > 0) grown.push({ level, index, hashes: joined(held) });
    count = Math.floor(count / tileWidth);
    hashes = above;
  }
  return grown;
}

function heldHashes(tileOf: TileOf, tile: NodePlace, width: number): Uint8Array[] {
  if (width === 0) return [];
  const bytes = tileOf(tile.level, tile.index);
  if (bytes === undefined || bytes.length < width * hashBytes) {
    throw new RangeError(`tile ${tile.level}/${tile.index} holds less than ${width} hashes`);
  }
  return Array.from({ length: width }, (_, at) => bytes.slice(at * hashBytes, (at + 1) * hashBytes));
}

function joined(hashes: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(hashes.length * hashBytes);
  for (const [at, hash] of hashes.entries()) bytes.set(hash, at * hashBytes);
  return bytes;
}

/** The root of 2, 4, 8, ... hashes side by side. */
function completeRoot(hashing: Pick<Hashing, 'sha256'>, hashes: readonly Uint8Array[]): Uint8Array {
  let row = hashes;
  while (row.length > 1) {
    const above: Uint8Array[] = [];
    for (let i = 0; i < row.length; i += 2) {
      above.push(hashNode(hashing, row[i] as Uint8Array, row[i + 1] as Uint8Array));
    }
    row = above;
  }
  return row[0] as Uint8Array;
}

/** The tile that holds what a node is made of. */
export function tilePlaceOf({ level, index }: NodePlace): NodePlace {
  const tileLevel = Math.floor(level / tileLevels);
  return { level: tileLevel, index: Math.floor((index * 2 ** (level % tileLevels)) / tileWidth) };
}

/**
 * The hash of a complete subtree.
 * @throws RangeError when its tile is missing or too short.
 */
export function nodeHash(hashing: Pick<Hashing, 'sha256'>, tileOf: TileOf, place: NodePlace): Uint8Array {
  const width = 2 ** (place.level % tileLevels);
  const tile = tilePlaceOf(place);
  const first = (place.index * width) % tileWidth;
  const bytes = tileOf(tile.level, tile.index);
  if (bytes === undefined || bytes.length < (first + width) * hashBytes) {
    throw new RangeError(`tile ${tile.level}/${tile.index} does not reach hash ${first + width}`);
  }
  const hashes = Array.from({ length: width }, (_, at) =>
    bytes.slice((first + at) * hashBytes, (first + at + 1) * hashBytes),
  );
  return completeRoot(hashing, hashes);
}

/** The hash over a range of leaves. @throws RangeError as `nodeHash`. */
export function rangeHash(hashing: Pick<Hashing, 'sha256'>, tileOf: TileOf, range: Range): Uint8Array {
  return foldRight(
    hashing,
    range.map((place) => nodeHash(hashing, tileOf, place)),
  );
}

/** The root of the first `size` leaves. @throws RangeError as `nodeHash`. */
export function rootOfTiles(hashing: Pick<Hashing, 'sha256'>, tileOf: TileOf, size: number): Uint8Array {
  return size === 0 ? emptyRoot(hashing) : rangeHash(hashing, tileOf, subtreesOf(0, size));
}
