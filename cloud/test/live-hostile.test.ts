import type { AddressInfo } from 'node:net';
import {
  type LiveClientEvents,
  type LivePatch,
  type LiveServerEvents,
  type LiveSnapshot,
  livePatch,
  livePath,
  liveSnapshot,
} from '@tagtrail/shared/live/protocol.js';
import { type LogFields, silentLog } from '@tagtrail/shared/log/log.js';
import { io, type Socket } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readMarks } from '../src/entries/trail-mark.js';
import { appendCloudEvent } from '../src/store/trail.js';
import { type AppFixture, signedIn, startApp } from './app-fixture.js';
import { aCustomer } from './sample.js';

type Client = Socket<LiveServerEvents, LiveClientEvents>;

/** The wire below the client: text goes out as one socket.io packet, unchecked. */
function raw(client: Client): { write(packet: string | Buffer): void } {
  return client.io.engine;
}

describe('the live feed under a hostile client', () => {
  let fixture: AppFixture;
  let url: string;
  let tenantId: string;
  let otherTenantId: string;
  let cookie: string;
  let warned: LogFields[] = [];
  let failed: LogFields[] = [];
  const open: Client[] = [];

  beforeAll(async () => {
    const warn = (fields: LogFields, name: string) => void warned.push({ ...fields, name });
    const error = (fields: LogFields) => void failed.push(fields);
    fixture = await startApp({ log: { ...silentLog, warn, error } });
    const customer = await fixture.seed(aCustomer('Aalto'));
    tenantId = customer.tenantId;
    otherTenantId = (await fixture.seed(aCustomer('Boreal'))).tenantId;
    await fixture.app.server.listen({ port: 0, host: '127.0.0.1' });
    url = `http://127.0.0.1:${(fixture.app.server.server.address() as AddressInfo).port}`;
    const password = customer.passwords.get('admin@aalto.example') ?? '';
    ({ cookie } = await signedIn(fixture.app, 'admin@aalto.example', password));
  });
  beforeEach(() => {
    warned = [];
    failed = [];
  });
  afterEach(() => {
    for (const client of open.splice(0)) client.disconnect();
  });
  afterAll(async () => {
    await fixture?.close();
  });

  async function connect(): Promise<Client> {
    const client: Client = io(url, {
      ...{ path: livePath, transports: ['websocket'], reconnection: false, forceNew: true },
      extraHeaders: { cookie },
    });
    open.push(client);
    await new Promise<void>((resolve, reject) => {
      client.once('connect', resolve);
      client.once('connect_error', reject);
    });
    return client;
  }

  const goneOf = (client: Client): Promise<unknown> => new Promise((resolve) => client.once('disconnect', resolve));
  const snapshotOf = (client: Client): Promise<LiveSnapshot> =>
    new Promise((resolve) => client.once('snapshot', (snapshot) => resolve(liveSnapshot.parse(snapshot))));

  const append = (name: string, tenant = tenantId): Promise<number> =>
    fixture.db.store.withTenant(tenant, (tx) =>
      appendCloudEvent(tx, { tenant, at: new Date().toISOString(), kind: 'site.created', data: { name } }),
    );

  /** A screen that was there before goes on: it gets the next entry. */
  async function goesOn(screen: Client): Promise<void> {
    const next = new Promise<LivePatch>((resolve) =>
      screen.once('entries', (patch) => resolve(livePatch.parse(patch))),
    );
    const index = await append('Goes on');
    expect((await next).to).toBe(index);
    expect(failed).toEqual([]);
  }

  async function watching(): Promise<Client> {
    const screen = await connect();
    expect(await screen.emitWithAck('watch', { v: 1, after: null })).toEqual({ ok: true });
    return screen;
  }

  it.each([
    ['a million attachments announced', '51000000-["watch",{"_placeholder":true,"num":0}]'],
    ['eleven attachments announced', '511-["watch",{"_placeholder":true,"num":0}]'],
    ['a negative count of attachments', '5-1-["watch"]'],
    ['no count of attachments', '5["watch"]'],
    ['an attachment that was not announced', Buffer.alloc(8)],
    ['a packet type that does not exist', '9["watch"]'],
    ['JSON that breaks off', '2["watch",{"v":1'],
    ['an object for an event', '2{"toString":"watch"}'],
    ['an object for the name of the event', '2[{"toString":"watch"}]'],
    ['a reserved event', '2["disconnecting"]'],
    ['an empty event', '2[]'],
    ['a megabyte', `2["watch","${'x'.repeat(1_048_576)}"]`],
  ])('closes the connection on %s, and no other', async (_name, packet) => {
    const screen = await watching();
    const client = await connect();
    const gone = goneOf(client);
    raw(client).write(packet);
    await gone;
    await goesOn(screen);
  });

  it('closes a connection that floods, and says little about it', async () => {
    const screen = await watching();
    const client = await connect();
    const gone = goneOf(client);
    for (let i = 0; i < 1000; i++) raw(client).write(`2["flood ${i}"]`);
    await gone;
    await goesOn(screen);
    expect(warned.map(({ name }) => name)).toEqual([
      ...Array(60).fill('live.event.unknown'),
      'live.connection.flooded',
    ]);
  });

  it.each(['snapshot', 'entries', 'cabinet', 'overview', 'ended', 'toString', '__proto__', 'constructor'])(
    'ignores the event %s of a client, logs it, and tells nobody',
    async (name) => {
      const screen = await watching();
      const heard: unknown[] = [];
      screen.onAny((event, payload) => heard.push([event, payload]));
      const client = await connect();
      raw(client).write(`2["${name}",{"from":0,"to":9,"entries":["forged"]}]`);
      expect(await client.emitWithAck('watch', { v: 1, after: null })).toEqual({ ok: true });
      expect(warned).toMatchObject([{ name: 'live.event.unknown', event: name }]);
      await goesOn(screen);
      expect(JSON.stringify(heard)).not.toContain('forged');
    },
  );

  it.each([
    'null',
    '"watch"',
    '[]',
    '{}',
    '{"v":2,"after":null}',
    '{"v":1}',
    '{"v":1,"after":"1"}',
    '{"v":1,"after":1.5}',
    '{"v":1,"after":-2}',
    '{"v":1,"after":1,"mark":1}',
    '{"v":1,"after":1,"mark":"%"}',
    '{"v":1,"after":1e308}',
    '{"v":1,"after":9007199254740992}',
    '{"v":1,"after":{"valueOf":1}}',
    '{"v":1,"after":null,"tenant":"another"}',
    '{"__proto__":{"v":1,"after":null}}',
    '{"constructor":{"prototype":{"v":1,"after":null}}}',
  ])('refuses to watch for %s, and watches when asked properly', async (request) => {
    const client = await connect();
    raw(client).write('2["watch"]');
    const answer = new Promise((resolve) => {
      client.io.on('packet', (packet) => void (packet.id === 77 && resolve(packet.data)));
    });
    raw(client).write(`277["watch",${request}]`);
    expect(await answer).toEqual([{ ok: false, problem: 'Not a watch request.' }]);
    expect(await client.emitWithAck('watch', { v: 1, after: null })).toEqual({ ok: true });
    expect(failed).toEqual([]);
  });

  it('answers a cursor of another customer, or of nowhere, with the own trail only', async () => {
    let foreign = 0;
    for (let i = 0; i < 5; i++) foreign = await append(`Boreal ${i}`, otherTenantId);
    const own = await append('Own');
    while (foreign <= own) foreign = await append('Boreal more', otherTenantId);
    for (const after of [foreign, Number.MAX_SAFE_INTEGER]) {
      const client = await connect();
      const snapshot = snapshotOf(client);
      expect(await client.emitWithAck('watch', { v: 1, after })).toEqual({ ok: true });
      const shown = await snapshot;
      expect([shown.index, shown.skipped]).toEqual([own, 0]);
      expect(JSON.stringify(shown)).not.toContain('Boreal');
    }
    const marks = await fixture.db.store.readTenant(tenantId, (tx) => readMarks(tx, tenantId, [0, own - 1]));
    for (const after of [-1, 0, own - 1]) {
      const client = await connect();
      const patches: LivePatch[] = [];
      client.on('entries', (patch) => void patches.push(livePatch.parse(patch)));
      const mark = marks.get(after) ?? null;
      expect(await client.emitWithAck('watch', { v: 1, after, mark })).toEqual({ ok: true });
      expect([patches[0]?.from, patches.at(-1)?.to]).toEqual([after + 1, own]);
      expect(JSON.stringify(patches)).not.toContain('Boreal');
    }
  });
});
