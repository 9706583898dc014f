import { createHash, createHmac, createPublicKey, verify } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openCheckpoint } from '../src/proof/checkpoint.js';
import {
  createFrontier,
  emptyRoot,
  hashLeaf,
  hashNode,
  verifyConsistency,
  verifyInclusion,
} from '../src/proof/merkle.js';
import { consistencyPlan, inclusionPlan, type Range, subtreesOf } from '../src/proof/proof-plan.js';
import { openNote, parseNoteKey } from '../src/proof/signed-note.js';
import { growTiles, rangeHash, rootOfTiles, type TileOf } from '../src/proof/tiles.js';

/** Known answers that were not made by this code. The file stays where it is; without it this test says that it skips. */
const file = join(import.meta.dirname, '../../../shared/data/vectors/merkle.json');

interface InclusionVector {
  readonly index: number | string;
  readonly size: number | string;
  readonly leaf_hash: string;
  readonly root: string;
  readonly path: readonly string[];
}
interface ConsistencyVector {
  readonly size1: number | string;
  readonly size2: number | string;
  readonly root1: string;
  readonly root2: string;
  readonly path: readonly string[];
}
interface Vectors {
  readonly hashing: {
    readonly empty_root: string;
    readonly leaf: readonly { readonly data: string; readonly hash: string }[];
    readonly node: readonly { readonly left: string; readonly right: string; readonly hash: string }[];
  };
  readonly tree8: {
    readonly leaves: readonly string[];
    readonly roots: readonly string[];
    readonly frontier: readonly (readonly string[])[];
    readonly inclusion: readonly InclusionVector[];
    readonly consistency: readonly ConsistencyVector[];
  };
  readonly rolling130: {
    readonly published: {
      readonly subtree_hash: { readonly sha256: string };
      readonly subtree_inclusion: { readonly sha256: string };
    };
    readonly own: Readonly<Record<'roots' | 'inclusion' | 'consistency', { readonly sha256: string }>>;
  };
  readonly large70000: {
    readonly roots: readonly { readonly size: number; readonly root: string }[];
    readonly inclusion: readonly InclusionVector[];
    readonly consistency: readonly ConsistencyVector[];
    readonly tile_sha256: Readonly<Record<string, string>>;
  };
  readonly negative: {
    readonly inclusion: readonly InclusionVector[];
    readonly consistency: readonly ConsistencyVector[];
  };
  readonly leaf_data_attack: { readonly data: string; readonly leaf_hash_of_data: string; readonly inner_node: string };
  readonly checkpoint: {
    readonly origin: string;
    readonly size: number;
    readonly root: string;
    readonly vkey: string;
    readonly note: string;
  };
  readonly notes: readonly {
    readonly why: string;
    readonly valid: boolean;
    readonly vkey: string;
    readonly note: string;
  }[];
  readonly audit_leaf_profile: {
    readonly events: readonly {
      readonly fields: readonly {
        readonly name: string;
        readonly value: string;
        readonly salt: string;
        readonly commitment: string;
      }[];
      readonly leaf_data: string;
      readonly leaf_hash: string;
    }[];
    readonly root: string;
    readonly inclusion_1: readonly string[];
  };
}

const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));
const hex = (data: Uint8Array): string => Buffer.from(data).toString('hex');
const hashing = { sha256: (data: Uint8Array) => new Uint8Array(createHash('sha256').update(data).digest()) };
const isSigned = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean => {
  const x = Buffer.from(publicKey).toString('base64url');
  return verify(null, message, createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' }), signature);
};

/** Numbers that no double holds are texts, or were rounded by JSON; 2^64 - 1 is the only one of these. */
const big = (value: number | string): bigint =>
  typeof value === 'number' && !Number.isSafeInteger(value) ? 18446744073709551615n : BigInt(value);
const holds = (v: InclusionVector): boolean =>
  verifyInclusion(hashing, {
    index: big(v.index),
    size: big(v.size),
    leaf: bytes(v.leaf_hash),
    path: v.path.map(bytes),
    root: bytes(v.root),
  });
const grows = (v: ConsistencyVector): boolean =>
  verifyConsistency(hashing, {
    size1: big(v.size1),
    size2: big(v.size2),
    root1: bytes(v.root1),
    root2: bytes(v.root2),
    path: v.path.map(bytes),
  });

function tree(leaves: readonly Uint8Array[]): { readonly tileOf: TileOf; readonly tiles: Map<string, Uint8Array> } {
  const tiles = new Map<string, Uint8Array>();
  const tileOf: TileOf = (level, index) => tiles.get(`${level}/${index}`);
  for (const tile of growTiles(hashing, { size: 0, tileOf }, leaves)) {
    tiles.set(`${tile.level}/${tile.index}`, tile.hashes);
  }
  return { tileOf, tiles };
}

describe.skipIf(!existsSync(file))('the known answers of merkle.json (skipped where the file is absent)', () => {
  const vectors = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Vectors) : ({} as Vectors);

  it('hash alike', () => {
    expect(hex(emptyRoot(hashing))).toBe(vectors.hashing.empty_root);
    for (const { data, hash } of vectors.hashing.leaf) expect(hex(hashLeaf(hashing, bytes(data)))).toBe(hash);
    for (const { left, right, hash } of vectors.hashing.node) {
      expect(hex(hashNode(hashing, bytes(left), bytes(right)))).toBe(hash);
    }
    const { data, leaf_hash_of_data, inner_node } = vectors.leaf_data_attack;
    expect(hex(hashLeaf(hashing, bytes(data)))).toBe(leaf_hash_of_data);
    expect(leaf_hash_of_data).not.toBe(inner_node);
  });

  it('grow the tree of eight alike, with every proof', () => {
    const frontier = createFrontier(hashing);
    const leaves = vectors.tree8.leaves.map((leaf) => hashLeaf(hashing, bytes(leaf)));
    for (const [i, leaf] of leaves.entries()) {
      frontier.push(leaf);
      expect(hex(frontier.root())).toBe(vectors.tree8.roots[i + 1]);
      expect(frontier.hashes().map(hex)).toEqual(vectors.tree8.frontier[i + 1]);
    }
    const { tileOf } = tree(leaves);
    for (const v of vectors.tree8.inclusion) {
      expect(holds(v)).toBe(true);
      const path = inclusionPlan(Number(v.index), Number(v.size)).map((range) =>
        hex(rangeHash(hashing, tileOf, range)),
      );
      expect(path).toEqual(v.path);
    }
    for (const v of vectors.tree8.consistency) {
      expect(grows(v)).toBe(true);
      const plan = consistencyPlan(Number(v.size1), Number(v.size2));
      expect(plan.map((range) => hex(rangeHash(hashing, tileOf, range)))).toEqual(v.path);
    }
  });

  it('roll over every tree and subtree of 130 leaves to the published digests', () => {
    const leaves = Array.from({ length: 130 }, (_, i) => hashLeaf(hashing, new Uint8Array([i])));
    const { tileOf } = tree(leaves);
    const known = new Map<string, string>();
    /** The hash of a range in hex; each is computed once. */
    const hashOf = (range: Range): string => {
      const name = range.map(({ level, index }) => `${level}/${index}`).join(' ');
      const hash = known.get(name) ?? hex(rangeHash(hashing, tileOf, range));
      known.set(name, hash);
      return hash;
    };
    const root = (from: number, to: number): string =>
      from === to ? hex(emptyRoot(hashing)) : hashOf(subtreesOf(from, to));
    const roots = createHash('sha256');
    const inclusion = createHash('sha256');
    const consistency = createHash('sha256');
    for (let n = 0; n <= 130; n++) {
      roots.update(`${n} ${root(0, n)}\n`);
      for (let i = 0; i < n; i++) {
        const path = inclusionPlan(i, n).map((range) => ` ${hashOf(range)}`);
        inclusion.update(`${i} ${n}${path.join('')}\n`);
      }
      for (let m = 0; m <= n; m++) {
        const path = consistencyPlan(m, n).map((range) => ` ${hashOf(range)}`);
        consistency.update(`${m} ${n}${path.join('')}\n`);
      }
    }
    expect(roots.digest('hex')).toBe(vectors.rolling130.own.roots.sha256);
    expect(inclusion.digest('hex')).toBe(vectors.rolling130.own.inclusion.sha256);
    expect(consistency.digest('hex')).toBe(vectors.rolling130.own.consistency.sha256);
    const subtrees = createHash('sha256');
    const inclusions = createHash('sha256');
    /** A range that was planned from 0, over the leaves from `start` on. */
    const hashAt = (range: Range, start: number): string =>
      hashOf(range.map(({ level, index }) => ({ level, index: index + start / 2 ** level })));
    for (let end = 0; end <= 130; end++) {
      for (let start = 0; start <= end; start++) {
        const width = end - start;
        const ceil = width <= 1 ? 1 : 2 ** Math.ceil(Math.log2(width));
        if (start !== 0 && width !== 0 && start % ceil !== 0) continue;
        subtrees.update(`[${start}, ${end}) ${root(start, end)}\n`);
        for (let index = start; index < end; index++) {
          const path = inclusionPlan(index - start, width).map((range) => ` ${hashAt(range, start)}`);
          inclusions.update(`${index} [${start}, ${end})${path.join('')}\n`);
        }
      }
    }
    expect(subtrees.digest('hex')).toBe(vectors.rolling130.published.subtree_hash.sha256);
    expect(inclusions.digest('hex')).toBe(vectors.rolling130.published.subtree_inclusion.sha256);
  });

  it('grow 70,000 leaves alike, tile by tile', () => {
    const leaves = Array.from({ length: 70_000 }, (_, i) => {
      const data = Buffer.alloc(8);
      data.writeBigUInt64BE(BigInt(i));
      return hashLeaf(hashing, data);
    });
    const { tileOf, tiles } = tree(leaves);
    for (const { size, root } of vectors.large70000.roots) expect(hex(rootOfTiles(hashing, tileOf, size))).toBe(root);
    for (const v of vectors.large70000.inclusion) expect(holds(v)).toBe(true);
    for (const v of vectors.large70000.consistency) expect(grows(v)).toBe(true);
    for (const [name, digest] of Object.entries(vectors.large70000.tile_sha256)) {
      const [, place, width] = /^(\d+\/\d+)(?:\.p\/(\d+))?$/.exec(name) ?? [];
      const hashes = tiles.get(place as string) as Uint8Array;
      expect(hashes.length).toBe(32 * Number(width ?? 256));
      expect(hex(hashing.sha256(hashes))).toBe(digest);
    }
  });

  it('refuse every wrong claim', () => {
    expect(vectors.negative.inclusion.filter(holds)).toEqual([]);
    expect(vectors.negative.consistency.filter(grows)).toEqual([]);
  });

  it('open the good notes and no other', async () => {
    for (const { why, valid, vkey, note } of vectors.notes) {
      const key = parseNoteKey(hashing, vkey);
      const text = key === undefined ? undefined : await openNote(isSigned, note, key);
      expect(text !== undefined, why).toBe(valid);
    }
  });

  it('read the checkpoint alike', async () => {
    const { origin, size, root, vkey, note } = vectors.checkpoint;
    const key = parseNoteKey(hashing, vkey);
    expect(key === undefined ? undefined : await openCheckpoint(isSigned, note, key)).toEqual({
      origin,
      size,
      root: bytes(root),
    });
  });

  it('commit to fields and keep the proof after the values are gone', () => {
    const { events, root, inclusion_1 } = vectors.audit_leaf_profile;
    const frontier = createFrontier(hashing);
    for (const { fields, leaf_data, leaf_hash } of events) {
      for (const { name, value, salt, commitment } of fields) {
        const mac = createHmac('sha256', bytes(salt)).update(`audit/v1/field\0${name}\0${value}`).digest('hex');
        expect(mac).toBe(commitment);
        expect(leaf_data).toContain(commitment);
      }
      const leaf = hashLeaf(hashing, new TextEncoder().encode(leaf_data));
      expect(hex(leaf)).toBe(leaf_hash);
      frontier.push(leaf);
    }
    expect(hex(frontier.root())).toBe(root);
    const second = { index: 1, size: events.length, leaf_hash: events[1]?.leaf_hash ?? '', root, path: inclusion_1 };
    expect(holds(second)).toBe(true);
  });
});
