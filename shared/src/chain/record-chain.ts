import { fromHex, toHex } from '../bytes/hex.js';
import { utf8Bytes } from '../bytes/utf8.js';
import { canonicalJson, type Json } from './canonical.js';

/** SHA-256 of `data`; passed in because each platform has its own. */
export type Sha256 = (data: Uint8Array) => Uint8Array;

/** The chain value before the first record of a log: 32 zero bytes, as hex. */
export const chainGenesis = '0'.repeat(64);

/**
 * The chain value after a record: SHA-256(0x02 || previous value || canonical JSON of the record).
 * The cabinet and the cloud compute it alike; a record that was edited, dropped or swapped breaks it.
 */
export function nextChain(sha256: Sha256, previousHex: string, record: Json): string {
  return nextChainOfText(sha256, previousHex, canonicalJson(record));
}

/** `nextChain` of a record whose canonical JSON is at hand. */
export function nextChainOfText(sha256: Sha256, previousHex: string, text: string): string {
  return nextChainOfBody(sha256, previousHex, utf8Bytes(text));
}

/** `nextChain` of a record whose canonical JSON is at hand as bytes. */
export function nextChainOfBody(sha256: Sha256, previousHex: string, body: Uint8Array): string {
  const bytes = new Uint8Array(33 + body.length);
  bytes[0] = 0x02;
  bytes.set(fromHex(previousHex), 1);
  bytes.set(body, 33);
  return toHex(sha256(bytes)).toLowerCase();
}
