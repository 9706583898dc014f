import { X509Certificate } from 'node:crypto';
import { errorText } from '@tagtrail/shared/error.js';
import { dayOf } from './broker-findings.js';
import type { Finding } from './findings.js';

const block = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** What is wrong with the certificates that the cabinet is told to trust (PEM); none when nothing is. */
export function trustFindings(file: string, text: string, nowMs: number): readonly Finding[] {
  const about = `the certificates to trust in ${file}`;
  const wrong = (found: string, next: string): Finding => ({ about, ok: false, found, next });
  const findings: Finding[] = [];
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)) {
    findings.push(
      wrong(
        `${file} holds a private key.`,
        'Take the key out: a cabinet needs the certificate of whoever signs alone.',
      ),
    );
  }
  const blocks = text.match(block) ?? [];
  if (blocks.length === 0) {
    return [
      ...findings,
      wrong(`${file} holds no certificate.`, 'Put the certificate of whoever signs for the broker into it, as PEM.'),
    ];
  }
  for (const [index, pem] of blocks.entries()) {
    try {
      const { subject, validTo } = new X509Certificate(pem);
      if (Date.parse(validTo) >= nowMs) continue;
      const name = subject.split('\n').join(', ');
      findings.push(
        wrong(
          `${name} in ${file} has expired on ${dayOf(Date.parse(validTo))}; the clock of this cabinet says ${dayOf(nowMs)}.`,
          'Set the clock if it is wrong; otherwise ask whoever signs for the broker for the new certificate.',
        ),
      );
    } catch (error) {
      findings.push(wrong(`Certificate ${index + 1} in ${file} cannot be read.`, errorText(error)));
    }
  }
  return findings;
}
