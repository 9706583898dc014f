import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { type Certificate, secureContextOf } from '../tls/certificate.js';

/** Puts TLS around sockets that have just come in. */
export interface SecureSockets {
  readonly secure: (socket: Socket) => Socket;
  /**
   * Sockets that come in from now on get this certificate.
   * @throws AppError `broker.bad_certificate`; the one before stays then.
   */
  renew(certificate: Certificate): void;
}

/** @throws AppError `broker.bad_certificate` for what is no certificate, or a key of another one. */
export function secureSockets(certificate: Certificate): SecureSockets {
  let secureContext = secureContextOf(certificate, 'MQTT_TLS');
  return {
    secure: (socket) => new TLSSocket(socket, { isServer: true, secureContext }),
    renew: (next) => {
      secureContext = secureContextOf(next, 'MQTT_TLS');
    },
  };
}
