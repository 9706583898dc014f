import { createPublicKey, hash, type KeyObject, verify } from 'node:crypto';
import { nextChain } from '@tagtrail/shared/chain/record-chain.js';
import { signedText } from '@tagtrail/shared/mqtt/messages.js';
import type { Batch } from './decode.js';

export type Verified =
  | {
      readonly ok: true;
      /** The chain value after each event of the batch. */
      readonly chains: readonly string[];
    }
  | { readonly ok: false };

/** Computes the chain over a batch as it arrived and checks the cabinet's signature over its end. */
export function verifyBatch(batch: Batch, publicKey: KeyObject): Verified {
  const chains: string[] = [];
  let chain = batch.prev;
  for (const event of batch.events) {
    chain = nextChain(sha256, chain, event);
    chains.push(chain);
  }
  const text = signedText({ log: batch.log, from: batch.from, to: batch.to, prev: batch.prev, chain });
  const signature = Buffer.from(batch.sig, 'base64url');
  if (signature.length !== 64 || !verify(null, Buffer.from(text), publicKey, signature)) return { ok: false };
  return { ok: true, chains };
}

/** The Ed25519 key of an SPKI PEM text; undefined for anything else. */
export function readPublicKey(pem: string): KeyObject | undefined {
  try {
    const key = createPublicKey(pem);
    return key.asymmetricKeyType === 'ed25519' ? key : undefined;
  } catch {
    return undefined;
  }
}

export function sha256(data: Uint8Array): Uint8Array {
  return hash('sha256', data, 'buffer');
}
