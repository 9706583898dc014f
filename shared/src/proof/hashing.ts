/**
 * The two hashes of the proof; passed in, because Node and browsers have their own. Outputs are 32 bytes.
 * A text stands for its UTF-8 bytes: the platform turns it into them faster than we do.
 */
export interface Hashing {
  sha256(data: Uint8Array | string): Uint8Array;
  /** RFC 2104 with SHA-256. */
  hmacSha256(key: Uint8Array, data: Uint8Array | string): Uint8Array;
}

/** Whether this Ed25519 signature (RFC 8032, 64 bytes) by a raw 32-byte public key covers the message. */
export type VerifyEd25519 = (
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
) => boolean | Promise<boolean>;

/** The Ed25519 signature of the message, 64 bytes, by a key that the caller holds. */
export type SignEd25519 = (message: Uint8Array) => Uint8Array;
