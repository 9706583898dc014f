import { once } from 'node:events';
import { connect as connectSocket } from 'node:net';
import { type CabinetId, newId, type TenantId } from '@tagtrail/shared/ids.js';
import { silentLog } from '@tagtrail/shared/log/log.js';
import { type CabinetAddress, downTopic, upTopic } from '@tagtrail/shared/mqtt/topics.js';
import { systemRandom } from '@tagtrail/shared/random/system-random.js';
import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import { connectAsync, type MqttClient } from 'mqtt';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectPacket } from '../testing/raw-mqtt.js';
import { sha256 } from '../testing/test-cabinet.js';
import { type Broker, startBroker } from './broker.js';

const own = address();
const other = address();
const secret = 'a secret of the cabinet';
const credentials = { clientId: own.cabinet, user: `${own.tenant}/${own.cabinet}`, secret };

function address(): CabinetAddress {
  return {
    tenant: newId('tenant', 1, systemRandom) as TenantId,
    cabinet: newId('cabinet', 1, systemRandom) as CabinetId,
  };
}

describe('the embedded broker', () => {
  let broker: Broker;
  let clock: VirtualClock;
  let revoked = false;
  const heard: string[] = [];
  let onHeard: (line: string) => void = () => {};
  const forbidden: string[] = [];
  const warned: string[] = [];
  const clients: MqttClient[] = [];

  beforeEach(async () => {
    heard.length = 0;
    forbidden.length = 0;
    warned.length = 0;
    revoked = false;
    clock = new VirtualClock();
    broker = await startBroker({
      port: 0,
      host: '127.0.0.1',
      clock,
      log: { ...silentLog, warn: (fields, name) => void warned.push(`${name} ${fields['reason']}`) },
      findAccount: async ({ cabinet }) =>
        cabinet === own.cabinet
          ? { secretHash: Buffer.from(sha256(Buffer.from(secret))).toString('hex'), revoked }
          : undefined,
      onMessage: (topic, payload) => {
        const line = `${topic} ${Buffer.from(payload).toString()}`;
        heard.push(line);
        onHeard(line);
      },
      onForbidden: (_address, what) => forbidden.push(what.detail),
    });
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.end(true);
    await broker.close();
  });

  async function join(options: Record<string, unknown> = {}): Promise<MqttClient> {
    const client = await connectAsync(`mqtt://127.0.0.1:${broker.port}`, {
      clientId: own.cabinet,
      username: `${own.tenant}/${own.cabinet}`,
      password: secret,
      reconnectPeriod: 0,
      keepalive: 10,
      ...options,
    });
    clients.push(client);
    return client;
  }

  it('says little of a stranger that knocks again and again', async () => {
    for (let knock = 0; knock < 100; knock++) {
      const socket = connectSocket(broker.port, '127.0.0.1');
      socket.write('GET / HTTP/1.1');
      socket.on('error', () => {});
      await once(socket, 'close');
    }
    expect(warned.length).toBe(60);
  });

  it('passes on what a cabinet says below its own prefix, and to it what is its own', async () => {
    const client = await join();
    const granted = await client.subscribeAsync(downTopic(own, 'committed'), { qos: 1 });
    expect(granted.map(({ qos }) => qos)).toEqual([1]);
    await client.publishAsync(upTopic(own, 'events'), 'batch', { qos: 1 });
    expect(heard).toEqual([`${upTopic(own, 'events')} batch`]);
    const message = new Promise<[string, Uint8Array]>((resolve) =>
      client.on('message', (topic, payload) => resolve([topic, payload])),
    );
    await broker.publish(downTopic(own, 'committed'), 'done', { retain: false });
    expect((await message).slice(0, 2).map(String)).toEqual([downTopic(own, 'committed'), 'done']);
  });

  it('swallows and reports what a cabinet may not send, and keeps the connection', async () => {
    const client = await join();
    await client.publishAsync(upTopic(other, 'events'), 'foreign', { qos: 1 });
    await client.publishAsync(downTopic(own, 'committed'), 'forged', { qos: 1 });
    await client.publishAsync('$SYS/anything', 'x', { qos: 0 });
    await client.publishAsync(upTopic(own, 'events'), 'twice', { qos: 2 });
    await client.publishAsync(upTopic(own, 'events'), 'good', { qos: 1 });
    expect(heard).toEqual([`${upTopic(own, 'events')} good`]);
    expect(forbidden).toHaveLength(4);
    expect(client.connected).toBe(true);
  });

  it('grants no other filter', async () => {
    const client = await join();
    for (const filter of [
      '#',
      '+/+',
      'tagtrail/v1/+/+/down/+',
      downTopic(other, 'committed'),
      '$SYS/#',
      `$share/g/${downTopic(own, 'committed')}`,
      upTopic(own, 'state'),
    ]) {
      await expect(client.subscribeAsync(filter)).rejects.toThrow();
    }
    expect(client.connected).toBe(true);
  });

  it('keeps a rulebook for a cabinet that joins later', async () => {
    await broker.publish(downTopic(own, 'rulebook'), 'version 3', { retain: true });
    const client = await join();
    const message = new Promise<[string, Uint8Array]>((resolve) =>
      client.on('message', (topic, payload) => resolve([topic, payload])),
    );
    await client.subscribeAsync(`tagtrail/v1/${own.tenant}/${own.cabinet}/down/+`, { qos: 1 });
    expect(String((await message)[1])).toBe('version 3');
  });

  it('refuses a wrong secret, a foreign client id, a revoked cabinet and a will elsewhere', async () => {
    const refused = async (options: Record<string, unknown>) =>
      await expect(join(options)).rejects.toThrow(/Connection refused/);
    await refused({ password: 'wrong' });
    await refused({ clientId: other.cabinet });
    await refused({ username: `${other.tenant}/${other.cabinet}`, clientId: other.cabinet });
    await refused({ username: own.cabinet });
    await refused({ will: { topic: upTopic(other, 'state'), payload: '', qos: 1 } });
    revoked = true;
    await refused({});
  });

  it('lets two devices with one identity throw each other out a few times, not for ever', async () => {
    let first = await join();
    for (let turn = 0; turn < 3; turn++) {
      const before = first;
      const thrownOut = new Promise((resolve) => before.once('close', () => resolve(undefined)));
      const second = await join();
      await thrownOut;
      first = second;
    }
    await expect(join()).rejects.toThrow('Server unavailable');
    await first.publishAsync(upTopic(own, 'events'), 'still here', { qos: 1 });
    expect(heard).toEqual([`${upTopic(own, 'events')} still here`]);
    await clock.advance(5 * 60_000);
    await join();
  });

  it('says by the last will that a cabinet is gone', async () => {
    const client = await join({ will: { topic: upTopic(own, 'state'), payload: 'gone', qos: 1, retain: true } });
    const gone = new Promise((resolve) => {
      onHeard = resolve;
    });
    client.stream.destroy();
    expect(await gone).toBe(`${upTopic(own, 'state')} gone`);
  });

  it('drops who announces 256 MiB before it says who it is', async () => {
    const socket = connectSocket(broker.port, '127.0.0.1');
    const closed = once(socket, 'close');
    socket.write(Uint8Array.of(0x10, 0xff, 0xff, 0xff, 0x7f));
    await closed;
    expect(broker.connected).toBe(0);
  });

  it('answers an unknown protocol version with return code 1', async () => {
    const socket = connectSocket(broker.port, '127.0.0.1');
    const answer = once(socket, 'data');
    socket.write(connectPacket(credentials, { level: 5 }));
    expect([...((await answer)[0] as Buffer)]).toEqual([0x20, 2, 0, 1]);
    await once(socket, 'close');
  });

  it('takes a CONNECT that comes byte by byte', async () => {
    const socket = connectSocket(broker.port, '127.0.0.1');
    socket.setNoDelay(true);
    const answer = once(socket, 'data');
    for (const byte of connectPacket(credentials)) {
      socket.write(Uint8Array.of(byte));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect([...((await answer)[0] as Buffer)]).toEqual([0x20, 2, 0, 0]);
    socket.destroy();
  });

  it('does not wait for a CONNECT for ever', async () => {
    const socket = connectSocket(broker.port, '127.0.0.1');
    await once(socket, 'connect');
    const closed = once(socket, 'close');
    while (clock.pending().length === 0) await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(5_000);
    await closed;
  });

  it('names a port that is taken and the setting', async () => {
    const options = {
      host: '127.0.0.1',
      clock,
      log: silentLog,
      findAccount: async () => undefined,
      onMessage: () => {},
      onForbidden: () => {},
    };
    await expect(startBroker({ ...options, port: broker.port })).rejects.toThrow(
      `Port ${broker.port} for MQTT is taken. Set MQTT_PORT to another one.`,
    );
  });
});
