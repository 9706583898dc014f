import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect as connectSocket, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { silentLog } from '@tagtrail/shared/log/log.js';
import { downTopic, upTopic } from '@tagtrail/shared/mqtt/topics.js';
import { systemRandom } from '@tagtrail/shared/random/system-random.js';
import { systemClock } from '@tagtrail/shared/time/system-clock.js';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Broker, startBroker } from '../src/broker/broker.js';
import { mayPublish } from '../src/broker/topic-access.js';
import { createCabinetDirectory } from '../src/ingest/cabinet-directory.js';
import { createIngest, type Ingest } from '../src/ingest/ingest.js';
import { connectCabinet } from '../src/testing/mqtt-cabinet.js';
import { inventoryEvent, makeCabinet, startedEvent, type TestCabinet } from '../src/testing/test-cabinet.js';
import { makeTenant, startTestDatabase, type TestDatabase, type TestTenant } from '../src/testing/test-database.js';

const at = '2026-01-05T06:00:00.000Z';
const here = 'cloud/test/bad-mqtt.test.ts';
const broker = 'cloud/src/broker/broker.test.ts';
const packets = 'cloud/src/broker/packet-check.test.ts';
const uplink = 'edge/src/uplink/uplink.test.ts';
const gate = 'edge/src/uplink/command-gate.test.ts';
const enrolment = 'cloud/test/enrolment.test.ts';
const ingestTests = 'cloud/src/ingest/ingest.test.ts';

/** What a hostile or broken peer may send over MQTT, and the test that says what becomes of it. */
const badInput: readonly (readonly [row: string, sends: string, file: string, test: string])[] = [
  [
    'S73',
    'a will on a foreign topic',
    broker,
    'refuses a wrong secret, a foreign client id, a revoked cabinet and a will elsewhere',
  ],
  ['S73', 'a will with QoS 3', packets, 'a will with QoS 3'],
  ['S73', 'a will of a megabyte', packets, 'a CONNECT over 4 KiB'],
  ['S74', 'the retained flag', here, 'keeps nothing of a cabinet at the broker but its state'],
  ['S75', 'QoS 2', broker, 'swallows and reports what a cabinet may not send, and keeps the connection'],
  ['S75', 'QoS 2 without end', here, 'cuts off who begins QoS 2 without end, and hears nothing of it'],
  [
    'S76',
    'a client id without its secret',
    broker,
    'refuses a wrong secret, a foreign client id, a revoked cabinet and a will elsewhere',
  ],
  ['S76', 'a cloned key', ingestTests, 'sets a fork aside once, says so each time and adds one line to the trail'],
  ['S77', 'any bytes', packets, 'never throws and never passes on a packet after a refusal, whatever comes'],
  ['S78', 'NUL in a topic', packets, 'NUL in a topic'],
  ['S78', 'a surrogate in a topic', packets, 'a surrogate in a topic'],
  ['S78', 'NUL in a client id', packets, 'NUL in a client id'],
  ['S79', 'no keepalive, or one of a day', here, 'refuses a keepalive of %i seconds'],
  [
    'S80',
    'a batch again',
    ingestTests,
    'answers a batch again that it has, whole or in part, and stores nothing twice',
  ],
  ['S80', 'a batch of another cabinet', here, 'believes no batch that another cabinet signed, and raises the alarm'],
  ['S81', 'a forged acknowledgement', uplink, 'ignores and counts forged acknowledgements'],
  ['S81', 'one that nobody signed', uplink, 'lets nothing go for an acknowledgement that the cloud did not sign'],
  ['S82', 'a command again', gate, 'lets each command through once, also over a restart'],
  ['S82', 'a forged command', gate, 'does not use up a counter for a forged command'],
  ['S83', 'a compressed batch', here, 'inflates nothing'],
  ['S84', 'an absurd range', here, 'sets aside a batch from %s to %s without an answer'],
  ['S84', 'a gap of a million million', here, 'asks again for what is missing over any gap'],
  ['S84', 'an absurd sequence in an event', here, 'sets aside an event that says it is number %s, and goes on'],
  ['S85', 'an event with too many tags', here, 'sets aside an event with more tags than a cabinet holds, and goes on'],
  ['S85', 'an event of a megabyte', packets, 'more than 256 KiB in a later packet'],
  ['S87', 'a WebSocket', here, 'speaks nothing but MQTT'],
  ['S88', 'a code twice or late', enrolment, 'takes a code once, and only within a quarter of an hour'],
  [
    'S88',
    'guessed codes',
    enrolment,
    'tells nothing about codes that do not exist, and locks one after five wrong tries',
  ],
  [
    'S88',
    'a key of somebody else',
    enrolment,
    'refuses a key that the sender does not hold, without using the code up',
  ],
];

describe('every bad input over MQTT', () => {
  it.each(badInput)('%s, %s: has its test', (_row, _sends, file, test) => {
    const text = readFileSync(fileURLToPath(new URL(`../../${file}`, import.meta.url)), 'utf8');
    // Where the test stands in this file, its name is here a second time.
    expect(text.split(`'${test}'`).length - 1, file).toBeGreaterThan(file === here ? 1 : 0);
  });
});

describe('the door of the cabinets', () => {
  let db: TestDatabase;
  let place: TestTenant;
  let cabinet: TestCabinet;
  let ingest: Ingest;
  let door: Broker;
  const sent: Record<string, unknown>[] = [];

  beforeAll(async () => {
    db = await startTestDatabase();
    const common = { clock: systemClock, random: systemRandom, log: silentLog };
    const directory = createCabinetDirectory(db.store, systemClock);
    ingest = createIngest({
      ...{ ...common, store: db.store },
      send: async (topic, body) => {
        sent.push(JSON.parse(body) as Record<string, unknown>);
        await door.publish(topic, body, { retain: false });
      },
    });
    door = await startBroker({
      ...{ ...common, port: 0, host: '127.0.0.1' },
      findAccount: (of) => directory.find(of),
      onMessage: (topic, payload) => void ingest.receive(topic, payload),
      onForbidden: (of, what) => void ingest.refuse(of, 'forbidden', what),
    });
  });
  afterAll(async () => {
    await door?.close();
    await ingest?.close();
    await db?.close();
  });
  beforeEach(async () => {
    sent.length = 0;
    place = await makeTenant(db.store);
    cabinet = await makeCabinet(db.store, place);
  });

  const give = (from: TestCabinet, message: unknown): Promise<void> =>
    ingest.receive(from.topic('events'), Buffer.from(typeof message === 'string' ? message : JSON.stringify(message)));
  const kinds = async () =>
    (
      await db.store.readTenant(place.tenant, (tx) =>
        tx.entry.findMany({ orderBy: { index: 'asc' }, select: { kind: true } }),
      )
    ).map(({ kind }) => kind);
  const suspects = async () =>
    (await db.store.readTenant(place.tenant, (tx) => tx.quarantine.findMany({ orderBy: { id: 'asc' } }))).map(
      ({ reason }) => reason,
    );

  it('keeps nothing of a cabinet at the broker but its state', () => {
    const { address } = cabinet;
    const retained = (topic: string) => mayPublish(address, { topic, qos: 1, retain: true });
    expect(retained(upTopic(address, 'events'))).toEqual({ allowed: true, name: 'events', retain: false });
    expect(retained(upTopic(address, 'hello'))).toEqual({ allowed: true, name: 'hello', retain: false });
    expect(retained(upTopic(address, 'state'))).toEqual({ allowed: true, name: 'state', retain: true });
    expect(retained(downTopic(address, 'rulebook'))).toMatchObject({ allowed: false });
  });

  it('cuts off who begins QoS 2 without end, and hears nothing of it', async () => {
    const other = await makeCabinet(db.store, place, 'C2');
    const socket = await socketTo(door);
    const closed = once(socket, 'close');
    const admitted = once(socket, 'data');
    socket.write(connectPacket(cabinet, 10));
    expect([...((await admitted)[0] as Buffer)]).toEqual([0x20, 2, 0, 0]);
    socket.resume();
    for (let id = 1; id <= 5_000; id++) socket.write(publishTwice(cabinet.topic('events'), id));
    await closed;
    const neighbour = await connectCabinet(`mqtt://127.0.0.1:${door.port}`, other);
    other.record(startedEvent(at));
    await neighbour.deliver(1, 1);
    await neighbour.close();
    expect(sent).toHaveLength(1);
    expect((await kinds()).filter((kind) => kind === 'cabinet.started')).toHaveLength(1);
    await expect.poll(suspects, { timeout: 20_000 }).toEqual(['forbidden']);
  });

  it.each([0, 65_535])('refuses a keepalive of %i seconds', async (seconds) => {
    const socket = await socketTo(door);
    const answer = once(socket, 'data');
    socket.write(connectPacket(cabinet, seconds));
    expect([...((await answer)[0] as Buffer)]).toEqual([0x20, 2, 0, 6]);
    socket.destroy();
  });

  it('speaks nothing but MQTT', async () => {
    const socket = await socketTo(door);
    let answered = 0;
    socket.on('data', (chunk: Buffer) => {
      answered += chunk.length;
    });
    socket.write('GET /mqtt HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n');
    await once(socket, 'close');
    expect(answered).toBe(0);
  });

  it('believes no batch that another cabinet signed, and raises the alarm', async () => {
    const other = await makeCabinet(db.store, place, 'C2');
    cabinet.record(startedEvent(at));
    await give(cabinet, cabinet.batch());
    await give(other, cabinet.batch());
    await give(other, cabinet.batch());
    expect(sent.at(-1)).toMatchObject({ expect: 1, reason: 'bad_signature' });
    expect(await kinds()).toEqual(['cabinet.started', 'event.quarantined']);
    expect(await suspects()).toEqual(['bad_signature']);
  });

  it('inflates nothing', async () => {
    cabinet.record(startedEvent(at));
    await ingest.receive(cabinet.topic('events'), gzipSync(JSON.stringify(cabinet.batch())));
    expect(sent).toEqual([]);
    expect(await suspects()).toEqual(['unreadable']);
  });

  it.each([
    ['0', '0'],
    ['-1', '-1'],
    ['1.5', '1.5'],
    ['"1"', '"1"'],
    ['9223372036854775808', '9223372036854775808'],
    ['1e308', '1e308'],
    ['1e999', '1e999'],
    ['1', '1000000000000'],
    ['2', '1'],
    ['1', 'null'],
  ])('sets aside a batch from %s to %s without an answer', async (from, to) => {
    cabinet.record(startedEvent(at));
    const text = JSON.stringify({ ...cabinet.batch(), from: 'FROM', to: 'TO' });
    await give(cabinet, text.replace('"FROM"', from).replace('"TO"', to));
    expect(sent).toEqual([]);
    expect(await suspects()).toEqual(['unreadable']);
    expect(await kinds()).toEqual(['event.quarantined']);
  });

  it.each(['', 'x', 'A'.repeat(32), '0'.repeat(31), '0'.repeat(33)])('knows no log with the name "%s"', async (log) => {
    cabinet.record(startedEvent(at));
    await give(cabinet, { ...cabinet.batch(), log });
    expect(sent).toEqual([]);
    expect(await suspects()).toEqual(['unreadable']);
  });

  it('asks again for what is missing over any gap', async () => {
    const far = 1_000_000_000_000;
    cabinet.record(startedEvent(at));
    await give(cabinet, cabinet.signed({ from: far, events: [{ ...startedEvent(at), seq: far }] }));
    expect(sent).toMatchObject([{ expect: 1, reason: 'gap' }]);
    expect(await kinds()).toEqual([]);
    await give(cabinet, cabinet.batch());
    expect(sent.at(-1)).toMatchObject({ upTo: 1 });
  });

  it.each([0, -1, 1.5, '1', 2 ** 63, 2, null])(
    'sets aside an event that says it is number %s, and goes on',
    async (seq) => {
      cabinet.record({ ...startedEvent(at), seq } as never, startedEvent(at));
      await give(cabinet, cabinet.batch());
      expect(sent).toMatchObject([{ upTo: 2, chain: cabinet.chain }]);
      expect(await kinds()).toEqual(['event.quarantined', 'cabinet.started']);
      expect(await suspects()).toEqual(['bad_content']);
    },
  );

  it('sets aside an event with more tags than a cabinet holds, and goes on', async () => {
    const tags = Array.from({ length: 2_001 }, (_, tag) => `E280${String(tag).padStart(20, '0')}`);
    cabinet.record(inventoryEvent(at, tags), startedEvent(at));
    await give(cabinet, cabinet.batch());
    expect(sent).toMatchObject([{ upTo: 2, chain: cabinet.chain }]);
    expect(await kinds()).toEqual(['event.quarantined', 'cabinet.started']);
    expect(await suspects()).toEqual(['bad_content']);
  });
});

async function socketTo({ port }: Broker): Promise<Socket> {
  const socket = connectSocket(port, '127.0.0.1');
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

const text = (value: string): number[] => [value.length >> 8, value.length & 0xff, ...Buffer.from(value)];

function packet(first: number, body: readonly number[]): Uint8Array {
  if (body.length < 128) return Uint8Array.from([first, body.length, ...body]);
  return Uint8Array.from([first, 0x80 | (body.length & 0x7f), body.length >> 7, ...body]);
}

/** CONNECT (MQTT 3.1.1 section 3.1) with user name, password and a clean session. */
function connectPacket({ address, secret }: TestCabinet, keepaliveSeconds: number): Uint8Array {
  const keepalive = [keepaliveSeconds >> 8, keepaliveSeconds & 0xff];
  const user = text(`${address.tenant}/${address.cabinet}`);
  return packet(0x10, [...text('MQTT'), 4, 0xc2, ...keepalive, ...text(address.cabinet), ...user, ...text(secret)]);
}

/** PUBLISH with QoS 2 (section 3.3), which waits for its PUBREL. */
function publishTwice(topic: string, id: number): Uint8Array {
  return packet(0x34, [...text(topic), id >> 8, id & 0xff, ...Buffer.from('{}')]);
}
