import { createServer, type Server } from 'node:net';
import { AppError, errorText } from '@tagtrail/shared/error.js';
import type { Log } from '@tagtrail/shared/log/log.js';
import type { CabinetAddress } from '@tagtrail/shared/mqtt/topics.js';
import type { Clock } from '@tagtrail/shared/time/clock.js';
import { Aedes, type AuthenticateError, type Client, type ConnectPacket } from 'aedes';
import { type CabinetAccount, claimedAddress, isAuthentic } from './authenticate.js';
import type { CabinetLink } from './cabinet-link.js';
import { createPacketGuard } from './packet-guard.js';
import { mayLeaveWill, mayPublish, mayReceive, maySubscribe } from './topic-access.js';

export interface BrokerOptions {
  /** 0 for any free one. */
  readonly port: number;
  readonly host: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly findAccount: (address: CabinetAddress) => Promise<CabinetAccount | undefined>;
  /** A message of a cabinet on its own `up/` topics. */
  readonly onMessage: (topic: string, payload: Uint8Array) => void;
  /** A message that the cabinet may not send; it was swallowed. */
  readonly onForbidden: (address: CabinetAddress, what: { detail: string; payload: Uint8Array }) => void;
}

export interface Broker extends CabinetLink {
  readonly port: number;
  /** Stops accepting cabinets; those that are connected stay until `close`. */
  stopAccepting(): void;
  /** Cuts a cabinet off, as after its secret was revoked. */
  disconnect(cabinet: string): void;
  readonly connected: number;
}

/** Cabinets ping at least this often. */
const keepaliveLimitSeconds = 90;
/** Where a message goes that may not be sent: nobody listens. It is acknowledged, else it would come back for ever. */
const nowhere = 'tagtrail/refused';

/**
 * The MQTT 3.1.1 broker inside the cloud. It stores nothing: cabinets keep their events until the
 * cloud says that they are committed.
 * @throws AppError `broker.port_taken`.
 */
export async function startBroker(options: BrokerOptions): Promise<Broker> {
  const { clock, log } = options;
  const packets = new WeakMap<Client, ConnectPacket>();
  const addresses = new WeakMap<Client, CabinetAddress>();
  const clients = new Map<string, Client>();

  async function admit(
    client: Client,
    username: string | undefined,
    password: Uint8Array | undefined,
  ): Promise<number> {
    const packet = packets.get(client);
    const credentials = { clientId: packet?.clientId ?? '', username, password };
    const address = claimedAddress(credentials);
    if (packet === undefined || address === undefined) return 4;
    if (!isAuthentic(credentials, await options.findAccount(address))) return 4;
    const { will } = packet;
    if (
      will !== undefined &&
      !mayLeaveWill(address, { topic: will.topic, qos: will.qos ?? 0, retain: will.retain ?? false })
    )
      return 5;
    addresses.set(client, address);
    return 0;
  }

  const aedes = await Aedes.createBroker({
    concurrency: 100,
    connectTimeout: 30_000,
    drainTimeout: 10_000,
    keepaliveLimit: keepaliveLimitSeconds,
    maxTopicLevels: 12,
    queueLimit: 100,
    preConnect: (client, packet, done) => {
      packets.set(client, packet);
      // Nothing is kept for a cabinet that is away, whatever it asks for.
      packet.clean = true;
      done(null, true);
    },
    authenticate: (client, username, password, done) => {
      admit(client, username, password).then(
        (code) => (code === 0 ? done(null, true) : done(connectRefusal(code), null)),
        (error: unknown) => {
          log.error({ reason: errorText(error) }, 'broker.account.not_read');
          done(connectRefusal(3), null);
        },
      );
    },
    authorizePublish: (client, packet, done) => {
      if (client === null) return done(null);
      const address = addresses.get(client);
      if (address === undefined) return done(null);
      const access = mayPublish(address, packet);
      if (access.allowed) packet.retain = access.retain;
      else {
        options.onForbidden(address, { detail: access.detail, payload: bytesOf(packet.payload) });
        packet.topic = nowhere;
        packet.payload = '';
        packet.retain = false;
      }
      done(null);
    },
    authorizeSubscribe: (client, subscription, done) => {
      const address = addresses.get(client);
      const isAllowed = address !== undefined && maySubscribe(address, subscription.topic);
      done(null, isAllowed ? { ...subscription, qos: subscription.qos === 0 ? 0 : 1 } : null);
    },
    authorizeForward: (client, packet) => {
      const address = addresses.get(client);
      return address !== undefined && mayReceive(address, packet.topic) ? packet : null;
    },
  });
  aedes.on('clientReady', (client) => clients.set(client.id, client));
  aedes.on('clientDisconnect', (client) => {
    if (clients.get(client.id) === client) clients.delete(client.id);
  });
  aedes.on('clientError', (client, error) =>
    log.info({ client: client.id, reason: error.message }, 'broker.client.failed'),
  );
  aedes.on('connectionError', (_client, error) => log.info({ reason: error.message }, 'broker.connection.refused'));
  await subscribeUp(aedes, options.onMessage);

  const guard = createPacketGuard({
    clock,
    onStream: (stream) => void aedes.handle(stream),
    onRefused: (reason, address) => log.warn({ reason, address }, 'broker.peer.refused'),
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
    publish: (topic, body, { retain }) => publish(aedes, { topic, body, retain }),
    stopAccepting: () => void server.close(),
    disconnect: (cabinet) => clients.get(cabinet)?.close(),
    close: async () => {
      server.close();
      await closeBroker(aedes);
    },
  };
}

function closeBroker(aedes: Aedes): Promise<void> {
  return new Promise((resolve) => aedes.close(() => resolve()));
}

function connectRefusal(returnCode: number): AuthenticateError {
  const error = new AppError('broker.refused', 'The broker does not know this cabinet or its secret.', {
    kind: 'peer',
  });
  return Object.assign(error, { returnCode });
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

function bytesOf(payload: string | Uint8Array): Uint8Array {
  return typeof payload === 'string' ? Buffer.from(payload) : payload;
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
