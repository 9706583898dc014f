import { canonicalJson, type Json } from '@tagtrail/shared/chain/canonical.js';
import { downFilter } from '@tagtrail/shared/mqtt/topics.js';
import { connectAsync } from 'mqtt';
import type { TestCabinet } from './test-cabinet.js';

/** A test cabinet on the wire: MQTT 3.1.1, clean session, one batch in flight, sent again when no answer comes. */
export interface MqttCabinet {
  /** What came down on one of its topics, oldest first. */
  readonly heard: (topic: string) => readonly Record<string, unknown>[];
  /** The first message on a topic that `wanted` accepts, also one that came before. */
  next(topic: string, wanted?: (body: Record<string, unknown>) => boolean): Promise<Record<string, unknown>>;
  /** Sends what has been recorded up to `to` and resolves when the cloud has committed it. */
  deliver(from: number, to: number): Promise<void>;
  /** The same with a batch that was signed and put into bytes before. */
  deliverSigned(batch: SignedBytes): Promise<void>;
  say(name: 'hello' | 'state', body: unknown): Promise<void>;
  /** Sends anything anywhere; resolves when the broker has acknowledged it. */
  publish(topic: string, text: string): Promise<void>;
  close(): Promise<void>;
}

/** A batch as it goes over the wire. */
export interface SignedBytes {
  /** Sequence of its last event. */
  readonly to: number;
  readonly payload: Buffer;
}

const resendMs = 4_000;

/** Events go as they were journaled, in canonical JSON. */
export function signedBytes(cabinet: TestCabinet, from: number, to: number): SignedBytes {
  return { to, payload: Buffer.from(canonicalJson(cabinet.batch(from, to) as Json)) };
}

export async function connectCabinet(url: string, cabinet: TestCabinet): Promise<MqttCabinet> {
  const { address } = cabinet;
  const client = await connectAsync(url, {
    clientId: address.cabinet,
    username: `${address.tenant}/${address.cabinet}`,
    password: cabinet.secret,
    protocolVersion: 4,
    will: { topic: cabinet.topic('state'), payload: Buffer.from('{"v":1,"online":false}'), qos: 1, retain: true },
  });
  const heard = new Map<string, Record<string, unknown>[]>();
  const waiting = new Set<() => void>();
  client.on('message', (topic, payload) => {
    // What a broker retained was cleared.
    if (payload.length === 0) return;
    const name = topic.split('/').at(-1) ?? '';
    heard.set(name, [...(heard.get(name) ?? []), JSON.parse(payload.toString()) as Record<string, unknown>]);
    for (const look of waiting) look();
  });
  await client.subscribeAsync(downFilter(address), { qos: 1 });

  const next: MqttCabinet['next'] = (topic, wanted = () => true) =>
    new Promise((resolve) => {
      const look = (): void => {
        const found = heard.get(topic)?.find(wanted);
        if (found === undefined) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
    });
  const send = async (name: 'hello' | 'state', body: unknown): Promise<void> => {
    await client.publishAsync(cabinet.topic(name), JSON.stringify(body), { qos: 1 });
  };
  const deliverSigned: MqttCabinet['deliverSigned'] = async ({ to, payload }) => {
    const before = new Set(heard.get('committed'));
    const sendBatch = async (): Promise<unknown> =>
      await client.publishAsync(cabinet.topic('events'), payload, { qos: 1 });
    const again = setInterval(() => void sendBatch(), resendMs);
    await sendBatch();
    await next('committed', (body) => !before.has(body) && Number(body['upTo'] ?? 0) >= to);
    clearInterval(again);
  };
  return {
    heard: (topic) => heard.get(topic) ?? [],
    next,
    deliver: async (from, to) => await deliverSigned(signedBytes(cabinet, from, to)),
    deliverSigned,
    say: send,
    publish: async (topic, text) => void (await client.publishAsync(topic, text, { qos: 1 })),
    close: async () => await client.endAsync(true),
  };
}
