import { createPrivateKey, createPublicKey, hkdfSync, sign, verify } from 'node:crypto';
import { idFromUuid } from '@tagtrail/shared/ids.js';
import type { SignEd25519, VerifyEd25519 } from '@tagtrail/shared/proof/hashing.js';
import { type NoteKey, noteKey, noteKeyTypes } from '@tagtrail/shared/proof/signed-note.js';
import { nodeHashing } from '../store/hashing.js';

/** Who signs a customer's checkpoints and receipts. */
export interface LogSigner {
  readonly key: NoteKey;
  readonly sign: SignEd25519;
}

/** RFC 8410: what stands before the 32 bytes of an Ed25519 private key in PKCS #8. */
const pkcs8Head = Buffer.from('302e020100300506032b657004220420', 'hex');
/** RFC 8410: what stands before the 32 bytes of an Ed25519 public key in an SPKI. */
const spkiHead = Buffer.from('302a300506032b6570032100', 'hex');

/**
 * The signer of a customer (UUID). Its private key follows from the cloud's log secret and the
 * customer by HKDF-SHA-256 (RFC 5869), so one secret is to be kept and no key is in the database.
 * The log's name is "tagtrail/" and the customer's id.
 */
export function logSigner(secret: string, tenant: string): LogSigner {
  const seed = Buffer.from(hkdfSync('sha256', secret, tenant, 'tagtrail log key v1', 32));
  const secretKey = createPrivateKey({ key: Buffer.concat([pkcs8Head, seed]), format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(secretKey).export({ format: 'der', type: 'spki' });
  const publicKey = new Uint8Array(spki.subarray(spkiHead.length));
  const key = noteKey(nodeHashing, { name: logName(tenant), type: noteKeyTypes.ed25519, publicKey });
  return { key, sign: (message) => sign(null, message, secretKey) };
}

export function logName(tenant: string): string {
  return `tagtrail/${idFromUuid('tenant', tenant)}`;
}

/** Ed25519 by Node. */
export const verifyEd25519: VerifyEd25519 = (publicKey, message, signature) => {
  const key = createPublicKey({ key: Buffer.concat([spkiHead, publicKey]), format: 'der', type: 'spki' });
  return verify(null, message, key, signature);
};
