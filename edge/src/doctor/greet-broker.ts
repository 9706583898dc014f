import { isIP } from 'node:net';
import { connect, type DetailedPeerCertificate, type TLSSocket } from 'node:tls';
import { errorText } from '@tagtrail/shared/error.js';
import { type CertificateTrouble, certificateTrouble } from '../uplink/certificate-refusal.js';

/** One certificate of those that the broker shows. */
export interface ShownCertificate {
  readonly subject: string;
  readonly issuer: string;
  /** The hosts and addresses that it is of. */
  readonly names: readonly string[];
  readonly validFromMs: number;
  readonly validToMs: number;
}

/** What is at the broker's address. */
export type BrokerGreeting =
  | { readonly kind: 'unreached'; readonly why: string }
  /** Something listens there, and it does not shake hands as TLS 1.2 or 1.3 do. */
  | { readonly kind: 'no_tls'; readonly why: string }
  | {
      readonly kind: 'tls';
      readonly protocol: string;
      /** Null for a certificate that a cabinet takes. */
      readonly refusal: { readonly trouble: CertificateTrouble | 'other'; readonly code: string } | null;
      /** From the broker's own to the last that it shows, or that was found among the trusted ones. */
      readonly chain: readonly ShownCertificate[];
    };

export interface BrokerAddress {
  readonly host: string;
  readonly port: number;
}

const answerWithinMs = 5_000;

/**
 * Shakes hands as the agent would, and hangs up. It does not sign in: that would cut an agent off that
 * runs with the same credentials. A certificate that is refused is looked at nevertheless, because
 * only what it says tells what to mend; nothing is sent to whoever showed it.
 */
export function greetBroker({ host, port }: BrokerAddress, ca?: string): Promise<BrokerGreeting> {
  return new Promise((resolve) => {
    let reached = false;
    const socket = connect({
      ...{ host, port, timeout: answerWithinMs, minVersion: 'TLSv1.2', rejectUnauthorized: false },
      ...(isIP(host) === 0 ? { servername: host } : {}),
      ...(ca === undefined ? {} : { ca }),
    });
    const end = (greeting: BrokerGreeting): void => {
      socket.destroy();
      resolve(greeting);
    };
    const lost = (why: string): void => end(reached ? { kind: 'no_tls', why } : { kind: 'unreached', why });
    socket.on('connect', () => {
      reached = true;
    });
    socket.on('secureConnect', () =>
      end({
        kind: 'tls',
        protocol: socket.getProtocol() ?? '',
        refusal: refusalOf(socket),
        chain: chainOf(socket.getPeerCertificate(true)),
      }),
    );
    socket.on('timeout', () => lost('no answer'));
    socket.on('error', (error) => lost(errorText(error)));
    socket.on('close', () => lost('it hung up'));
  });
}

function refusalOf(socket: TLSSocket): Extract<BrokerGreeting, { kind: 'tls' }>['refusal'] {
  if (socket.authorized) return null;
  // An error by its type; where nothing is refused for it, its code.
  const code = String(socket.authorizationError);
  return { trouble: certificateTrouble(code) ?? 'other', code };
}

function chainOf(first: DetailedPeerCertificate): readonly ShownCertificate[] {
  const chain: ShownCertificate[] = [];
  const seen = new Set<string>();
  let next: DetailedPeerCertificate | undefined = first;
  while (next?.fingerprint256 !== undefined && !seen.has(next.fingerprint256)) {
    seen.add(next.fingerprint256);
    chain.push(shown(next));
    next = next.issuerCertificate;
  }
  return chain;
}

function shown(certificate: DetailedPeerCertificate): ShownCertificate {
  const { subject, issuer, subjectaltname = '', valid_from, valid_to } = certificate;
  return {
    subject: nameOf(subject),
    issuer: nameOf(issuer),
    names: subjectaltname.split(', ').flatMap((name) => /^(?:DNS|IP Address):(.+)$/.exec(printable(name))?.[1] ?? []),
    validFromMs: Date.parse(valid_from),
    validToMs: Date.parse(valid_to),
  };
}

/** The words of a stranger, who must not steer the terminal that they are shown on. */
function nameOf({ CN, O }: { readonly CN?: string | string[]; readonly O?: string | string[] }): string {
  return printable([CN ?? O ?? 'somebody without a name'].flat().join(', '));
}

function printable(text: string): string {
  return text.replace(/\p{C}/gu, '?');
}
