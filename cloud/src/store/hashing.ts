import { hash, randomBytes } from 'node:crypto';
import type { Hashing } from '@tagtrail/shared/proof/hashing.js';

/** The hashes of the proof by Node. */
export const nodeHashing: Hashing = {
  sha256: (data) => hash('sha256', data, 'buffer'),
  hmacSha256,
};

const blockBytes = 64;
let inner = Buffer.alloc(1024);
const outer = Buffer.alloc(blockBytes + 32);

/**
 * RFC 2104 out of two hashes in one call each: `createHmac` makes an object with a finalizer for every value,
 * which takes longer than the hashing.
 */
function hmacSha256(key: Uint8Array, data: Uint8Array | string): Uint8Array {
  const secret = key.length > blockBytes ? hash('sha256', key, 'buffer') : key;
  const size = blockBytes + (typeof data === 'string' ? Buffer.byteLength(data) : data.length);
  if (inner.length < size) inner = Buffer.alloc(size * 2);
  for (let i = 0; i < blockBytes; i++) {
    const byte = secret[i] ?? 0;
    inner[i] = byte ^ 0x36;
    outer[i] = byte ^ 0x5c;
  }
  if (typeof data === 'string') inner.write(data, blockBytes);
  else inner.set(data, blockBytes);
  outer.set(hash('sha256', inner.subarray(0, size), 'buffer'), blockBytes);
  return hash('sha256', outer, 'buffer');
}

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
