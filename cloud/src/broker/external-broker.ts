import { errorText } from '@tagtrail/shared/error.js';
import type { Log } from '@tagtrail/shared/log/log.js';
import { connect, type MqttClient } from 'mqtt';
import { createStageBook } from '../metrics/stage-book.js';
import { type BrokerFault, type BrokerOffers, brokerFaults, refusalText, trialTopic } from './broker-fitness.js';
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
  /** What the trials after the last connect found; empty for a broker that fits. */
  faults(): readonly BrokerFault[];
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
 * broker's to hold; events still count only with the cabinet's signature. Connects and reconnects by itself, and
 * tries after each connect whether the broker can do what is asked of it. One that grants a subscription and does not
 * deliver cannot be told from one whose cabinets are silent.
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
  let faults: readonly BrokerFault[] = [];
  client.on('connect', ({ properties }) => {
    log.info({}, 'broker.external.connected');
    void tryOut(client, { offers: (properties ?? {}) as BrokerOffers, listens: onMessage !== undefined }).then(
      (found) => {
        faults = found;
        for (const { code, text } of found) log.error({ code, reason: text }, 'broker.external.unfit');
        if (!found.some(({ code }) => code === 'broker.listening_refused')) options.onConnected();
      },
    );
  });
  client.on('error', (error) => {
    const advice = refusalText((error as { code?: unknown }).code);
    log.warn({ reason: advice ?? errorText(error) }, 'broker.external.failed');
  });
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
    faults: () => faults,
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

/** Listens and speaks once; where the connection ends meanwhile, the next one is tried. */
async function tryOut(
  client: MqttClient,
  { offers, listens }: { readonly offers: BrokerOffers; readonly listens: boolean },
): Promise<readonly BrokerFault[]> {
  const listened = listens
    ? await new Promise<number>((resolve) => {
        client.subscribe(sharedUp, { qos: 1 }, (error) => resolve(codeOf(error)));
      })
    : null;
  const qos = offers.maximumQoS === 0 ? 0 : 1;
  const spoke = await new Promise<number>((resolve) => {
    client.publish(trialTopic, '', { qos, retain: false }, (error) => resolve(codeOf(error)));
  });
  return brokerFaults({ offers, listened, spoke });
}

/** The reason code of a refusal; 0 for anything that the broker did not say. */
function codeOf(error: unknown): number {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'number' ? code : 0;
}

function leaveShare(client: MqttClient): Promise<void> {
  return new Promise((resolve) => {
    if (!client.connected) resolve();
    else client.unsubscribe(sharedUp, () => resolve());
  });
}
