import { createHmac, hash } from 'node:crypto';
import type { Hashing } from '@tagtrail/shared/proof/hashing.js';

/** The hashes by Node's own HMAC: a checker shares no code with the cloud that it checks. */
export const checkerHashing: Hashing = {
  sha256: (data) => hash('sha256', data, 'buffer'),
  hmacSha256: (key, data) => createHmac('sha256', key).update(data).digest(),
};
