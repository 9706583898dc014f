import { createPrivateKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { enrolmentCodeText, enrolmentProofText } from '@tagtrail/shared/api/enrolment.js';
import { uuidFromId } from '@tagtrail/shared/ids.js';
import { silentLog } from '@tagtrail/shared/log/log.js';
import { downTopic } from '@tagtrail/shared/mqtt/topics.js';
import { systemRandom } from '@tagtrail/shared/random/system-random.js';
import { type CabinetCredentials, cabinetCredentials } from '@tagtrail/shared/sample/sample-customer.js';
import { systemClock } from '@tagtrail/shared/time/system-clock.js';
import { connectAsync, type MqttClient } from 'mqtt';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Cloud, startCloud } from '../src/cloud.js';
import { readConfig } from '../src/config.js';
import { connectCabinet, type MqttCabinet } from '../src/testing/mqtt-cabinet.js';
import { mosquittoMissing, startTestBroker, type TestBroker } from '../src/testing/test-broker.js';
import { conversation, startedEvent, type TestCabinet } from '../src/testing/test-cabinet.js';
import { startTestDatabase, type TestDatabase } from '../src/testing/test-database.js';
import { aCustomer } from './sample.js';

const missing = mosquittoMissing();
if (missing !== undefined) console.warn(`skipped: ${missing}`);

const at = '2026-01-05T06:00:00.000Z';

function sideOf(credentials: Pick<CabinetCredentials, 'tenant' | 'cabinet' | 'secret'>, key: KeyObject): TestCabinet {
  const id = uuidFromId('cabinet', credentials.cabinet);
  return conversation({ id, tenant: uuidFromId('tenant', credentials.tenant), secret: credentials.secret, key });
}

function helloOf({ log }: TestCabinet): Record<string, unknown> {
  const stream = { log, firstUnacked: 1, last: 0, chain: '0'.repeat(64) };
  return { v: 1, ...stream, boot: '00000000000000b0', mono: 1, wall: at, agent: '0.1.0', rulebook: 0 };
}

describe.each(['our own broker', 'Mosquitto'] as const)('a cabinet that is cut off, over %s', (which) => {
  const skipped = which === 'Mosquitto' && missing !== undefined;
  let db: TestDatabase;
  let broker: TestBroker | undefined;
  let folder = '';
  let cloud: Cloud;
  let cabinet: TestCabinet;
  let cabinetUrl = '';
  let call: (method: string, path: string, body?: unknown) => Promise<{ status: number; body: Record<string, string> }>;
  const open: (MqttCabinet | MqttClient)[] = [];

  beforeAll(async () => {
    if (!skipped) db = await startTestDatabase();
  });
  afterAll(async () => {
    await db?.close();
  });
  beforeEach(async (context) => {
    if (skipped) return context.skip();
    folder = await mkdtemp(join(tmpdir(), 'tagtrail-revocation-'));
    const { url } = await db.fresh();
    const settings = { DATABASE_URL: url, TAGTRAIL_DATA: folder, PORT: '0', MQTT_PORT: '0' };
    // The broker of the customer knows the accounts of cabinets that the cloud has made; ours asks the cloud.
    await (await start(settings)).stop();
    const credentials = cabinetCredentials.parse(
      JSON.parse(await readFile(join(folder, 'credentials', 'n1.json'), 'utf8')),
    );
    cabinet = sideOf(credentials, createPrivateKey(credentials.signingKey));
    const account = { username: `${credentials.tenant}/${credentials.cabinet}`, password: credentials.secret };
    broker = which === 'Mosquitto' ? await startTestBroker([account]) : undefined;
    cloud = await start(broker === undefined ? settings : { ...settings, MQTT_URL: broker.cloudUrl });
    cabinetUrl = broker?.cabinetUrl ?? cloud.mqtt ?? '';
    call = await signedIn();
  });
  afterEach(async () => {
    for (const client of open.splice(0)) await ('end' in client ? client.endAsync(true) : client.close());
    await cloud?.stop();
    await broker?.close();
    broker = undefined;
    await rm(folder, { recursive: true, force: true });
  });

  const start = (environment: Record<string, string>): Promise<Cloud> =>
    startCloud({
      config: readConfig(environment, '/'),
      ...{ clock: systemClock, random: systemRandom, log: silentLog, version: '0.0.0', say: () => {} },
      sample: { customer: aCustomer('Aalto'), credentialsFolder: join(folder, 'credentials') },
    });

  async function signedIn(): Promise<typeof call> {
    const users = JSON.parse(await readFile(join(folder, 'credentials', 'users.json'), 'utf8'));
    const { email, password } = users.find((user: { email: string }) => user.email.startsWith('admin@'));
    const origin = new URL(cloud.url ?? '').origin;
    const post = { method: 'POST', headers: { origin, 'content-type': 'application/json' } };
    const answer = await fetch(`${cloud.url}/v1/sign-in`, { ...post, body: JSON.stringify({ email, password }) });
    const cookie = answer.headers.getSetCookie().map((one) => one.split(';')[0]);
    return async (method, path, body) => {
      const json = body === undefined ? {} : { 'content-type': 'application/json' };
      const sent = await fetch(`${cloud.url}${path}`, {
        ...{ method, headers: { origin, cookie: cookie.join('; '), ...json } },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: sent.status, body: (await sent.json()) as Record<string, string> };
    };
  }

  const revoke = () => call('POST', `/v1/cabinets/${cabinet.address.cabinet}/revocation`, { reason: 'stolen' });

  /** A plain client with the cabinet's account. */
  async function joinAs(side: TestCabinet): Promise<MqttClient> {
    const { tenant, cabinet: id } = side.address;
    const client = await connectAsync(cabinetUrl, {
      ...{ clientId: id, username: `${tenant}/${id}`, password: side.secret, reconnectPeriod: 0 },
    });
    open.push(client);
    return client;
  }

  it('is not believed from then on, and gets nothing any more', async () => {
    const client = await connectCabinet(cabinetUrl, cabinet);
    open.push(client);
    await client.next('rulebook');
    cabinet.record(startedEvent(at), startedEvent(at));
    await client.deliver(1, 1);
    const revoked = await revoke();
    expect([revoked.status, typeof revoked.body['revoked_at']]).toEqual([200, 'string']);
    expect((await revoke()).body['revoked_at']).toBe(revoked.body['revoked_at']);
    const command = await call('POST', `/v1/cabinets/${cabinet.address.cabinet}/commands`, { kind: 'count_now' });
    expect(command.status).toBe(409);
    if (which === 'Mosquitto') await client.say('events' as 'hello', cabinet.batch(2, 2));
    else await expect(joinAs(cabinet)).rejects.toThrow(/Not authorized|Bad username/i);
    const events = await call('GET', '/v1/events?limit=1000');
    const kinds = (events.body['data'] as unknown as { kind: string }[]).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'cabinet.revoked')).toEqual(['cabinet.revoked']);
    await cloud.stop();
    expect(kinds.filter((kind) => kind === 'cabinet.started')).toEqual(['cabinet.started']);
    expect(client.heard('committed').filter(({ upTo }) => upTo === 2)).toEqual([]);
    expect(client.heard('command')).toEqual([]);
  });

  it.skipIf(which === 'Mosquitto')('loses its connection at once', async () => {
    const client = await joinAs(cabinet);
    const gone = new Promise<void>((resolve) => client.once('close', () => resolve()));
    await revoke();
    await gone;
  });

  it('leaves no rulebook behind at the broker', async () => {
    const client = await joinAs(cabinet);
    const said: string[] = [];
    const cleared = new Promise<void>((resolve) =>
      client.on('message', (_topic, payload) => {
        said.push(payload.toString());
        if (payload.length === 0) resolve();
      }),
    );
    if (which === 'Mosquitto') {
      await client.subscribeAsync(downTopic(cabinet.address, 'rulebook'), { qos: 1 });
      await revoke();
      await cleared;
      expect(said.at(-1)).toBe('');
      return;
    }
    await revoke();
    await cloud.stop();
    expect(said).toEqual([]);
  });

  it.skipIf(which === 'Mosquitto')('is one of ours again when it enrols with a new key', async () => {
    const before = await call('POST', `/v1/cabinets/${cabinet.address.cabinet}/enrolment-codes`);
    await revoke();
    const keys = generateKeyPairSync('ed25519');
    const pem = keys.publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const redeem = (code: string) => {
      const text = Buffer.from(enrolmentProofText(enrolmentCodeText.parse(code), pem));
      const proof = sign(null, text, keys.privateKey).toString('base64url');
      return call('POST', '/v1/enrolments', { code, public_key: pem, proof });
    };
    expect((await redeem(before.body['code'] ?? '')).status).toBe(410);
    const code = await call('POST', `/v1/cabinets/${cabinet.address.cabinet}/enrolment-codes`);
    const enrolled = await redeem(code.body['code'] ?? '');
    expect(enrolled.status).toBe(201);
    const credentials = { ...cabinet.address, secret: enrolled.body['secret'] ?? '' };
    const again = sideOf(credentials, keys.privateKey);
    await expect(joinAs(cabinet)).rejects.toThrow();
    const client = await connectCabinet(cabinetUrl, again);
    open.push(client);
    await client.say('hello', helloOf(again));
    await client.next('rulebook');
    again.record(startedEvent(at));
    await client.deliver(1, 1);
    expect((await call('GET', `/v1/cabinets/${cabinet.address.cabinet}`)).body['revoked_at']).toBeNull();
  });
});
