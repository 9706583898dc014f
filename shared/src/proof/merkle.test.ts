import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFrontier, emptyRoot, hashLeaf, hashNode, verifyConsistency, verifyInclusion } from './merkle.js';
import { consistencyPlan, inclusionPlan } from './proof-plan.js';
import { growTiles, rangeHash, rootOfTiles, type TileOf } from './tiles.js';

const hashing = { sha256: (data: Uint8Array) => new Uint8Array(createHash('sha256').update(data).digest()) };
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const numbered = (size: number): Uint8Array[] =>
  Array.from({ length: size }, (_, i) => hashLeaf(hashing, new Uint8Array([i >> 8, i & 255])));

/** A tree of these leaves, grown in steps. */
function treeOf(leaves: readonly Uint8Array[], steps: readonly number[] = []) {
  const tiles = new Map<string, Uint8Array>();
  const tileOf: TileOf = (level, index) => tiles.get(`${level}/${index}`);
  let size = 0;
  for (const step of [...steps, leaves.length]) {
    const next = leaves.slice(size, Math.min(leaves.length, size + step));
    for (const tile of growTiles(hashing, { size, tileOf }, next))
      tiles.set(`${tile.level}/${tile.index}`, tile.hashes);
    size += next.length;
  }
  return tileOf;
}

describe('the Merkle tree', () => {
  // RFC 6962 section 2.1 and the test vectors of the certificate-transparency project.
  it('hashes the empty tree, a leaf and a node as RFC 6962 says', () => {
    expect(hex(emptyRoot(hashing))).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    expect(hex(hashLeaf(hashing, new Uint8Array(0)))).toBe(
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    );
    const node = hashNode(hashing, hashLeaf(hashing, new Uint8Array(0)), hashLeaf(hashing, new Uint8Array([0])));
    expect(hex(node)).toBe('fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125');
  });

  it('gives the published root of the eight leaves of the certificate-transparency project', () => {
    const leaves = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
    const frontier = createFrontier(hashing);
    for (const leaf of leaves) frontier.push(hashLeaf(hashing, Buffer.from(leaf, 'hex')));
    expect(hex(frontier.root())).toBe('5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328');
  });

  it('proves every leaf and every earlier size, whatever steps it grew in', () => {
    const sizes = fc.integer({ min: 1, max: 700 });
    fc.assert(
      fc.property(
        sizes,
        fc.array(fc.integer({ min: 1, max: 300 }), { maxLength: 6 }),
        fc.nat(),
        fc.nat(),
        (size, steps, a, b) => {
          const leaves = numbered(size);
          const tileOf = treeOf(leaves, steps);
          const root = rootOfTiles(hashing, tileOf, size);
          const index = a % size;
          const path = inclusionPlan(index, size).map((range) => rangeHash(hashing, tileOf, range));
          const leaf = leaves[index] as Uint8Array;
          const claim = { index: BigInt(index), size: BigInt(size), leaf, path, root };
          expect(verifyInclusion(hashing, claim)).toBe(true);
          expect(verifyInclusion(hashing, { ...claim, index: BigInt((index + 1) % (size + 1)) })).toBe(false);
          const size1 = 1 + (b % size);
          const frontier = createFrontier(hashing);
          for (const earlier of leaves.slice(0, size1)) frontier.push(earlier);
          const root1 = frontier.root();
          const between = consistencyPlan(size1, size).map((range) => rangeHash(hashing, tileOf, range));
          const grown = { size1: BigInt(size1), size2: BigInt(size), root1, root2: root, path: between };
          expect(verifyConsistency(hashing, grown)).toBe(true);
          expect(verifyConsistency(hashing, { ...grown, root1: hashLeaf(hashing, root1) })).toBe(false);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('has the same root by frontier and by tiles over two levels of tiles', () => {
    const leaves = numbered(66_000);
    const frontier = createFrontier(hashing);
    for (const leaf of leaves) frontier.push(leaf);
    expect(hex(rootOfTiles(hashing, treeOf(leaves, [255, 1, 256, 65_000]), leaves.length))).toBe(hex(frontier.root()));
  });

  it('refuses to read beyond a tile', () => {
    const tileOf = treeOf(numbered(10));
    expect(() => rootOfTiles(hashing, tileOf, 11)).toThrow(RangeError);
    expect(() => growTiles(hashing, { size: 20, tileOf }, numbered(1))).toThrow(RangeError);
  });
});
