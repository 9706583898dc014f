import { errorText } from '@tagtrail/shared/error.js';
import type { Log } from '@tagtrail/shared/log/log.js';
import { connect } from 'mqtt';
import type { CabinetLink } from './cabinet-link.js';

export interface ExternalBrokerOptions {
  /** `mqtt://`, `mqtts://`, `ws://` or `wss://`, with user and password where the broker wants them. */
  readonly url: string;
  readonly clientId: string;
  readonly log: Log;
  readonly onMessage: (topic: string, payload: Uint8Array) => void;
  /** After each connect: what is retained may have to be published again. */
  readonly onConnected: () => void;
}

/**
 * Joins a broker of the customer's own. Who may publish where is then that broker's to hold; events
 * still count only with the cabinet's signature. Connects and reconnects by itself.
 */
export function joinExternalBroker(options: ExternalBrokerOptions): CabinetLink {
  const { log } = options;
  const client = connect(options.url, {
    clientId: options.clientId,
    clean: true,
    protocolVersion: 4,
    keepalive: 30,
    reconnectPeriod: 2_000,
    queueQoSZero: false,
  });
  client.on('connect', () => {
    log.info({}, 'broker.external.connected');
    client.subscribe('tagtrail/v1/+/+/up/+', { qos: 1 }, (error) => {
      if (error) log.error({ reason: errorText(error) }, 'broker.external.subscription_refused');
      else options.onConnected();
    });
  });
  client.on('error', (error) => log.warn({ reason: errorText(error) }, 'broker.external.failed'));
  client.on('offline', () => log.warn({}, 'broker.external.lost'));
  client.on('message', (topic, payload) => options.onMessage(topic, payload));
  return {
    publish: (topic, body, { retain }) =>
      new Promise((resolve) => {
        if (!client.connected) resolve();
        else client.publish(topic, body, { qos: 1, retain }, () => resolve());
      }),
    close: () => new Promise((resolve) => client.end(false, {}, () => resolve())),
  };
}
