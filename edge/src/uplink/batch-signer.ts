import { type EventsMessage, signedText } from '@tagtrail/shared/mqtt/messages.js';
import type { JournalBatch } from '../journal/batch-reader.js';
import { readSigningKey } from './signing-key.js';

/** Makes the message of a batch, signed with the cabinet's key (Ed25519, RFC 8032). */
export type SignBatch = (log: string, batch: JournalBatch) => EventsMessage;

/**
 * @param signingKey Ed25519 private key, PKCS #8 PEM.
 * @throws AppError `uplink.bad_signing_key`.
 */
export function createBatchSigner(signingKey: string): SignBatch {
  const key = readSigningKey(signingKey);
  return (log, batch) => signBatch(log, batch, (text) => key.sign(text));
}

/** `sign` answers a signature in base64url. */
export function signBatch(log: string, batch: JournalBatch, sign: (text: string) => string): EventsMessage {
  const { from, to, prev, chain } = batch;
  const sig = sign(signedText({ log, from, to, prev, chain }));
  return { v: 1, log, from, to, prev, events: [...batch.events], sig };
}
