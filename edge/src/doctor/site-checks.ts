import { readFileSync } from 'node:fs';
import { errorText } from '@tagtrail/shared/error.js';
import { brokerFindings } from './broker-findings.js';
import { trustFindings } from './broker-trust.js';
import type { Finding } from './findings.js';
import { greetBroker } from './greet-broker.js';

const usualPorts: Readonly<Record<string, number>> = { 'mqtt:': 1883, 'mqtts:': 8883, 'ws:': 80, 'wss:': 443 };

/**
 * Whether the agent could reach the broker, and, over TLS, whether it would take its certificate.
 * @param caFile Absolute path of the certificates to trust (PEM); null for those of the system.
 */
export async function checkBroker(mqttUrl: string, caFile: string | null, nowMs: number): Promise<readonly Finding[]> {
  const url = URL.canParse(mqttUrl) ? new URL(mqttUrl) : undefined;
  if (url === undefined) {
    const next = 'Set mqttUrl in the settings to an mqtt:// or mqtts:// address.';
    return [{ about: 'the cloud', ok: false, found: `${mqttUrl} is not the address of a broker.`, next }];
  }
  const port = url.port === '' ? (usualPorts[url.protocol] ?? 1883) : Number(url.port);
  let ca: string | undefined;
  const file = checkFile(`the file with the certificates to trust, ${caFile}`, () => {
    if (caFile !== null) ca = readFileSync(caFile, 'utf8');
  });
  if (!file.ok) return [file];
  const trust = caFile === null || ca === undefined ? [] : trustFindings(caFile, ca, nowMs);
  const greeting = await greetBroker({ host: url.hostname.replace(/^\[|\]$/g, ''), port }, ca);
  return [...trust, ...brokerFindings(greeting, { url, port, caFile, nowMs })];
}

/** What the loading of a file of the cabinet said. */
export function checkFile(about: string, load: () => void): Finding {
  try {
    load();
    return { about, ok: true, found: `${capital(about)} can be read.`, next: null };
  } catch (error) {
    return { about, ok: false, found: `${capital(about)} cannot be used.`, next: errorText(error) };
  }
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
