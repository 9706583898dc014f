import { assert } from '@tagtrail/shared/assert.js';
import { idFromUuid } from '@tagtrail/shared/ids.js';
import { type LivePatch, livePath } from '@tagtrail/shared/live/protocol.js';
import type { LogFields } from '@tagtrail/shared/log/log.js';
import { systemRandom } from '@tagtrail/shared/random/system-random.js';
import { systemClock } from '@tagtrail/shared/time/system-clock.js';
import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Cloud, startCloud } from '../src/cloud.js';
import { readConfig } from '../src/config.js';
import { figureNames } from '../src/metrics/figures.js';
import { connectCabinet, type MqttCabinet } from '../src/testing/mqtt-cabinet.js';
import {
  freshUuid,
  lineEvent,
  makeAsset,
  makeCabinet,
  startedEvent,
  type TestCabinet,
} from '../src/testing/test-cabinet.js';
import { startTestDatabase, type TestDatabase } from '../src/testing/test-database.js';
import { seedFor } from './app-fixture.js';
import { aCustomer } from './sample.js';

const at = '2026-01-05T06:00:00.000Z';
const epc = 'E28011700000000000000042';

describe('the figures of the whole cloud', () => {
  let db: TestDatabase;
  let cloud: Cloud;
  let cabinet: TestCabinet;
  let client: MqttCabinet;
  let screen: Socket;
  let cookie: string;
  let patched: Promise<LivePatch>;
  const session = freshUuid();
  const lines: string[] = [];
  const collect = (fields: LogFields, msg: string): void => void lines.push(JSON.stringify({ ...fields, msg }));

  beforeAll(async () => {
    db = await startTestDatabase();
    const { tenantId, passwords } = await seedFor(db.store, aCustomer('Aalto'));
    const site = await db.store.readTenant(tenantId, (tx) => tx.site.findFirstOrThrow());
    cabinet = await makeCabinet(db.store, { tenant: tenantId, site: site.id }, 'C9');
    await makeAsset(db.store, tenantId, { epc });
    cloud = await startCloud({
      config: readConfig({ PORT: '0', MQTT_PORT: '0', METRICS_PORT: '0', DATABASE_URL: db.url, ...secrets }, '/'),
      clock: systemClock,
      random: systemRandom,
      log: { debug: collect, info: collect, warn: collect, error: collect },
      version: '0.0.0',
      say: () => {},
    });
    client = await connectCabinet(cloud.mqtt ?? '', cabinet);
    cookie = await signIn(passwords.get('admin@aalto.example') ?? '');
  });
  afterAll(async () => {
    screen?.disconnect();
    await client?.close();
    await cloud?.stop();
    await db?.close();
  });

  async function signIn(password: string): Promise<string> {
    const answer = await fetch(`${cloud.url}/v1/sign-in`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: cloud.url ?? '' },
      body: JSON.stringify({ email: 'admin@aalto.example', password }),
    });
    assert(answer.ok, await answer.text());
    return answer.headers
      .getSetCookie()
      .map((one) => one.split(';')[0])
      .join('; ');
  }

  /** The figures by name and labels. */
  async function figures(): Promise<ReadonlyMap<string, number>> {
    const text = await (await fetch(`${cloud.metrics}/metrics`)).text();
    const rows = text.split('\n').filter((row) => row.startsWith('tagtrail_'));
    return new Map(
      rows.map((row) => [row.slice(0, row.lastIndexOf(' ')), Number(row.slice(row.lastIndexOf(' ') + 1))]),
    );
  }

  it('balance in every stage after traffic that was good and bad', async () => {
    screen = io(cloud.url ?? '', {
      path: livePath,
      transports: ['websocket'],
      extraHeaders: { cookie },
      reconnection: false,
    });
    await screen.emitWithAck('watch', { v: 1, after: 'rubbish' });
    await screen.emitWithAck('watch', { v: 1, after: null });
    patched = new Promise((resolve) => {
      screen.on('entries', (patch: LivePatch) => {
        if (patch.entries.some(({ session: named }) => named !== null)) resolve(patch);
      });
    });
    const line = { epc, at, actor: freshUuid(), session };
    cabinet.record(startedEvent(at), lineEvent('asset.checked_out', line), { kind: 'door.opened', at, data: {} });
    await client.deliver(1, 3);
    await client.deliver(2, 3);
    await client.say('hello', 'rubbish');
    await client.say('state', { v: 1, online: false });
    await client.publish(cabinet.topic('state').replace(cabinet.address.cabinet, 'cabinet_of_another'), 'rubbish');
    await client.publish(cabinet.topic('events'), 'rubbish');
    for (const path of ['/v1/me', '/v1/cabinets', '/v1/assets/nothing', '/nowhere']) {
      await fetch(`${cloud.url}${path}`, { headers: { cookie } });
    }
    await client.deliver(1, 3);
    // What was not waited for above, as what ingest set aside, may still be inside.
    const shown = await vi.waitFor(async () => {
      const now = await figures();
      const inside = [...now].filter(([name, count]) => name.startsWith('tagtrail_stage_in_flight') && count > 0);
      expect(inside).toEqual([]);
      return now;
    });
    for (const stage of ['broker', 'ingest_messages', 'ingest_events', 'live_notices', 'live_watches', 'api']) {
      expect([stage, shown.get(`tagtrail_stage_imbalance{stage="${stage}"}`)]).toEqual([stage, 0]);
      expect(shown.get(`tagtrail_stage_received_total{stage="${stage}"}`)).toBeGreaterThan(0);
    }
    const outcome = (stage: string, name: string) =>
      shown.get(`tagtrail_stage_outcomes_total{stage="${stage}",outcome="${name}"}`);
    expect(outcome('broker', 'forbidden')).toBe(1);
    expect(outcome('ingest_events', 'accepted')).toBe(2);
    expect(outcome('ingest_events', 'quarantined')).toBe(1);
    // A cabinet that waits long for its answer sends again.
    expect(outcome('ingest_events', 'duplicate')).toBeGreaterThanOrEqual(5);
    expect(outcome('ingest_messages', 'quarantined')).toBe(3);
    expect([outcome('live_watches', 'refused'), outcome('live_watches', 'watching')]).toEqual([1, 1]);
    expect(outcome('api', '4xx')).toBe(2);
    expect(shown.get('tagtrail_live_connections')).toBe(1);
  });

  it('have no name that is not in the table', async () => {
    const names = new Set([...(await figures()).keys()].map((name) => name.replace(/\{.*/, '')));
    expect([...names].filter((name) => !(name in figureNames))).toEqual([]);
  });

  it('find one cabinet session in every log on the way to the screen, and on the screen', async () => {
    const id = idFromUuid('session', session);
    expect((await patched).entries.map((entry) => entry.session)).toContain(id);
    const stages = lines
      .filter((text) => text.includes(id))
      .map((text) => (JSON.parse(text) as { msg: string }).msg)
      .filter((name) => /^(broker|ingest|live)\./.test(name));
    expect(new Set(stages)).toEqual(new Set(['broker.message.received', 'ingest.batch.stored', 'live.entries.sent']));
  });

  it('say that it is well, and why it is not', async () => {
    const ready = await fetch(`${cloud.metrics}/readyz`);
    expect([ready.status, await ready.json()]).toMatchObject([
      200,
      { ready: true, checks: [{ name: 'database', problem: null }, { name: 'broker' }, { name: 'delivery' }] },
    ]);
    expect((await fetch(`${cloud.metrics}/v1/me`)).status).toBe(404);
  });
});

const secret = 'a secret of this test only, long enough';
const secrets = { AUTH_SECRET: secret, CABINET_SECRET: secret, LOG_SECRET: secret };
