import { readdirSync, readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { idFromUuid } from '@tagtrail/shared/ids.js';
import { livePath } from '@tagtrail/shared/live/protocol.js';
import { silentLog } from '@tagtrail/shared/log/log.js';
import { type CabinetAddress, downTopic, downTopics, upTopic, upTopics } from '@tagtrail/shared/mqtt/topics.js';
import { systemRandom } from '@tagtrail/shared/random/system-random.js';
import { systemClock } from '@tagtrail/shared/time/system-clock.js';
import { connectAsync, type MqttClient } from 'mqtt';
import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Broker, startBroker } from '../src/broker/broker.js';
import { connect, type DatabaseClient } from '../src/database/connect.js';
import { createCabinetDirectory } from '../src/ingest/cabinet-directory.js';
import { createIngest, type Ingest } from '../src/ingest/ingest.js';
import { scopeRoom } from '../src/live/scope-room.js';
import { appendCloudEvent } from '../src/store/trail.js';
import { makeCabinet, startedEvent, type TestCabinet } from '../src/testing/test-cabinet.js';
import { makeTenant, startTestDatabase, type TestDatabase } from '../src/testing/test-database.js';
import { type AppFixture, signedIn, startApp } from './app-fixture.js';
import { leaksIn, snapshotOf, tracesOf } from './canary/traces.js';
import { aCustomer } from './sample.js';

/** What to say to each event that the live feed listens to; it fails here by name when there is a new one. */
const payloads: Readonly<Record<string, (foreign: string) => readonly unknown[]>> = {
  watch: (foreign) => [
    { v: 1, after: null, tenantId: foreign },
    { v: 1, after: -1, room: foreign },
    { v: 1, after: 0 },
  ],
};

describe('a screen that tries to hear another customer', () => {
  let fixture: AppFixture;
  let admin: DatabaseClient;
  let url: string;
  let aalto: { tenantId: string; passwords: ReadonlyMap<string, string> };
  let boreal: typeof aalto;
  const open: Socket[] = [];

  beforeAll(async () => {
    fixture = await startApp();
    aalto = await fixture.seed(aCustomer('Aalto'));
    boreal = await fixture.seed(aCustomer('Boreal'));
    admin = await connect(fixture.db.adminUrl);
    await fixture.app.server.listen({ port: 0, host: '127.0.0.1' });
    url = `http://127.0.0.1:${(fixture.app.server.server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    for (const socket of open) socket.disconnect();
    await admin?.end();
    await fixture?.close();
  });

  function listenedTo(): string[] {
    const folder = fileURLToPath(new URL('../src/live/', import.meta.url));
    const texts = readdirSync(folder).map((name) => readFileSync(`${folder}${name}`, 'utf8'));
    const events = texts.flatMap((text) => [...text.matchAll(/socket\.on\('(\w+)'/g)].map((match) => match[1] ?? ''));
    return [...new Set(events)].filter((event) => event !== 'disconnect').sort();
  }

  /** A connection, everything that it hears as text, and where it came from. */
  async function watcher(of: 'aalto' | 'boreal', space = ''): Promise<{ socket: Socket; heard: string[] }> {
    const email = `admin@${of}.example`;
    const { passwords } = of === 'aalto' ? aalto : boreal;
    const { cookie } = await signedIn(fixture.app, email, passwords.get(email) ?? '');
    const socket: Socket = io(`${url}${space}`, {
      ...{ path: livePath, transports: ['websocket'], reconnection: false, forceNew: true, extraHeaders: { cookie } },
    });
    open.push(socket);
    const heard: string[] = [];
    socket.onAny((...all) => heard.push(JSON.stringify(all)));
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('connect_error', reject);
    });
    return { socket, heard };
  }

  const append = (tenant: string, name: string) =>
    fixture.db.store.withTenant(tenant, (tx) =>
      appendCloudEvent(tx, { tenant, at: new Date().toISOString(), kind: 'site.created', data: { name } }),
    );

  function until(heard: readonly string[], text: string, socket: Socket): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (heard.some((line) => line.includes(text))) resolve();
        else socket.io.engine.once('packet', () => setImmediate(look));
      };
      look();
    });
  }

  it('knows every event that the feed listens to', () => {
    expect(listenedTo()).toEqual(Object.keys(payloads).sort());
  });

  it('hears its own only, whatever it says, in every room and namespace that it names', async () => {
    const traces = await tracesOf(admin, { tenant: boreal.tenantId, mark: 'Boreal', others: [aalto.tenantId] });
    const scope = { tenantId: boreal.tenantId, userId: 'u', role: 'admin' as const, siteIds: null };
    const room = scopeRoom(scope);
    const a = await watcher('aalto');
    const b = await watcher('boreal');
    await b.socket.emitWithAck('watch', { v: 1, after: null });
    for (const [event, say] of Object.entries(payloads)) {
      for (const foreign of [room, boreal.tenantId, idFromUuid('tenant', boreal.tenantId)]) {
        for (const payload of say(foreign)) a.socket.emit(event, payload, () => {});
      }
    }
    for (const guess of ['join', 'subscribe', 'room', 'entries', 'snapshot']) a.socket.emit(guess, room, { room });
    for (const space of [`/${room}`, `/${boreal.tenantId}`, '/admin']) {
      await expect(watcher('aalto', space)).rejects.toThrow(/Invalid namespace/);
    }
    await append(boreal.tenantId, 'Boreal secret hangar');
    await append(aalto.tenantId, 'Aalto last word');
    await until(b.heard, 'Boreal secret hangar', b.socket);
    await until(a.heard, 'Aalto last word', a.socket);
    expect(a.heard.flatMap((line) => leaksIn(line, traces, ''))).toEqual([]);
    expect(b.heard.join()).not.toContain('Aalto last word');
  });
});

describe('a cabinet that tries to reach another customer', () => {
  let db: TestDatabase;
  let admin: DatabaseClient;
  let broker: Broker;
  let ingest: Ingest;
  let own: TestCabinet;
  let sibling: TestCabinet;
  let foreign: TestCabinet;
  let client: MqttClient;
  const heard: string[] = [];

  beforeAll(async () => {
    db = await startTestDatabase();
    admin = await connect(db.adminUrl);
    const a = await makeTenant(db.store, 'Aalto');
    own = await makeCabinet(db.store, a);
    sibling = await makeCabinet(db.store, a, 'C2');
    foreign = await makeCabinet(db.store, await makeTenant(db.store, 'Boreal'));
    const common = { clock: systemClock, random: systemRandom, log: silentLog };
    const directory = createCabinetDirectory(db.store, systemClock);
    ingest = createIngest({
      ...{ ...common, store: db.store },
      send: (topic, body) => broker.publish(topic, body, { retain: false }),
    });
    broker = await startBroker({
      ...{ ...common, port: 0, host: '127.0.0.1' },
      findAccount: (address) => directory.find(address),
      onMessage: (topic, payload) => void ingest.receive(topic, payload),
      onForbidden: (address, what) => void ingest.refuse(address, 'forbidden', what),
    });
    client = await join(own.address, own.secret);
    client.on('message', (topic) => heard.push(topic));
  });
  afterAll(async () => {
    client?.end(true);
    await broker?.close();
    await ingest?.close();
    await admin?.end();
    await db?.close();
  });

  const join = ({ tenant, cabinet }: CabinetAddress, password: string) =>
    connectAsync(`mqtt://127.0.0.1:${broker.port}`, {
      ...{ clientId: cabinet, username: `${tenant}/${cabinet}`, password, reconnectPeriod: 0, protocolVersion: 4 },
    });

  /** Everybody that it is not: the other customer, its own neighbour, and every mixture of the names. */
  const others = (): CabinetAddress[] => [
    foreign.address,
    sibling.address,
    { tenant: own.address.tenant, cabinet: foreign.address.cabinet },
    { tenant: foreign.address.tenant, cabinet: own.address.cabinet },
  ];

  it('cannot be it, with its own secret', async () => {
    for (const address of others()) await expect(join(address, own.secret)).rejects.toThrow();
  });

  it('writes nothing of it, on no topic there is', async () => {
    const before = await snapshotOf(admin, foreign.tenant);
    foreign.record(startedEvent('2026-01-05T06:00:00.000Z'));
    own.record(startedEvent('2026-01-05T06:00:00.000Z'));
    for (const address of others()) {
      for (const name of upTopics) {
        await client.publishAsync(upTopic(address, name), JSON.stringify(foreign.batch()), { qos: 1 });
      }
      for (const name of downTopics)
        await client.publishAsync(downTopic(address, name), '{}', { qos: 1, retain: true });
    }
    // A batch of the other one below the own name: signed by somebody else.
    await client.publishAsync(own.topic('events'), JSON.stringify(foreign.batch()), { qos: 1 });
    await client.subscribeAsync(downTopic(own.address, 'committed'), { qos: 1 });
    const done = new Promise((resolve) => client.once('message', resolve));
    await client.publishAsync(own.topic('events'), JSON.stringify(own.batch()), { qos: 1 });
    await done;
    expect(await snapshotOf(admin, foreign.tenant)).toEqual(before);
    const kept = await db.store.readTenant(own.tenant, (tx) => tx.quarantine.findMany());
    expect(kept.length).toBeGreaterThan(0);
  });

  it('hears nothing of it, on no topic there is', async () => {
    heard.length = 0;
    for (const address of others()) {
      const topics = [
        ...upTopics.map((name) => upTopic(address, name)),
        ...downTopics.map((name) => downTopic(address, name)),
      ];
      const wild = topics.flatMap((topic) => [
        topic,
        `$share/all/${topic}`,
        topic.replace(/[^/]+$/, '+'),
        topic.replace(/[^/]+$/, '#'),
      ]);
      for (const filter of new Set(wild)) await expect(client.subscribeAsync(filter, { qos: 1 })).rejects.toThrow();
    }
    for (const filter of [
      '#',
      '+/#',
      'tagtrail/#',
      'tagtrail/v1/+/+/down/+',
      `tagtrail/v1/${foreign.address.tenant}/#`,
    ]) {
      await expect(client.subscribeAsync(filter, { qos: 1 })).rejects.toThrow();
    }
    for (const address of others()) {
      for (const name of downTopics) await broker.publish(downTopic(address, name), 'foreign', { retain: false });
    }
    const last = new Promise((resolve) => client.once('message', resolve));
    await broker.publish(downTopic(own.address, 'committed'), '{}', { retain: false });
    await last;
    expect(heard).toEqual([downTopic(own.address, 'committed')]);
  });
});
