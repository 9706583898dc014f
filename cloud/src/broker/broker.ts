import { createServer, type Server } from 'node:net';
import { AppError } from '@tagtrail/shared/error.js';
import { seldomLog } from '@tagtrail/shared/log/seldom-log.js';
import type { CabinetAddress } from '@tagtrail/shared/mqtt/topics.js';
import type { Clock } from '@tagtrail/shared/time/clock.js';
import { Aedes, type Client } from 'aedes';
import { createStageBook } from '../metrics/stage-book.js';
import type { Certificate } from '../tls/certificate.js';
import { type BrokerAccessOptions, brokerAccess, bytesOf } from './broker-access.js';
import { secureSockets } from './broker-tls.js';
import { brokerDoors, type CabinetLink } from './cabinet-link.js';
import { createPacketGuard } from './packet-guard.js';
import { createTakeovers } from './takeovers.js';

export interface BrokerOptions extends BrokerAccessOptions {
  /** 0 for any free one. */
  readonly port: number;
  readonly host: string;
  /** Absent: cabinets talk to it in the clear. */
  readonly certificate?: Certificate | undefined;
  readonly clock: Clock;
  /** What is remembered of this cabinet is no longer true. */
  readonly onCutOff?: (address: CabinetAddress) => void;
  /** A message of a cabinet on its own `up/` topics. */
  readonly onMessage: (topic: string, payload: Uint8Array) => void;
}

export interface Broker extends CabinetLink {
  readonly port: number;
  /** Stops accepting cabinets; those that are connected stay until `close`. */
  stopAccepting(): void;
  cutOff(address: CabinetAddress): void;
  /**
   * For cabinets that connect from now on, where there was a certificate before.
   * @throws AppError `broker.bad_certificate`.
   */
  renewCertificate(certificate: Certificate): void;
  readonly connected: number;
}

/** Cabinets ping at least this often. */
const keepaliveLimitSeconds = 90;

/**
 * The MQTT 3.1.1 broker inside the cloud. It stores nothing: cabinets keep their events until the
 * cloud says that they are committed.
 * @throws AppError `broker.port_taken`, `broker.bad_certificate`.
 */
export async function startBroker(options: BrokerOptions): Promise<Broker> {
  const { clock, log, certificate } = options;
  const sockets = certificate === undefined ? undefined : secureSockets(certificate);
  const clients = new Map<string, Client>();
  const book = createStageBook(brokerDoors);
  const takeovers = createTakeovers();
  const seldom = seldomLog(log, clock);

  const aedes = await Aedes.createBroker({
    concurrency: 100,
    connectTimeout: 30_000,
    drainTimeout: 10_000,
    keepaliveLimit: keepaliveLimitSeconds,
    maxTopicLevels: 12,
    queueLimit: 100,
    ...brokerAccess({
      ...options,
      mayConnect: (id) => !clients.has(id) || takeovers.mayTakeOver(id, clock.monotonicMs()),
      onReceived: book.enter,
      onForbidden: (address, what) => {
        book.leave('forbidden');
        options.onForbidden(address, what);
      },
    }),
  });
  aedes.on('clientReady', (client) => clients.set(client.id, client));
  aedes.on('clientDisconnect', (client) => {
    if (clients.get(client.id) === client) clients.delete(client.id);
  });
  aedes.on('clientError', (client, error) =>
    seldom.info({ client: client.id, reason: error.message }, 'broker.client.failed'),
  );
  aedes.on('connectionError', (_client, error) => seldom.info({ reason: error.message }, 'broker.connection.refused'));
  await subscribeUp(aedes, (topic, payload) => {
    book.leave('passed');
    options.onMessage(topic, payload);
  });

  const guard = createPacketGuard({
    clock,
    secure: sockets?.secure,
    onStream: (stream) => void aedes.handle(stream),
    onRefused: (reason, address) => seldom.warn({ reason, address }, 'broker.peer.refused'),
  });
  const server = createServer({ noDelay: true }, (socket) => guard.accept(socket));
  const port = await listenOn(server, options).catch(async (error: unknown) => {
    await closeBroker(aedes);
    throw error;
  });
  return {
    port,
    get connected() {
      return clients.size;
    },
    book: () => book.read(),
    publish: (topic, body, { retain }) => publish(aedes, { topic, body, retain }),
    stopAccepting: () => void server.close(),
    cutOff: (address) => {
      options.onCutOff?.(address);
      clients.get(address.cabinet)?.close();
    },
    renewCertificate: (next) => sockets?.renew(next),
    close: async () => {
      server.close();
      await closeBroker(aedes);
    },
  };
}

function closeBroker(aedes: Aedes): Promise<void> {
  return new Promise((resolve) => aedes.close(() => resolve()));
}

function subscribeUp(aedes: Aedes, onMessage: BrokerOptions['onMessage']): Promise<void> {
  return new Promise((resolve) => {
    aedes.subscribe(
      'tagtrail/v1/+/+/up/+',
      (packet, done) => {
        onMessage(packet.topic, bytesOf(packet.payload));
        done();
      },
      resolve,
    );
  });
}

function publish(aedes: Aedes, message: { topic: string; body: string; retain: boolean }): Promise<void> {
  const packet = {
    cmd: 'publish' as const,
    topic: message.topic,
    payload: Buffer.from(message.body),
    qos: 1 as const,
    retain: message.retain,
    dup: false,
  };
  return new Promise((resolve) => {
    if (aedes.closed) resolve();
    // A message that does not get through is asked for again by the cabinet.
    else aedes.publish(packet, () => resolve());
  });
}

function listenOn(server: Server, { port, host }: BrokerOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const text =
        error.code === 'EADDRINUSE'
          ? `Port ${port} for MQTT is taken. Set MQTT_PORT to another one.`
          : `The broker cannot listen on ${host}:${port} (MQTT_PORT): ${error.message}`;
      reject(new AppError('broker.port_taken', text, { kind: 'operator', cause: error }));
    });
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}
