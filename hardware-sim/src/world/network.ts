import { reconnectDelayMs } from '@tagtrail/edge/uplink/reconnect-delay.js';
import type { Transport, TransportListener } from '@tagtrail/edge/uplink/transport.js';
import { AppError } from '@tagtrail/shared/error.js';
import { type CabinetAddress, downTopic, upTopic } from '@tagtrail/shared/mqtt/topics.js';
import { below, chance, type Random } from '@tagtrail/shared/random/random.js';
import type { Clock, Timer } from '@tagtrail/shared/time/clock.js';

/** What the line between a cabinet and the broker does to messages, in both directions. */
export interface NetworkWeather {
  /** A partition: nothing passes, and both ends notice late. */
  readonly parted: boolean;
  readonly lossPercent: number;
  readonly duplicatePercent: number;
  /** Each message takes a time of its own between these, so that one can overtake another. */
  readonly delayMs: readonly [least: number, most: number];
}

export const fineWeather: NetworkWeather = { parted: false, lossPercent: 0, duplicatePercent: 0, delayMs: [5, 20] };

/** The network and the broker between the cabinets and the cloud. */
export interface Network {
  /** The transport of a cabinet from one power-on to the next, on that machine's clock. */
  connect(address: CabinetAddress, clock: Clock): WorldTransport;
  /** The cloud sends; a retained message waits for those who are away. */
  send(topic: string, body: string, retain: boolean): void;
  onUp(listen: (topic: string, payload: Uint8Array) => void): void;
  setWeather(weather: NetworkWeather): void;
  weather(): NetworkWeather;
  /** All connections end, and the retained messages are gone. */
  restartBroker(): void;
  /** While it is down nobody can connect. */
  setBrokerUp(up: boolean): void;
  readonly counts: { sent: number; lost: number; doubled: number };
}

export interface WorldTransport extends Transport {
  /** The machine has lost its power; its last will is sent. */
  die(): void;
}

/** The broker, or the cabinet, gives a silent peer up after this. */
const silentAfterMs = 15_000;
const connectMs = 30;

interface Session {
  /** Of every topic that goes down to it. */
  readonly prefix: string;
  /** Every connection of a transport is a new object, and what was on the way on the old one is lost. */
  connection: object | undefined;
  deliver(topic: string, body: string): void;
  drop(reason: string): void;
}

export function createNetwork(world: Clock, random: Random): Network {
  const sessions = new Set<Session>();
  const retained = new Map<string, string>();
  const counts = { sent: 0, lost: 0, doubled: 0 };
  const encoder = new TextEncoder();
  let weather = fineWeather;
  let brokerUp = true;
  let connections = 0;
  let up = (_topic: string, _payload: Uint8Array): void => {};

  // What the audit log says leaves the luck of all other messages as it is.
  const auditDice = random.fork('audit');
  const diceOf = (topic: string): Random => (/\/(checkpoint|witness)$/.test(topic) ? auditDice : random);

  const carry = (session: Session, dice: Random, arrive: () => void): void => {
    counts.sent++;
    const { connection } = session;
    const copies = chance(dice, weather.duplicatePercent, 100) ? 2 : 1;
    if (copies === 2) counts.doubled++;
    for (let copy = 0; copy < copies; copy++) {
      const [least, most] = weather.delayMs;
      const delayMs = least + below(dice, most - least + 1);
      const isLost = chance(dice, weather.lossPercent, 100);
      world.startTimer('message on the network', delayMs, () => {
        if (isLost || weather.parted || session.connection !== connection) counts.lost++;
        else arrive();
      });
    }
  };
  const toCloud = (session: Session, message: Message): void =>
    carry(session, diceOf(message.topic), () => {
      if (message.retain) retained.set(message.topic, message.payload);
      up(message.topic, encoder.encode(message.payload));
    });

  return {
    counts,
    weather: () => weather,
    onUp: (listen) => {
      up = listen;
    },
    connect: (address, clock) => {
      const transport = createTransport({
        ...{ address, clock, random: random.fork(`reconnect/${connections++}`) },
        reachable: () => brokerUp && !weather.parted,
        toCloud,
        will: (payload) => up(upTopic(address, 'state'), encoder.encode(payload)),
        retained: () => retained.get(downTopic(address, 'rulebook')),
      });
      sessions.add(transport.session);
      return transport.transport;
    },
    send: (topic, body, retain) => {
      if (retain) retained.set(topic, body);
      for (const session of sessions) {
        if (!topic.startsWith(session.prefix)) continue;
        if (session.connection !== undefined) carry(session, diceOf(topic), () => session.deliver(topic, body));
      }
    },
    setWeather: (next) => {
      const parts = next.parted && !weather.parted;
      weather = next;
      if (!parts) return;
      for (const session of sessions) {
        const { connection } = session;
        world.startTimer('silence is noticed', silentAfterMs, () => {
          if (connection !== undefined && session.connection === connection) session.drop('the broker is silent');
        });
      }
    },
    restartBroker: () => {
      retained.clear();
      for (const session of sessions) session.drop('the broker closed the connection');
    },
    setBrokerUp: (next) => {
      brokerUp = next;
      if (!next) for (const session of sessions) session.drop('the broker closed the connection');
    },
  };
}

interface Message {
  readonly topic: string;
  readonly payload: string;
  readonly retain: boolean;
}

interface TransportParts {
  readonly address: CabinetAddress;
  readonly clock: Clock;
  readonly random: Random;
  reachable(): boolean;
  toCloud(session: Session, message: Message): void;
  will(payload: string): void;
  retained(): string | undefined;
}

const offline = JSON.stringify({ v: 1, online: false });

function createTransport(parts: TransportParts): { transport: WorldTransport; session: Session } {
  const { clock, random } = parts;
  const encoder = new TextEncoder();
  let listener: TransportListener | undefined;
  let retry: Timer | undefined;
  let failures = 0;
  let fresh = true;
  let closed = false;

  const session: Session = {
    prefix: downTopic(parts.address, 'committed').slice(0, -'committed'.length),
    connection: undefined,
    deliver: (topic, body) => listener?.onMessage(topic, encoder.encode(body)),
    drop: (reason) => {
      if (session.connection === undefined) return;
      session.connection = undefined;
      parts.will(offline);
      if (!closed) failed(reason);
    },
  };
  const failed = (reason: string): void => {
    failures++;
    retry = clock.startTimer('uplink.reconnect', reconnectDelayMs(failures, { fresh, random }), attempt);
    listener?.onDisconnected(reason);
  };
  const attempt = (): void => {
    retry = clock.startTimer('uplink.connect', connectMs, () => {
      if (!parts.reachable()) return failed('the broker cannot be reached');
      session.connection = {};
      fresh = false;
      failures = 0;
      listener?.onConnected();
      const body = parts.retained();
      if (body !== undefined) session.deliver(downTopic(parts.address, 'rulebook'), body);
    });
  };

  const transport: WorldTransport = {
    start: (to) => {
      listener = to;
      attempt();
    },
    publish: async (topic, payload, { retain = false } = {}) => {
      if (closed || session.connection === undefined) {
        throw new AppError('uplink.not_connected', 'the cloud cannot be reached now', { kind: 'peer' });
      }
      parts.toCloud(session, { topic, payload, retain });
    },
    close: async (goodbye) => {
      if (session.connection !== undefined) parts.will(goodbye.payload);
      closed = true;
      retry?.cancel();
      session.connection = undefined;
    },
    die: () => {
      closed = true;
      listener = undefined;
      session.drop('the machine is off');
    },
  };
  return { transport, session };
}
