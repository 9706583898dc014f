import { assert } from '@tagtrail/shared/assert.js';
import { livePath } from '@tagtrail/shared/live/protocol.js';
import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectCabinet, type MqttCabinet } from '../src/testing/mqtt-cabinet.js';
import { freePort, mosquittoMissing, startTestBroker, type TestBroker } from '../src/testing/test-broker.js';
import { makeCabinet, type TestCabinet } from '../src/testing/test-cabinet.js';
import { startTestDatabase, type TestDatabase } from '../src/testing/test-database.js';
import { startProcess, type TestProcess } from '../src/testing/test-process.js';
import { seedFor } from './app-fixture.js';
import { aCustomer } from './sample.js';

const missing = mosquittoMissing();
if (missing !== undefined) console.warn(`skipped: ${missing}`);

const secret = 'a secret of this test only, long enough';
const origin = 'http://tools.example';

/** What one process does has to have its effect in the others. */
describe.skipIf(missing !== undefined)('the roles in processes of their own', () => {
  let db: TestDatabase;
  let broker: TestBroker;
  let cabinet: TestCabinet;
  let client: MqttCabinet;
  let api = '';
  const processes: TestProcess[] = [];
  const screens: Socket[] = [];
  let password = '';

  beforeAll(async () => {
    db = await startTestDatabase();
    const { tenantId, passwords } = await seedFor(db.store, aCustomer('Aalto'));
    password = passwords.get('admin@aalto.example') ?? '';
    const site = await db.store.readTenant(tenantId, (tx) => tx.site.findFirstOrThrow());
    cabinet = await makeCabinet(db.store, { tenant: tenantId, site: site.id }, 'C9');
    const { tenant, cabinet: id } = cabinet.address;
    broker = await startTestBroker([{ username: `${tenant}/${id}`, password: cabinet.secret }]);
    const ports = [await freePort(), await freePort(), await freePort()].map(String);
    const cabinets = { DATABASE_URL: db.url, MQTT_URL: broker.cloudUrl, CABINET_SECRET: secret };
    const browsers = { DATABASE_URL: db.url, AUTH_SECRET: secret, PUBLIC_URL: origin };
    const starting = [
      startProcess('api', { ...cabinets, ...browsers, PORT: ports[0] ?? '' }),
      startProcess('jobs', { ...cabinets, LOG_SECRET: secret }),
      startProcess('live', { ...browsers, PORT: ports[1] ?? '' }),
      startProcess('live', { ...browsers, PORT: ports[2] ?? '' }),
    ];
    processes.push(...(await Promise.all(starting)));
    api = `http://127.0.0.1:${ports[0]}`;
    lives.push(`http://127.0.0.1:${ports[1]}`, `http://127.0.0.1:${ports[2]}`);
    client = await connectCabinet(broker.cabinetUrl, cabinet);
  });
  afterAll(async () => {
    for (const screen of screens) screen.disconnect();
    await client?.close();
    for (const one of processes) await one.kill();
    await broker?.close();
    await db?.close();
  });
  const lives: string[] = [];

  const call = async (cookie: string, method: string, path: string, body?: unknown): Promise<Response> =>
    await fetch(`${api}${path}`, {
      method,
      headers: { origin, cookie, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });

  async function signIn(): Promise<string> {
    const answer = await call('', 'POST', '/v1/sign-in', { email: 'admin@aalto.example', password });
    assert(answer.ok, await answer.text());
    return answer.headers
      .getSetCookie()
      .map((one) => one.split(';')[0])
      .join('; ');
  }

  it('bring a change made through the API to the cabinet, and a command', async () => {
    const cookie = await signIn();
    const before = await client.next('rulebook');
    const made = await call(cookie, 'POST', '/v1/people', {
      name: 'Cleo Far',
      display_name: 'Cleo F.',
      language: 'en',
    });
    expect([made.status, await made.text()]).toEqual([201, expect.any(String)]);
    const after = await client.next('rulebook', ({ version }) => Number(version) > Number(before['version']));
    expect(JSON.stringify(after)).toContain('Cleo F.');
    const sent = await call(cookie, 'POST', `/v1/cabinets/${cabinet.address.cabinet}/commands`, { kind: 'count_now' });
    expect(sent.status).toBe(202);
    expect(await client.next('command')).toMatchObject({ kind: 'count_now' });
  });

  it('show one screen what another process wrote, and cut it wherever it is when its sign-in ends', async () => {
    const cookie = await signIn();
    const ended: Promise<unknown>[] = [];
    const patched: Promise<unknown>[] = [];
    for (const url of lives) {
      const screen = io(url, {
        path: livePath,
        transports: ['websocket'],
        extraHeaders: { cookie },
        reconnection: false,
      });
      screens.push(screen);
      expect(await screen.emitWithAck('watch', { v: 1, after: null })).toEqual({ ok: true });
      patched.push(new Promise((resolve) => screen.once('entries', resolve)));
      ended.push(new Promise((resolve) => screen.once('ended', resolve)));
    }
    await call(cookie, 'POST', '/v1/people', { name: 'Dee Near', display_name: 'Dee N.', language: 'en' });
    expect(await Promise.all(patched)).toHaveLength(2);
    expect((await call(cookie, 'POST', '/v1/sign-out')).status).toBeLessThan(300);
    expect(await Promise.all(ended)).toEqual(['signed_out', 'signed_out']);
  });
});
