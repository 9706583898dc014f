import { describe, expect, it } from 'vitest';
import { brokerFindings, isSecure } from './broker-findings.js';
import type { BrokerGreeting, ShownCertificate } from './greet-broker.js';

const dayMs = 86_400_000;
const nowMs = Date.UTC(2026, 10, 26, 12);
const own: ShownCertificate = {
  ...{ subject: 'broker', issuer: 'the authority', names: ['tools.example'] },
  ...{ validFromMs: nowMs - 30 * dayMs, validToMs: nowMs + 30 * dayMs },
};
const root: ShownCertificate = { ...own, subject: 'the authority', names: [], validToMs: nowMs + 300 * dayMs };
type Refusal = Extract<BrokerGreeting, { kind: 'tls' }>['refusal'];
const shaken = (refusal: Refusal, chain: readonly ShownCertificate[] = [own, root]): BrokerGreeting => ({
  ...{ kind: 'tls', protocol: 'TLSv1.3', refusal, chain },
});
const refused = (trouble: NonNullable<Refusal>['trouble'], chain?: readonly ShownCertificate[]): BrokerGreeting =>
  shaken({ trouble, code: 'A_CODE' }, chain);

function findings(greeting: BrokerGreeting, mqttUrl = 'mqtts://tools.example:8883', caFile: string | null = '/ca.pem') {
  const url = new URL(mqttUrl);
  return brokerFindings(greeting, { url, port: Number(url.port), caFile, nowMs });
}
const last = (...about: Parameters<typeof findings>) => findings(...about).at(-1);

describe('what the doctor says of the way to the cloud', () => {
  it('is content with a certificate that the agent takes, and tells how long it is good', () => {
    expect(findings(shaken(null))).toEqual([
      {
        about: 'the cloud at tools.example:8883',
        ...{ ok: true, found: 'The cloud at tools.example:8883 over TLSv1.3 is reached.', next: null },
      },
      {
        about: 'the cloud at tools.example:8883',
        ...{ ok: true, next: null },
        found: "The broker's certificate is of broker, signed by the authority, and good until 2026-12-26.",
      },
    ]);
  });

  it.each([
    ['of the broker', [{ ...own, validToMs: nowMs + 6 * dayMs }, root], 'broker', '2026-12-02'],
    ['of the authority', [own, { ...root, validToMs: nowMs + 2 * dayMs }], 'the authority', '2026-11-28'],
  ] as const)('asks for a renewal while the certificate %s is still good', (_whose, chain, name, day) => {
    const next = `Have the certificate of ${name} renewed before ${day}.`;
    expect(last(shaken(null, chain))).toMatchObject({ ok: true, next });
  });

  it('names whom to trust, and where', () => {
    expect(last(refused('unknown_signer', [own]))).toMatchObject({
      ok: false,
      found: "The broker's certificate is signed by the authority, which is not in /ca.pem.",
      next: expect.stringMatching(
        /^Get the certificate of the authority .*into \/ca\.pem\. If the authority only stands/,
      ),
    });
    expect(last(refused('unknown_signer', [own]), undefined, null)).toMatchObject({
      found: expect.stringContaining('not among those that this system trusts'),
      next: expect.stringContaining('named as mqttCa in the settings'),
    });
    const itself = { ...own, issuer: own.subject };
    expect(last(refused('unknown_signer', [itself]))?.next).not.toContain('MQTT_TLS_CERT');
  });

  it.each([
    ['other_host', [own], 'of tools.example, not of 10.0.0.7', 'Set mqttUrl to a name that it is of'],
    ['expired', [own, { ...root, validToMs: nowMs - dayMs }], 'of the authority has expired on 2026-11-25', 'clock'],
    ['expired', [own], 'the clock of this cabinet says 2026-11-26', 'MQTT_TLS_CERT'],
    ['not_valid_yet', [{ ...own, validFromMs: nowMs + dayMs }], 'valid from 2026-11-27 on', 'Set the clock'],
    ['other_purpose', [own], 'not made for a server', 'serverAuth'],
    ['revoked', [own], 'revoked', 'Do not trust'],
    ['bad_signature', [own], 'refused: A_CODE', 'operator'],
    ['other', [own], 'refused: A_CODE', 'operator'],
  ] as const)('says what to mend of a certificate that is %s', (trouble, chain, found, next) => {
    expect(last(refused(trouble, chain), 'mqtts://10.0.0.7:8883')).toMatchObject({
      ok: false,
      found: expect.stringContaining(found),
      next: expect.stringContaining(next),
    });
  });

  it('tells a broker in the clear from one that speaks TLS, whichever the settings ask for', () => {
    const clear: BrokerGreeting = { kind: 'no_tls', why: 'it hung up' };
    expect(last(clear)).toMatchObject({ ok: false, next: expect.stringContaining('8883') });
    expect(findings(clear, 'mqtt://tools.example:1883', null)).toMatchObject([{ ok: true, next: null }]);
    expect(last(clear, 'mqtt://tools.example:1883')).toMatchObject({
      ok: false,
      found: expect.stringContaining('in the clear'),
    });
    for (const [from, to] of [
      ['mqtt://tools.example:8883', 'mqtts://tools.example:8883'],
      ['ws://tools.example:443/mqtt', 'wss://tools.example:443/mqtt'],
    ] as const) {
      expect(last(shaken(null), from)).toMatchObject({ ok: false, next: `Set mqttUrl to ${to}.` });
    }
  });

  it('says that nothing is there', () => {
    const nobody = last({ kind: 'unreached', why: 'connect ECONNREFUSED' });
    expect(nobody).toMatchObject({ ok: false, found: expect.stringContaining('not reached: connect ECONNREFUSED.') });
  });

  it('knows which addresses are reached over TLS', () => {
    const secure = ['mqtts://a', 'wss://a', 'MQTTS://a'].map(isSecure);
    expect([...secure, ...['mqtt://mqtts', 'ws://a'].map(isSecure)]).toEqual([true, true, true, false, false]);
  });
});
