import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';
import { type Random, randomBytes } from '@tagtrail/shared/random/random.js';

/** What a cabinet proves itself with, and what the cloud keeps of it. */
export interface CabinetKeys {
  /** MQTT password: 256 random bits. */
  readonly secret: string;
  /** Ed25519 private key, PKCS #8 PEM. */
  readonly signingKey: string;
  /** SHA-256 of the secret, hex. */
  readonly secretHash: string;
  /** Ed25519 public key, SPKI PEM. */
  readonly publicKey: string;
}

/** The fixed head of a PKCS #8 Ed25519 key; the 32 bytes of the seed follow (RFC 8410 section 7). */
export const pkcs8Head = Buffer.from('302e020100300506032b657004220420', 'hex');

export function newCabinetKeys(random: Random): CabinetKeys {
  const secret = Buffer.from(randomBytes(random, 32)).toString('base64url');
  const der = Buffer.concat([pkcs8Head, randomBytes(random, 32)]);
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  return {
    secret,
    signingKey: key.export({ format: 'pem', type: 'pkcs8' }).toString(),
    secretHash: createHash('sha256').update(secret).digest('hex'),
    publicKey: createPublicKey(key).export({ format: 'pem', type: 'spki' }).toString(),
  };
}
