import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { AppError } from '@tagtrail/shared/error.js';
import { downSignedText } from '@tagtrail/shared/mqtt/signed-down.js';

/** Whether a message from the broker is the cloud's own word. */
export type IsFromCloud = (message: {
  readonly topic: string;
  readonly body: string;
  readonly sig: string | null;
}) => boolean;

/**
 * @param pem the cloud's Ed25519 public key, SPKI PEM, as the credentials of this cabinet have it.
 * @throws AppError `uplink.bad_cloud_key`.
 */
export function createCloudCheck(pem: string): IsFromCloud {
  const key = readCloudKey(pem);
  return ({ topic, body, sig }) =>
    sig !== null && verify(null, Buffer.from(downSignedText(topic, body)), key, Buffer.from(sig, 'base64url'));
}

function readCloudKey(pem: string): KeyObject {
  try {
    const key = createPublicKey(pem);
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // The reason adds nothing that an operator could use.
  }
  throw new AppError('uplink.bad_cloud_key', 'the cloud key in the credentials is not an Ed25519 public key', {
    kind: 'operator',
  });
}
