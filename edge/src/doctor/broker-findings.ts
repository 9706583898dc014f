import type { Finding } from './findings.js';
import type { BrokerGreeting, ShownCertificate } from './greet-broker.js';

/** What the doctor knows beside the greeting. */
export interface BrokerCircumstances {
  readonly url: URL;
  readonly port: number;
  /** The file with the certificates to trust; null for those of the system. */
  readonly caFile: string | null;
  readonly nowMs: number;
}

type Secure = Extract<BrokerGreeting, { kind: 'tls' }>;
type Told = Omit<Finding, 'about'>;

const dayMs = 86_400_000;
/** A certificate that ends sooner should have been renewed already. */
const soonDays = 7;

/** What the greeting of the broker means, and what to do. */
export function brokerFindings(greeting: BrokerGreeting, circumstances: BrokerCircumstances): readonly Finding[] {
  const { url, port, caFile } = circumstances;
  const place = `${url.hostname}:${port}`;
  const about = `the cloud at ${place}`;
  const asksForTls = isSecure(url);
  const told = (findings: readonly Told[]): readonly Finding[] => findings.map((finding) => ({ about, ...finding }));
  if (greeting.kind === 'unreached') return told([unreached(place, greeting.why)]);
  if (!asksForTls) {
    if (greeting.kind === 'tls') return told([wantsTls(place, url)]);
    return told([reached(place), ...(caFile === null ? [] : [uselessTrust(caFile, url)])]);
  }
  if (greeting.kind === 'no_tls') return told([noTls(place, greeting.why)]);
  return told([reached(`${place} over ${greeting.protocol}`), certificateFinding(greeting, circumstances)]);
}

/** True for an address that is reached over TLS. */
export function isSecure(mqttUrl: string | URL): boolean {
  return /^(?:mqtts|wss):/i.test(String(mqttUrl));
}

/** The day of a time, in UTC. */
export function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

function reached(place: string): Told {
  return { ok: true, found: `The cloud at ${place} is reached.`, next: null };
}

function unreached(place: string, why: string): Told {
  return {
    ok: false,
    found: `The cloud at ${place} is not reached: ${why}.`,
    next: 'Check the network cable, the address in the credentials, and the firewall. The cabinet works without it, and sends later.',
  };
}

function wantsTls(place: string, url: URL): Told {
  const secure = url.protocol === 'ws:' ? 'wss:' : 'mqtts:';
  return {
    ok: false,
    found: `The cloud at ${place} speaks TLS, and ${url.protocol}// does not.`,
    next: `Set mqttUrl to ${secure}//${place}${url.pathname}.`,
  };
}

function noTls(place: string, why: string): Told {
  return {
    ok: false,
    found: `Something listens at ${place} and does not speak TLS 1.2 or newer: ${why}.`,
    next: 'Check the port (8883 is usual for mqtts://) and what listens there.',
  };
}

function uselessTrust(caFile: string, url: URL): Told {
  return {
    ok: false,
    found: `${caFile} names certificates to trust, and ${url.protocol}// asks for none: everything goes in the clear.`,
    next: 'Set mqttUrl to an mqtts:// address, or take mqttCa out of the settings.',
  };
}

function certificateFinding({ chain, refusal }: Secure, circumstances: BrokerCircumstances): Told {
  const own = chain[0];
  if (own === undefined) {
    return { ok: false, found: 'The broker shows no certificate.', next: 'Give it one (MQTT_TLS_CERT of the cloud).' };
  }
  if (refusal !== null) return { ok: false, ...refused(refusal, own, chain, circumstances) };
  const { nowMs } = circumstances;
  const ends = chain.reduce((first, one) => (one.validToMs < first.validToMs ? one : first), own);
  const days = Math.floor((ends.validToMs - nowMs) / dayMs);
  const next =
    days < soonDays ? `Have the certificate of ${ends.subject} renewed before ${dayOf(ends.validToMs)}.` : null;
  return {
    ok: true,
    found: `The broker's certificate is of ${own.subject}, signed by ${own.issuer}, and good until ${dayOf(ends.validToMs)}.`,
    next,
  };
}

function refused(
  { trouble, code }: NonNullable<Secure['refusal']>,
  own: ShownCertificate,
  chain: readonly ShownCertificate[],
  { url, caFile, nowMs }: BrokerCircumstances,
): Omit<Told, 'ok'> {
  const clock = `the clock of this cabinet says ${dayOf(nowMs)}`;
  switch (trouble) {
    case 'unknown_signer':
      return unknownSigner(chain.at(-1) ?? own, chain.length, caFile);
    case 'other_host':
      return {
        found: `The broker's certificate is of ${own.names.join(', ') || own.subject}, not of ${url.hostname}.`,
        next: 'Set mqttUrl to a name that it is of, or have one issued with this name.',
      };
    case 'expired': {
      const old = chain.find(({ validToMs }) => validToMs < nowMs) ?? own;
      return {
        found: `The certificate of ${old.subject} has expired on ${dayOf(old.validToMs)}; ${clock}.`,
        next: 'Set the clock if it is wrong; otherwise have the certificate renewed (MQTT_TLS_CERT of the cloud).',
      };
    }
    case 'not_valid_yet': {
      const early = chain.find(({ validFromMs }) => validFromMs > nowMs) ?? own;
      return {
        found: `The certificate of ${early.subject} is valid from ${dayOf(early.validFromMs)} on; ${clock}.`,
        next: 'Set the clock of this cabinet, or wait for that day.',
      };
    }
    case 'other_purpose':
      return {
        found: `The broker's certificate (${own.subject}) was not made for a server.`,
        next: 'Have one issued with the purpose serverAuth (MQTT_TLS_CERT of the cloud).',
      };
    case 'revoked':
      return {
        found: `The broker's certificate (${own.subject}) was revoked.`,
        next: 'Do not trust what is at this address. Ask the operator of the cloud for a new certificate.',
      };
    case 'bad_signature':
    case 'other':
      return {
        found: `The broker's certificate (${own.subject}) is refused: ${code}.`,
        next: 'Show this line to the operator of the cloud; the agent does not connect while it is so.',
      };
  }
}

function unknownSigner(last: ShownCertificate, shown: number, caFile: string | null): Omit<Told, 'ok'> {
  const trusted = caFile === null ? 'not among those that this system trusts' : `not in ${caFile}`;
  const file = caFile === null ? 'a file, named as mqttCa in the settings' : caFile;
  const between = `If ${last.issuer} only stands between the broker and its root, MQTT_TLS_CERT of the cloud has to hold its certificate too.`;
  const isSelfSigned = last.issuer === last.subject;
  return {
    found: `The broker's certificate is signed by ${last.issuer}, which is ${trusted}.`,
    next:
      `Get the certificate of ${last.issuer} from the operator of the cloud, and put it into ${file}.` +
      (isSelfSigned || shown > 1 ? '' : ` ${between}`),
  };
}
