import { constants } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';
import { AppError, errorText } from '@tagtrail/shared/error.js';

/** The broker's certificate, with those between it and the root, and its key; both PEM. */
export interface BrokerCertificate {
  readonly cert: string;
  readonly key: string;
}

/** Forward secrecy and authenticated encryption only (RFC 9325, section 4.2); TLS 1.3 has nothing else. */
const ciphers = [
  ...['TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256', 'TLS_AES_128_GCM_SHA256'],
  ...['ECDHE-ECDSA-AES256-GCM-SHA384', 'ECDHE-RSA-AES256-GCM-SHA384'],
  ...['ECDHE-ECDSA-CHACHA20-POLY1305', 'ECDHE-RSA-CHACHA20-POLY1305'],
  ...['ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDHE-RSA-AES128-GCM-SHA256'],
].join(':');

/** @throws AppError `broker.bad_certificate` when one of the two files cannot be read. */
export async function readCertificate(files: {
  readonly certFile: string;
  readonly keyFile: string;
}): Promise<BrokerCertificate> {
  const read = (file: string, setting: string): Promise<string> =>
    readFile(file, 'utf8').catch((error: unknown) => {
      throw badCertificate(`${file} (${setting}) cannot be read: ${errorText(error)}`, error);
    });
  return { cert: await read(files.certFile, 'MQTT_TLS_CERT'), key: await read(files.keyFile, 'MQTT_TLS_KEY') };
}

/**
 * Puts TLS 1.2 or 1.3 around a socket that has just come in. Renegotiation is refused: TLS 1.2 lets a
 * client ask for it as often as it likes, and only the server pays.
 * @throws AppError `broker.bad_certificate` for what is no certificate, or a key of another one.
 */
export function secureSockets({ cert, key }: BrokerCertificate): (socket: Socket) => Socket {
  let secureContext: ReturnType<typeof createSecureContext>;
  try {
    secureContext = createSecureContext({
      ...{ cert, key, ciphers, minVersion: 'TLSv1.2', honorCipherOrder: true },
      secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
    });
  } catch (error) {
    throw badCertificate(`MQTT_TLS_CERT and MQTT_TLS_KEY do not go together: ${errorText(error)}`, error);
  }
  return (socket) => new TLSSocket(socket, { isServer: true, secureContext });
}

function badCertificate(text: string, cause: unknown): AppError {
  return new AppError('broker.bad_certificate', text, { kind: 'operator', cause });
}
