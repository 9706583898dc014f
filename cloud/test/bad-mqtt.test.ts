import { once } from 'node:events';
import { downTopic, upTopic } from '@tagtrail/shared/mqtt/topics.js';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { mayPublish } from '../src/broker/topic-access.js';
import { connectCabinet } from '../src/testing/mqtt-cabinet.js';
import { connectPacket, hostile, packet, socketTo, text } from '../src/testing/raw-mqtt.js';
import { makeCabinet, startedEvent, type TestCabinet } from '../src/testing/test-cabinet.js';
import { type DoorFixture, startDoor, type Visitor } from './door-fixture.js';

const at = '2026-01-05T06:00:00.000Z';
describe('the door of the cabinets', () => {
  let door: DoorFixture;
  let visitor: Visitor;
  let cabinet: TestCabinet;

  beforeAll(async () => {
    door = await startDoor();
  });
  afterAll(async () => {
    await door?.close();
  });
  beforeEach(async () => {
    visitor = await door.anew();
    cabinet = visitor.cabinet;
  });

  it('keeps nothing of a cabinet at the broker but its state', () => {
    const { address } = cabinet;
    const retained = (topic: string) => mayPublish(address, { topic, qos: 1, retain: true });
    expect(retained(upTopic(address, 'events'))).toEqual({ allowed: true, name: 'events', retain: false });
    expect(retained(upTopic(address, 'hello'))).toEqual({ allowed: true, name: 'hello', retain: false });
    expect(retained(upTopic(address, 'state'))).toEqual({ allowed: true, name: 'state', retain: true });
    expect(retained(downTopic(address, 'rulebook'))).toMatchObject({ allowed: false });
  });

  it('cuts off who begins QoS 2 without end, and hears nothing of it', async () => {
    const other = await makeCabinet(door.db.store, visitor.place, 'C2');
    const socket = await socketTo(door.broker.port);
    const closed = once(socket, 'close');
    const admitted = once(socket, 'data');
    socket.write(connectPacket(credentialsOf(cabinet)));
    expect([...((await admitted)[0] as Buffer)]).toEqual([0x20, 2, 0, 0]);
    socket.resume();
    for (let id = 1; id <= 5_000; id++) socket.write(publishTwice(cabinet.topic('events'), id));
    await closed;
    const neighbour = await connectCabinet(`mqtt://127.0.0.1:${door.broker.port}`, other);
    other.record(startedEvent(at));
    await neighbour.deliver(1, 1);
    await neighbour.close();
    expect(door.sent).toHaveLength(1);
    expect((await visitor.kinds()).filter((kind) => kind === 'cabinet.started')).toHaveLength(1);
    await expect.poll(visitor.suspects, { timeout: 20_000 }).toEqual(['forbidden']);
  });

  it.each([0, 65_535])('refuses a keepalive of %i seconds', async (seconds) => {
    const socket = await socketTo(door.broker.port);
    const answer = once(socket, 'data');
    socket.write(connectPacket(credentialsOf(cabinet), { keepaliveSeconds: seconds }));
    expect([...((await answer)[0] as Buffer)]).toEqual([0x20, 2, 0, 6]);
    socket.destroy();
  });

  it('lets no cabinet in that does not exist, and tells the office of it', async () => {
    const stranger = cabinet.address.cabinet.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
    const socket = await socketTo(door.broker.port);
    const answer = once(socket, 'data');
    socket.write(connectPacket({ clientId: stranger, user: `${cabinet.address.tenant}/${stranger}`, secret: 'x' }));
    expect([...((await answer)[0] as Buffer)]).toEqual([0x20, 2, 0, 4]);
    await expect.poll(visitor.suspects, { timeout: 10_000 }).toEqual(['unknown_cabinet']);
  });

  it('gives up a cabinet that does not ping', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const socket = await socketTo(door.broker.port);
      const admitted = once(socket, 'data');
      const closed = once(socket, 'close');
      socket.write(connectPacket(credentialsOf(cabinet), { keepaliveSeconds: 10 }));
      expect([...((await admitted)[0] as Buffer)]).toEqual([0x20, 2, 0, 0]);
      await vi.advanceTimersByTimeAsync(14_000);
      expect(socket.destroyed).toBe(false);
      await vi.advanceTimersByTimeAsync(2_000);
      await closed;
    } finally {
      vi.useRealTimers();
    }
  });

  it.each(hostile)('stays up and open for others after %s', async (_name, bytes) => {
    const other = await makeCabinet(door.db.store, visitor.place, 'C2');
    for (const isConnected of [false, true]) {
      const socket = await socketTo(door.broker.port);
      const closed = once(socket, 'close');
      socket.resume();
      if (isConnected) socket.write(connectPacket(credentialsOf(cabinet)));
      socket.end(Uint8Array.from(bytes));
      await closed;
    }
    const neighbour = await connectCabinet(`mqtt://127.0.0.1:${door.broker.port}`, other);
    other.record(startedEvent(at));
    await neighbour.deliver(1, 1);
    await neighbour.close();
    expect(await visitor.suspects()).toEqual([]);
  });

  it('speaks nothing but MQTT', async () => {
    const socket = await socketTo(door.broker.port);
    let answered = 0;
    socket.on('data', (chunk: Buffer) => {
      answered += chunk.length;
    });
    socket.write('GET /mqtt HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n');
    await once(socket, 'close');
    expect(answered).toBe(0);
  });
});

const credentialsOf = ({ address, secret }: TestCabinet) => ({
  clientId: address.cabinet,
  user: `${address.tenant}/${address.cabinet}`,
  secret,
});

/** PUBLISH with QoS 2 (section 3.3), which waits for its PUBREL. */
function publishTwice(topic: string, id: number): Uint8Array {
  return Uint8Array.from(packet(0x34, [...text(topic), id >> 8, id & 0xff, ...Buffer.from('{}')]));
}
