import { createPrivateKey, type KeyObject, sign } from 'node:crypto';
import { AppError } from '@tagtrail/shared/error.js';
import { type EventsMessage, signedText } from '@tagtrail/shared/mqtt/messages.js';
import type { JournalBatch } from '../journal/batch-reader.js';

/** Makes the message of a batch, signed with the cabinet's key (Ed25519, RFC 8032). */
export type SignBatch = (log: string, batch: JournalBatch) => EventsMessage;

/**
 * @param signingKey Ed25519 private key, PKCS #8 PEM.
 * @throws AppError `uplink.bad_signing_key`.
 */
export function createBatchSigner(signingKey: string): SignBatch {
  const key = privateKey(signingKey);
  return (log, batch) => {
    const { from, to, prev, chain } = batch;
    const sig = sign(null, Buffer.from(signedText({ log, from, to, prev, chain })), key).toString('base64url');
    return { v: 1, log, from, to, prev, events: [...batch.events], sig };
  };
}

function privateKey(pem: string): KeyObject {
  let key: KeyObject | undefined;
  try {
    key = createPrivateKey(pem);
  } catch {
    // Neither the key nor the reason is repeated: both could end in a log.
  }
  if (key?.asymmetricKeyType === 'ed25519') return key;
  throw new AppError('uplink.bad_signing_key', 'the signing key in the credentials is not an Ed25519 private key', {
    kind: 'operator',
  });
}
