import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';
import type { CabinetAddress } from '@tagtrail/shared/mqtt/topics.js';
import { type Random, randomBytes } from '@tagtrail/shared/random/random.js';

/** Keeps what is on the disk from whoever has the disk and not the credentials (AES-256-GCM, NIST SP 800-38D). */
export interface Seal {
  close(plain: Uint8Array): Uint8Array;
  /** Undefined when it was closed with another key, or changed since. */
  open(sealed: Uint8Array): Uint8Array | undefined;
}

const nonceBytes = 12;
const tagBytes = 16;

export interface SealOptions {
  /** The cabinet's secret, from its credentials. */
  readonly secret: string;
  readonly identity: CabinetAddress;
  /** What is sealed; each use has a key of its own. */
  readonly use: string;
  readonly random: Random;
}

/** The key comes from the secret by HKDF-SHA-256 (RFC 5869): no key of its own can be lost or left behind. */
export function createSeal({ secret, identity, use, random }: SealOptions): Seal {
  const whose = `${identity.tenant}/${identity.cabinet}`;
  const key = Buffer.from(hkdfSync('sha256', secret, whose, `tagtrail at rest v1 ${use}`, 32));
  const associated = Buffer.from(`${whose} ${use}`);
  return {
    close: (plain) => {
      const nonce = randomBytes(random, nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes }).setAAD(associated);
      return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
    },
    open: (sealed) => {
      if (sealed.length < nonceBytes + tagBytes) return undefined;
      const nonce = sealed.subarray(0, nonceBytes);
      const end = sealed.length - tagBytes;
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes })
          .setAAD(associated)
          .setAuthTag(sealed.subarray(end));
        return Buffer.concat([decipher.update(sealed.subarray(nonceBytes, end)), decipher.final()]);
      } catch {
        return undefined;
      }
    },
  };
}
