import { createServer, type Server, type Socket } from 'node:net';
import { Aedes } from 'aedes';

export interface SentUp {
  readonly topic: string;
  readonly payload: string;
  readonly retain: boolean;
}

export interface AedesBroker {
  readonly url: string;
  /** What cabinets sent up, last wills included. */
  readonly received: readonly SentUp[];
  /** The first message that `matches`, of those that came and those that come. */
  until(matches: (message: SentUp) => boolean): Promise<SentUp>;
  /** User names and client ids of those who connected. */
  readonly logins: readonly string[];
  publish(topic: string, payload: string): void;
  /** Cuts every connection without a word; the clients' last wills come into force. */
  cutAll(): void;
  stop(): Promise<void>;
}

/** A real broker on a free port, or on the one that an earlier one had. */
export async function startAedesBroker(port = 0): Promise<AedesBroker> {
  const broker = await Aedes.createBroker();
  const received: SentUp[] = [];
  const waiting: { matches(message: SentUp): boolean; resolve(message: SentUp): void }[] = [];
  const logins: string[] = [];
  broker.authenticate = (client, username, password, done) => {
    logins.push(`${client.id} ${username ?? ''} ${password?.toString() ?? ''}`);
    done(null, true);
  };
  broker.on('publish', ({ topic, payload, retain }) => {
    if (!topic.includes('/up/')) return;
    const message = { topic, payload: payload.toString(), retain };
    received.push(message);
    for (const one of waiting) if (one.matches(message)) one.resolve(message);
  });
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    broker.handle(socket);
  });
  const cutAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    url: `mqtt://127.0.0.1:${portOf(server)}`,
    received,
    logins,
    publish: (topic, payload) =>
      broker.publish({ cmd: 'publish', topic, payload, qos: 1, retain: false, dup: false }, () => {}),
    until: async (matches) => {
      const known = received.find(matches);
      return known ?? new Promise((resolve) => waiting.push({ matches, resolve }));
    },
    cutAll,
    stop: async () => {
      cutAll();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await new Promise<void>((resolve) => broker.close(() => resolve()));
    },
  };
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
