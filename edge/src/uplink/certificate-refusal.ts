import { errorText } from '@tagtrail/shared/error.js';

/** What is the matter with a certificate, as far as it matters to whoever has to mend it. */
export type CertificateTrouble =
  | 'unknown_signer'
  | 'bad_signature'
  | 'expired'
  | 'not_valid_yet'
  | 'revoked'
  | 'other_purpose'
  | 'other_host';

/** What the codes of OpenSSL and Node mean. */
const troubles: Readonly<Record<string, CertificateTrouble>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'unknown_signer',
  SELF_SIGNED_CERT_IN_CHAIN: 'unknown_signer',
  UNABLE_TO_GET_ISSUER_CERT: 'unknown_signer',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'unknown_signer',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'unknown_signer',
  CERT_SIGNATURE_FAILURE: 'bad_signature',
  CERT_UNTRUSTED: 'unknown_signer',
  CERT_HAS_EXPIRED: 'expired',
  CERT_NOT_YET_VALID: 'not_valid_yet',
  CERT_REVOKED: 'revoked',
  INVALID_PURPOSE: 'other_purpose',
  ERR_TLS_CERT_ALTNAME_INVALID: 'other_host',
};

const meanings: Readonly<Record<CertificateTrouble, string>> = {
  unknown_signer: 'nobody whom this cabinet trusts has signed it',
  bad_signature: 'its signature is wrong',
  expired: 'it has expired, or the clock of this cabinet is wrong',
  not_valid_yet: 'it is not valid yet, or the clock of this cabinet is wrong',
  revoked: 'it was revoked',
  other_purpose: 'it was made for another purpose than a server',
  other_host: 'it is of another host',
};

/** Undefined for a code that has nothing to do with a certificate. */
export function certificateTrouble(code: string): CertificateTrouble | undefined {
  return troubles[code];
}

export interface RefusalWords {
  /** Whose certificate it is. */
  readonly whose: string;
  /** What names the certificates to trust. */
  readonly trustedBy: string;
}

const ofTheBroker: RefusalWords = { whose: "the broker's certificate", trustedBy: 'mqttCa in the settings' };

/** Why a certificate was refused, in words; undefined for any other error. */
export function certificateRefusal(
  error: unknown,
  { whose, trustedBy }: RefusalWords = ofTheBroker,
): string | undefined {
  const trouble = error instanceof Error && 'code' in error ? troubles[String(error.code)] : undefined;
  if (trouble === undefined) return undefined;
  const hint = trouble === 'unknown_signer' ? `; ${trustedBy} names the certificates to trust` : '';
  return `${whose} is refused: ${meanings[trouble]}${hint} (${errorText(error)})`;
}
