import { errorText } from '@tagtrail/shared/error.js';
import type { Log } from '@tagtrail/shared/log/log.js';
import { connect, type MqttClient } from 'mqtt';
import { createStageBook } from '../metrics/stage-book.js';
import { brokerDoors, type CabinetLink } from './cabinet-link.js';

export interface ExternalBrokerOptions {
  /** `mqtt://`, `mqtts://`, `ws://` or `wss://`, with user and password where the broker wants them. */
  readonly url: string;
  readonly clientId: string;
  readonly log: Log;
  /** Absent: this process only sends. */
  readonly onMessage?: (topic: string, payload: Uint8Array) => void;
  /** After each connect: what is retained may have to be published again. */
  readonly onConnected: () => void;
}

export interface ExternalBroker extends CabinetLink {
  readonly connected: boolean;
  /** Leaves the share, so that the other processes get what comes from now on; sending still works. */
  stopAccepting(): Promise<void>;
}

/**
 * Every ingest process subscribes to this share: the broker gives each message to one of them
 * (MQTT 5, section 4.8.2). A batch that was given to a process that died is sent again by its cabinet.
 */
export const sharedUp = '$share/tagtrail/tagtrail/v1/+/+/up/+';

/**
 * Joins a broker of the customer's own, which must speak MQTT 5. Who may publish where is then that
 * broker's to hold; events still count only with the cabinet's signature. Connects and reconnects by itself.
 */
export function joinExternalBroker(options: ExternalBrokerOptions): ExternalBroker {
  const { log, onMessage } = options;
  const client = connect(options.url, {
    clientId: options.clientId,
    clean: true,
    protocolVersion: 5,
    keepalive: 30,
    reconnectPeriod: 2_000,
    resubscribe: false,
    queueQoSZero: false,
  });
  client.on('connect', () => {
    log.info({}, 'broker.external.connected');
    if (onMessage === undefined) return options.onConnected();
    client.subscribe(sharedUp, { qos: 1 }, (error) => {
      if (error) log.error({ reason: errorText(error) }, 'broker.external.subscription_refused');
      else options.onConnected();
    });
  });
  client.on('error', (error) => log.warn({ reason: errorText(error) }, 'broker.external.failed'));
  client.on('offline', () => log.warn({}, 'broker.external.lost'));
  const book = createStageBook(brokerDoors);
  if (onMessage !== undefined) {
    client.on('message', (topic, payload) => {
      book.enter();
      onMessage(topic, payload);
      book.leave('passed');
    });
  }
  return {
    get connected() {
      return client.connected;
    },
    publish: (topic, body, { retain }) =>
      new Promise((resolve) => {
        if (!client.connected) resolve();
        else client.publish(topic, body, { qos: 1, retain }, () => resolve());
      }),
    book: () => book.read(),
    stopAccepting: () => leaveShare(client),
    close: () => new Promise((resolve) => client.end(false, {}, () => resolve())),
  };
}

function leaveShare(client: MqttClient): Promise<void> {
  return new Promise((resolve) => {
    if (!client.connected) resolve();
    else client.unsubscribe(sharedUp, () => resolve());
  });
}
