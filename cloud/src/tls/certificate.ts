import { constants, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSecureContext, type SecureContext, type SecureContextOptions } from 'node:tls';
import { AppError, errorText } from '@tagtrail/shared/error.js';

/** A certificate, with those between it and the root, and its key; both PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** Absolute paths. */
export interface CertificateFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

/** For whom it is: the settings begin like this, and the code of the error follows from it. */
export type CertificateUse = 'MQTT_TLS' | 'TLS';

/** Forward secrecy and authenticated encryption only (RFC 9325, section 4.2); TLS 1.3 has nothing else. */
const ciphers = [
  ...['TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256', 'TLS_AES_128_GCM_SHA256'],
  ...['ECDHE-ECDSA-AES256-GCM-SHA384', 'ECDHE-RSA-AES256-GCM-SHA384'],
  ...['ECDHE-ECDSA-CHACHA20-POLY1305', 'ECDHE-RSA-CHACHA20-POLY1305'],
  ...['ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDHE-RSA-AES128-GCM-SHA256'],
].join(':');

/** @throws AppError `broker.bad_certificate` or `cloud.bad_certificate` when one of the two files cannot be read. */
export async function readCertificate(files: CertificateFiles, use: CertificateUse): Promise<Certificate> {
  const read = (file: string, setting: string): Promise<string> =>
    readFile(file, 'utf8').catch((error: unknown) => {
      throw badCertificate(use, `${file} (${setting}) cannot be read: ${errorText(error)}`, error);
    });
  return { cert: await read(files.certFile, `${use}_CERT`), key: await read(files.keyFile, `${use}_KEY`) };
}

/**
 * TLS 1.2 or 1.3 with it. Renegotiation is refused: TLS 1.2 lets a client ask for it as often as it likes, and only
 * the server pays.
 */
export function tlsOptions({ cert, key }: Certificate): SecureContextOptions {
  return {
    ...{ cert, key, ciphers, minVersion: 'TLSv1.2', honorCipherOrder: true },
    secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
  };
}

/**
 * @throws AppError `broker.bad_certificate` or `cloud.bad_certificate` for what is no certificate, or a key of another
 * one.
 */
export function secureContextOf(certificate: Certificate, use: CertificateUse): SecureContext {
  try {
    return createSecureContext(tlsOptions(certificate));
  } catch (error) {
    throw badCertificate(use, `${use}_CERT and ${use}_KEY do not go together: ${errorText(error)}`, error);
  }
}

/** The wall time at which the first of its certificates, the own one, ends. */
export function endsAtMs({ cert }: Certificate): number {
  return Date.parse(new X509Certificate(cert).validTo);
}

function badCertificate(use: CertificateUse, text: string, cause: unknown): AppError {
  const code = use === 'MQTT_TLS' ? 'broker.bad_certificate' : 'cloud.bad_certificate';
  return new AppError(code, text, { kind: 'operator', cause });
}
