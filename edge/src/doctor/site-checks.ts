import { connect } from 'node:net';
import { errorText } from '@tagtrail/shared/error.js';
import type { Finding } from './findings.js';

const connectWithinMs = 5_000;
const usualPorts: Readonly<Record<string, number>> = { 'mqtt:': 1883, 'mqtts:': 8883, 'ws:': 80, 'wss:': 443 };

/**
 * Whether the broker can be reached. It does not sign in: that would cut an agent off that runs
 * with the same credentials.
 */
export function checkBroker(mqttUrl: string): Promise<Finding> {
  const url = new URL(mqttUrl);
  const port = url.port === '' ? (usualPorts[url.protocol] ?? 1883) : Number(url.port);
  const about = `the cloud at ${url.hostname}:${port}`;
  return new Promise((resolve) => {
    const socket = connect({ host: url.hostname, port, timeout: connectWithinMs });
    const end = (finding: Omit<Finding, 'about'>): void => {
      socket.destroy();
      resolve({ about, ...finding });
    };
    const lost = (why: string): void =>
      end({
        ok: false,
        found: `The cloud at ${url.hostname}:${port} is not reached: ${why}.`,
        next: 'Check the network cable, the address in the credentials, and the firewall. The cabinet works without it, and sends later.',
      });
    socket.on('connect', () =>
      end({ ok: true, found: `The cloud at ${url.hostname}:${port} is reached.`, next: null }),
    );
    socket.on('timeout', () => lost('no answer'));
    socket.on('error', (error) => lost(errorText(error)));
  });
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
