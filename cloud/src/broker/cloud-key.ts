import { createPrivateKey, createPublicKey, hkdfSync, sign } from 'node:crypto';
import { downSignedText, withDownSignature } from '@tagtrail/shared/mqtt/signed-down.js';
import { pkcs8Head } from '../cabinets/cabinet-keys.js';

/** What cabinets know the cloud by, whichever broker stands between (Ed25519, RFC 8032). */
export interface CloudKey {
  /** SPKI PEM; handed out with a cabinet's credentials. */
  readonly publicKey: string;
  /** Signature in base64url. */
  sign(text: string): string;
}

/**
 * The key that follows from a secret (HKDF-SHA-256, RFC 5869): every process that has the secret has the key.
 *
 * @param secret at least 32 characters of chance.
 */
export function cloudKeyOf(secret: string): CloudKey {
  const seed = Buffer.from(hkdfSync('sha256', secret, '', 'tagtrail cloud key v1', 32));
  const key = createPrivateKey({ key: Buffer.concat([pkcs8Head, seed]), format: 'der', type: 'pkcs8' });
  return {
    publicKey: createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString(),
    sign: (text) => sign(null, Buffer.from(text), key).toString('base64url'),
  };
}

/** A message as it travels down; an empty one clears what is retained and says nothing that could be signed. */
export function signedDown(key: CloudKey, topic: string, body: string): string {
  return body === '' ? body : withDownSignature(body, key.sign(downSignedText(topic, body)));
}
