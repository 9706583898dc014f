import { errorText } from '@tagtrail/shared/error.js';

const unknownSigner =
  'nobody whom this cabinet trusts has signed it; mqttCa in the settings names the certificates to trust';

/** What the codes of OpenSSL and Node mean to whoever has to mend it. */
const meanings: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: unknownSigner,
  SELF_SIGNED_CERT_IN_CHAIN: unknownSigner,
  UNABLE_TO_GET_ISSUER_CERT: unknownSigner,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unknownSigner,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: unknownSigner,
  CERT_SIGNATURE_FAILURE: 'its signature is wrong',
  CERT_UNTRUSTED: unknownSigner,
  CERT_HAS_EXPIRED: 'it has expired, or the clock of this cabinet is wrong',
  CERT_NOT_YET_VALID: 'it is not valid yet, or the clock of this cabinet is wrong',
  CERT_REVOKED: 'it was revoked',
  INVALID_PURPOSE: 'it was made for another purpose than a server',
  ERR_TLS_CERT_ALTNAME_INVALID: 'it is of another host',
};

/** Why a broker's certificate was refused, in words; undefined for any other error. */
export function certificateRefusal(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const meaning = meanings[code];
  return meaning === undefined ? undefined : `the broker's certificate is refused: ${meaning} (${errorText(error)})`;
}
