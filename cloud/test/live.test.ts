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
import type { LogFields } from '@tagtrail/shared/log/log.js';
import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import { io, type Socket } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { sql } from '../src/store/sql.js';
import { appendCloudEvent } from '../src/store/trail.js';
import { type AppFixture, type Caller, signedIn, startApp } from './app-fixture.js';
import { aCustomer } from './sample.js';

type Client = Socket<LiveServerEvents, LiveClientEvents>;

describe('the live feed', () => {
  let fixture: AppFixture;
  let clock: VirtualClock;
  let url: string;
  let tenantId: string;
  let otherTenantId: string;
  let users: ReadonlyMap<string, string>;
  const open: Client[] = [];
  const logged: unknown[] = [];

  beforeAll(async () => {
    clock = new VirtualClock(Date.now());
    const write = (fields: LogFields, name: string): void => void logged.push([name, fields]);
    fixture = await startApp({ clock, log: { debug: write, info: write, warn: write, error: write } });
    ({ tenantId, passwords: users } = await fixture.seed(aCustomer('Aalto')));
    otherTenantId = (await fixture.seed(aCustomer('Boreal'))).tenantId;
    await fixture.app.server.listen({ port: 0, host: '127.0.0.1' });
    url = `http://127.0.0.1:${(fixture.app.server.server.address() as AddressInfo).port}`;
  });
  afterEach(() => {
    for (const client of open.splice(0)) client.disconnect();
  });
  afterAll(async () => {
    await fixture?.close();
  });

  const user = (role: string): Promise<Caller> =>
    signedIn(fixture.app, `${role}@aalto.example`, users.get(`${role}@aalto.example`) ?? '');

  /** Connected, or the reason why not. */
  async function connect(cookie: string | undefined, headers: Record<string, string> = {}): Promise<Client> {
    const client: Client = io(url, {
      path: livePath,
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
      extraHeaders: { ...(cookie === undefined ? {} : { cookie }), ...headers },
    });
    open.push(client);
    await new Promise<void>((resolve, reject) => {
      client.once('connect', resolve);
      client.once('connect_error', reject);
    });
    return client;
  }

  const append = (name: string, tenant = tenantId): Promise<number> =>
    fixture.db.store.withTenant(tenant, (tx) =>
      appendCloudEvent(tx, { tenant, at: new Date().toISOString(), kind: 'site.created', data: { name } }),
    );

  /** Collects patches until one reaches `index`. */
  function patchesUntil(client: Client, index: () => number): Promise<LivePatch[]> {
    const patches: LivePatch[] = [];
    return new Promise((resolve) => {
      client.on('entries', (patch) => {
        patches.push(livePatch.parse(patch));
        if (patch.to >= index()) resolve(patches);
      });
    });
  }

  const snapshotOf = (client: Client): Promise<LiveSnapshot> =>
    new Promise((resolve) => client.once('snapshot', (snapshot) => resolve(liveSnapshot.parse(snapshot))));

  it('starts with a snapshot of the own customer and goes on with patches', async () => {
    const client = await connect((await user('admin')).cookie);
    const snapshot = snapshotOf(client);
    let last = Number.POSITIVE_INFINITY;
    const patches = patchesUntil(client, () => last);
    expect(await client.emitWithAck('watch', { v: 1, after: null })).toEqual({ ok: true });
    const start = await snapshot;
    expect(start.cabinets.map((cabinet) => cabinet.name).sort()).toEqual(['Aalto N1', 'Aalto S1']);
    expect(start.entries.at(-1)?.index).toBe(start.index);
    expect(JSON.stringify(start)).not.toContain('Boreal');
    await append('Foreign', otherTenantId);
    last = await append('Live A');
    const entries = (await patches).flatMap((patch) => patch.entries);
    expect(entries.map((entry) => entry.data)).toEqual([{ name: 'Live A' }]);
  });

  it('resumes without a hole and without a repetition while entries pour in', async () => {
    const { cookie } = await user('admin');
    const first = await connect(cookie);
    const start = snapshotOf(first);
    await first.emitWithAck('watch', { v: 1, after: null });
    const { index: after, mark } = await start;
    first.disconnect();
    const pouring = (async () => {
      for (let i = 0; i < 40; i++) await append(`Pour ${i}`);
    })();
    await append('While away');
    const again = await connect(cookie);
    const patches: LivePatch[] = [];
    again.on('entries', (patch) => patches.push(patch));
    await again.emitWithAck('watch', { v: 1, after, mark });
    await pouring;
    const last = await append('Last');
    await new Promise<void>((resolve) => {
      const look = (): void => (patches.at(-1)?.to === last ? resolve() : void again.once('entries', look));
      look();
    });
    const ranges = patches.flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, i) => from + i));
    expect(ranges).toEqual(Array.from({ length: last - after }, (_, i) => after + 1 + i));
    const indexes = patches.flatMap((patch) => patch.entries.map((entry) => entry.index));
    expect(indexes).toEqual(ranges);
  });

  it('answers a cursor from nowhere with a snapshot', async () => {
    const client = await connect((await user('admin')).cookie);
    const snapshot = snapshotOf(client);
    await client.emitWithAck('watch', { v: 1, after: 1_000_000 });
    expect((await snapshot).skipped).toBe(0);
  });

  it('shows a manager the own site only', async () => {
    const client = await connect((await user('manager')).cookie);
    const snapshot = snapshotOf(client);
    await client.emitWithAck('watch', { v: 1, after: null });
    const text = JSON.stringify(await snapshot);
    expect(text).toContain('Aalto N1');
    expect(text).not.toContain('Aalto S1');
    expect(text).not.toContain('Aalto South');
  });

  it.each([
    ['without a cookie', undefined, {}],
    ['with a cookie of nobody', 'tagtrail.session_token=abc.def', {}],
  ])('refuses a connection %s', async (_name, cookie, headers) => {
    await expect(connect(cookie, headers)).rejects.toThrow('Sign in first');
  });

  it('refuses a page of another web site', async () => {
    const { cookie } = await user('admin');
    await expect(connect(cookie, { origin: 'https://evil.example' })).rejects.toThrow();
    await expect(connect(cookie, { 'sec-fetch-site': 'cross-site' })).rejects.toThrow();
  });

  it('cuts the connections of a sign-in that is ended, and no others', async () => {
    const here = await user('admin');
    const there = await user('admin');
    const cut = await connect(there.cookie);
    const kept = await connect(here.cookie);
    const ended = new Promise((resolve) => cut.once('ended', resolve));
    const gone = new Promise((resolve) => cut.once('disconnect', resolve));
    const { body } = await here.get('/v1/sign-ins');
    const others = body.data.filter((signIn: { current: boolean }) => !signIn.current);
    for (const other of others) expect((await here.send('DELETE', `/v1/sign-ins/${other.id}`)).status).toBe(204);
    expect(await ended).toBe('signed_out');
    await gone;
    expect(kept.connected).toBe(true);
    await expect(connect(there.cookie)).rejects.toThrow('Sign in first');
    expect((await there.get('/v1/me')).status).toBe(401);
  });

  it('notices within five seconds that a sign-in is gone though nobody told, and cuts no other', async () => {
    const { cookie } = await user('viewer');
    const client = await connect(cookie);
    const kept = await connect((await user('admin')).cookie);
    const ended = new Promise((resolve) => client.once('ended', resolve));
    await clock.advance(60_000);
    expect(client.connected).toBe(true);
    await fixture.db.store.global.$executeRaw(sql`
      delete from auth_sign_in where user_id = (select id from auth_user where email = 'viewer@aalto.example')`);
    await clock.advance(5_000);
    expect(await ended).toBe('expired');
    await clock.advance(5_000);
    expect(kept.connected).toBe(true);
  });

  it('refuses a token in the query string, and writes it into no log', async () => {
    const { cookie } = await user('viewer');
    const token = cookie.split('=')[1] ?? '';
    for (const name of ['token', 'cookie']) {
      const address = `${url}${livePath}/?EIO=4&transport=polling&${name}=${token}`;
      expect((await fetch(address)).status).toBe(403);
      expect((await fetch(address, { headers: { cookie } })).status).toBe(403);
    }
    expect(token.length).toBeGreaterThan(20);
    expect(JSON.stringify(logged)).not.toContain(token.slice(0, 20));
  });

  it('opens at most ten connections for one user', async () => {
    const { cookie } = await user('viewer');
    for (let i = 0; i < 10; i++) await connect(cookie);
    await expect(connect(cookie)).rejects.toThrow('Too many');
  });

  it('ignores what it does not know and goes on', async () => {
    const client = await connect((await user('admin')).cookie);
    const loose = client as unknown as Socket;
    loose.emit('entries', { from: 0, to: 9, entries: [] });
    loose.emit('join', 'another room');
    expect(await loose.emitWithAck('watch', { v: 1, after: 'x', __proto__: null })).toMatchObject({ ok: false });
    expect(await client.emitWithAck('watch', { v: 1, after: null })).toEqual({ ok: true });
  });

  it('closes a connection that sends too much at once', async () => {
    const client = await connect((await user('admin')).cookie);
    const gone = new Promise((resolve) => client.once('disconnect', resolve));
    (client as unknown as Socket).emit('watch', 'x'.repeat(100_000));
    await gone;
  });
});
