import { createHmac, hash, randomBytes } from 'node:crypto';
import type { Hashing } from '@tagtrail/shared/proof/hashing.js';

/** The hashes of the proof by Node. */
export const nodeHashing: Hashing = {
  sha256: (data) => hash('sha256', data, 'buffer'),
  hmacSha256: (key, data) => createHmac('sha256', key).update(data).digest(),
};

const saltBytes = 32;
let pool = new Uint8Array(0);
let used = 0;

/** 32 random bytes that nobody can guess: a salt is a secret, so it never comes from the seeded dice. */
export function newSalt(): Uint8Array {
  if (used === pool.length) {
    pool = randomBytes(saltBytes * 256);
    used = 0;
  }
  used += saltBytes;
  return pool.subarray(used - saltBytes, used);
}
