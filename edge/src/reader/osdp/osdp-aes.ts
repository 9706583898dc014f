import { type Cipher, createCipheriv, createDecipheriv, type Decipher } from 'node:crypto';
import type { Aes128 } from '@tagtrail/shared/protocol/osdp/osdp-secure-channel.js';

/** AES-128 of single blocks, as the secure channel builds its own modes from it. */
export const nodeAes: Aes128 = {
  encrypt: (key, block) => whole(createCipheriv('aes-128-ecb', key, null), block),
  decrypt: (key, block) => whole(createDecipheriv('aes-128-ecb', key, null), block),
};

function whole(cipher: Cipher | Decipher, block: Uint8Array): Uint8Array {
  cipher.setAutoPadding(false);
  return new Uint8Array(Buffer.concat([cipher.update(block), cipher.final()]));
}
