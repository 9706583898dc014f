import { AppError, errorText } from '@tagtrail/shared/error.js';
import type { Log } from '@tagtrail/shared/log/log.js';
import { type CabinetAddress, downFilter } from '@tagtrail/shared/mqtt/topics.js';
import type { Random } from '@tagtrail/shared/random/random.js';
import type { Clock, Timer } from '@tagtrail/shared/time/clock.js';
import { connect, type IClientOptions, type MqttClient } from 'mqtt';
import { certificateRefusal } from './certificate-refusal.js';
import { reconnectDelayMs } from './reconnect-delay.js';
import type { Transport, TransportListener } from './transport.js';

export interface MqttTransportOptions {
  readonly url: string;
  readonly identity: CabinetAddress;
  readonly secret: string;
  /** Certificates (PEM) to trust for the broker, where it is reached over TLS; those of the system when left out. */
  readonly ca?: string;
  /** Retained as the last word when the connection is lost without a goodbye. */
  readonly will: { readonly topic: string; readonly payload: string };
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

const times = { keepaliveSeconds: 10, connectTimeoutMs: 10_000, goodbyeMs: 1_000 } as const;

/**
 * MQTT 3.1.1 with a clean session. Each attempt makes a new client and throws the old one away,
 * and with it all that the package had stored to send again: the journal is the only store.
 */
export function createMqttTransport(options: MqttTransportOptions): Transport {
  const { clock, random, log } = options;
  let listener: TransportListener | undefined;
  let client: MqttClient | undefined;
  let ready = false;
  /** There was no connection yet: the cloud may be starting just as we are. */
  let fresh = true;
  let failures = 0;
  let retry: Timer | undefined;
  let closing = false;

  const attempt = (): void => {
    const own = connectOnce(options, {
      onReady: () => {
        ready = true;
        fresh = false;
        failures = 0;
        listener?.onConnected();
      },
      onMessage: (topic, payload) => listener?.onMessage(topic, payload),
      onEnd: (reason) => {
        if (own !== client) return;
        client = undefined;
        ready = false;
        if (closing) return;
        failures++;
        const delayMs = reconnectDelayMs(failures, { fresh, random });
        log.info({ reason, delayMs }, 'uplink.connection.lost');
        retry = clock.startTimer('uplink.reconnect', delayMs, attempt);
        listener?.onDisconnected(reason);
      },
    });
    client = own;
  };

  return {
    start: (to) => {
      listener = to;
      attempt();
    },
    publish: async (topic, payload, { retain = false } = {}) => {
      if (client === undefined || !ready) throw notConnected();
      try {
        await client.publishAsync(topic, payload, { qos: 1, retain });
      } catch (cause) {
        throw new AppError('uplink.not_sent', 'the connection was lost while sending', { kind: 'peer', cause });
      }
    },
    close: async (goodbye) => {
      closing = true;
      retry?.cancel();
      const own = client;
      if (own === undefined) return;
      if (ready) await inTime(clock, own.publishAsync(goodbye.topic, goodbye.payload, { qos: 1, retain: true }));
      ready = false;
      await inTime(clock, own.endAsync(false));
      own.end(true);
    },
  };
}

/** One connection, from the attempt to its end; `onEnd` is called once, the others only before it. */
function connectOnce(
  options: MqttTransportOptions,
  on: { onReady(): void; onMessage(topic: string, payload: Uint8Array): void; onEnd(reason: string): void },
): MqttClient {
  const client = connect(options.url, clientOptions(options));
  let reason = 'the connection was closed';
  let ended = false;
  const giveUp = (why: string): void => {
    reason = why;
    client.end(true);
  };
  client.on('connect', () => {
    client.subscribeAsync(downFilter(options.identity), { qos: 1 }).then(
      (granted) => {
        if (ended) return;
        // A broker may refuse a subscription politely, with a quality of service that is none (MQTT 3.1.1, 3.9.3).
        if (granted.some(({ qos }) => qos > 2)) giveUp('the broker refuses the subscription');
        else on.onReady();
      },
      (error) => giveUp(`the broker refuses the subscription: ${errorText(error)}`),
    );
  });
  client.on('message', (topic, payload) => {
    if (!ended) on.onMessage(topic, payload);
  });
  let refused: string | undefined;
  client.on('error', (error) => {
    refused ??= certificateRefusal(error);
    giveUp(refused ?? errorText(error));
  });
  client.once('close', () => {
    ended = true;
    client.end(true);
    if (refused !== undefined) options.log.error({ url: options.url, reason: refused }, 'uplink.certificate.refused');
    on.onEnd(reason);
  });
  return client;
}

function clientOptions({ identity, secret, will, ca }: MqttTransportOptions): IClientOptions {
  return {
    protocolVersion: 4,
    clean: true,
    clientId: identity.cabinet,
    username: `${identity.tenant}/${identity.cabinet}`,
    password: secret,
    keepalive: times.keepaliveSeconds,
    connectTimeout: times.connectTimeoutMs,
    // For mqtts and wss; a broker that cannot prove its name gets neither our secret nor our events.
    ...{ rejectUnauthorized: true, minVersion: 'TLSv1.2' as const, ...(ca === undefined ? {} : { ca }) },
    // Reconnecting is decided here, with a fresh client and so an empty store each time.
    reconnectPeriod: 0,
    queueQoSZero: false,
    resubscribe: false,
    will: { topic: will.topic, payload: Buffer.from(will.payload), qos: 1, retain: true },
  };
}

function notConnected(): AppError {
  return new AppError('uplink.not_connected', 'there is no connection to the cloud', { kind: 'peer' });
}

/** Waits for `work`, but never longer than a goodbye is worth; how it ends does not matter. */
function inTime(clock: Clock, work: Promise<unknown>): Promise<void> {
  return new Promise((resolve) => {
    const timer = clock.startTimer('uplink.goodbye', times.goodbyeMs, resolve);
    work
      .catch(() => {})
      .finally(() => {
        timer.cancel();
        resolve();
      });
  });
}
