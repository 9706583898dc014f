import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { AppError } from '@tagtrail/shared/error.js';
import { type Random, randomBytes } from '@tagtrail/shared/random/random.js';

/** The fixed head of a PKCS #8 Ed25519 key; the 32 bytes of the seed follow (RFC 8410 section 7). */
const pkcs8Head = Buffer.from('302e020100300506032b657004220420', 'hex');

/** The key with which a cabinet vouches for what it sends (Ed25519, RFC 8032). */
export interface SigningKey {
  /** PKCS #8 PEM. */
  readonly privatePem: string;
  /** SPKI PEM. */
  readonly publicPem: string;
  /** The public key as its 32 bytes. */
  readonly publicBytes: Uint8Array;
  /** Signature in base64url. */
  sign(text: string): string;
  /** Signature, 64 bytes. */
  signBytes(message: Uint8Array): Uint8Array;
}

/** A key that is made here and never leaves the cabinet. */
export function newSigningKey(random: Random): SigningKey {
  const der = Buffer.concat([pkcs8Head, randomBytes(random, 32)]);
  return keyOf(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }));
}

/**
 * @param pem Ed25519 private key, PKCS #8 PEM.
 * @throws AppError `uplink.bad_signing_key`.
 */
export function readSigningKey(pem: string): SigningKey {
  let key: KeyObject | undefined;
  try {
    key = createPrivateKey(pem);
  } catch {
    // Neither the key nor the reason is repeated: both could end in a log.
  }
  if (key?.asymmetricKeyType === 'ed25519') return keyOf(key);
  throw new AppError('uplink.bad_signing_key', 'the signing key in the credentials is not an Ed25519 private key', {
    kind: 'operator',
  });
}

function keyOf(key: KeyObject): SigningKey {
  const publicKey = createPublicKey(key);
  return {
    privatePem: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    publicBytes: new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }).subarray(-32)),
    sign: (text) => sign(null, Buffer.from(text), key).toString('base64url'),
    signBytes: (message) => sign(null, message, key),
  };
}
