import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { cloudKeyOf } from '@tagtrail/cloud/broker/cloud-key.js';
import { readConfig } from '@tagtrail/cloud/config.js';
import { createLateLink, openLink } from '@tagtrail/cloud/roles/link.js';
import { type StartedHttp, startHttp } from '@tagtrail/cloud/roles/start-http.js';
import { makeCabinet } from '@tagtrail/cloud/testing/test-cabinet.js';
import { makeTenant, startTestDatabase, type TestDatabase } from '@tagtrail/cloud/testing/test-database.js';
import { createMqttTransport } from '@tagtrail/edge/uplink/mqtt-transport.js';
import { offlineMessage } from '@tagtrail/edge/uplink/uplink.js';
import { type Log, silentLog } from '@tagtrail/shared/log/log.js';
import { upTopic } from '@tagtrail/shared/mqtt/topics.js';
import { systemRandom } from '@tagtrail/shared/random/system-random.js';
import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import { systemClock } from '@tagtrail/shared/time/system-clock.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Authority, type MadeCertificate, makeAuthority, opensslMissing } from './tls-certificates.js';

const missing = opensslMissing();
if (missing !== undefined) console.warn(`skipped: ${missing}`);

const minuteMs = 60_000;

/** The web server and the broker of a cloud that runs, while somebody replaces their files. */
describe.skipIf(missing !== undefined)('a certificate that is renewed', () => {
  const clock = new VirtualClock(Date.now());
  const said: string[] = [];
  const hear = (facts: unknown, event: string): void => {
    if (event.startsWith('tls.')) said.push(`${event} ${JSON.stringify(facts)}`);
  };
  const log: Log = { debug: () => {}, info: hear, warn: hear, error: hear };
  let folder: string;
  let authority: Authority;
  let db: TestDatabase;
  let http: StartedHttp;
  let ports: { readonly https: number; readonly mqtts: number };
  const link = createLateLink(cloudKeyOf('a cabinet secret of this test, long enough'));
  const open: TLSSocket[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tagtrail-renewal-'));
    authority = await makeAuthority(folder, 'ours');
    db = await startTestDatabase();
    await put(await authority.issue('first', { days: 60 }));
    const files = { TLS_CERT: 'now.pem', TLS_KEY: 'now.key', MQTT_TLS_CERT: 'now.pem', MQTT_TLS_KEY: 'now.key' };
    const places = { PORT: '0', MQTT_PORT: '0', PUBLIC_URL: 'https://localhost', TAGTRAIL_DATA: folder };
    const config = readConfig({ ...files, ...places }, folder);
    const shared = { config, store: db.store, clock, random: systemRandom, log };
    const { mqtt } = await openLink({ ...shared, link, onConnected: async () => {} });
    http = await startHttp({
      ...{ ...shared, databaseUrl: db.url, version: '0.0.0', mqttUrl: mqtt, cloudKey: 'a key of this test only' },
      requestRulebooks: () => {},
    });
    const address = http.app.server.server.address();
    ports = { https: typeof address === 'object' ? (address?.port ?? 0) : 0, mqtts: Number(new URL(mqtt).port) };
  });
  afterAll(async () => {
    for (const socket of open) socket.destroy();
    await http?.close();
    await link.close();
    await db?.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function put({ cert, key }: MadeCertificate): Promise<void> {
    await writeFile(join(folder, 'now.pem'), cert);
    await writeFile(join(folder, 'now.key'), key);
  }

  /** The serial number of what somebody who connects is shown; the web server lets the connection stand. */
  async function shown(port: number): Promise<string> {
    const socket = connect({ host: '127.0.0.1', port, ca: authority.cert, servername: 'localhost' });
    open.push(socket);
    await once(socket, 'secureConnect');
    return socket.getPeerCertificate().serialNumber;
  }
  const both = async (): Promise<string[]> => [await shown(ports.https), await shown(ports.mqtts)];

  /** A minute passes, and both have looked. */
  async function minute(): Promise<void> {
    const heard = said.length;
    await clock.advance(minuteMs);
    // Reading files is real work, which no virtual time waits for.
    while (said.length < heard + 2) await new Promise((resolve) => setImmediate(resolve));
  }

  /** A cabinet that is connected, and why it was not any more. */
  async function joined() {
    const { address, secret } = await makeCabinet(db.store, await makeTenant(db.store));
    const left: string[] = [];
    const transport = createMqttTransport({
      ...{ url: `mqtts://127.0.0.1:${ports.mqtts}`, identity: address, secret, will: offlineMessage(address) },
      ...{ clock: systemClock, random: systemRandom, log: silentLog, ca: authority.cert },
    });
    await new Promise<void>((resolve, reject) => {
      transport.start({
        onConnected: resolve,
        onDisconnected: (why) => {
          left.push(why);
          reject(new Error(why));
        },
        onMessage: () => {},
      });
    });
    return { address, transport, left };
  }

  async function answered(): Promise<number | undefined> {
    const options = { ca: authority.cert, servername: 'localhost', agent: false };
    const request = get(`https://localhost:${ports.https}/healthz`, { ...options, family: 4 });
    const [response] = await once(request, 'response');
    response.resume();
    return response.statusCode;
  }

  it('is shown to whoever connects from then on, and cuts nobody off', async () => {
    expect(await answered()).toBe(200);
    const before = await both();
    const [browser] = open;
    const cabinet = await joined();
    const second = await authority.issue('second', { days: 60 });
    await put(second);
    await minute();
    const after = await both();
    expect(new Set(before).size).toBe(1);
    expect(new Set(after).size).toBe(1);
    expect(after[0]).not.toBe(before[0]);
    expect(said.filter((line) => line.startsWith('tls.certificate.renewed'))).toHaveLength(2);
    expect(browser?.destroyed).toBe(false);
    await cabinet.transport.publish(upTopic(cabinet.address, 'hello'), 'still here');
    expect(cabinet.left).toEqual([]);
    await cabinet.transport.close({ topic: upTopic(cabinet.address, 'state'), payload: '{}' });
    expect(await answered()).toBe(200);
  });

  it('is left alone while its key is another one or a file is gone, and taken up when the two go together', async () => {
    const before = await both();
    const third = await authority.issue('third', { days: 60 });
    await writeFile(join(folder, 'now.pem'), third.cert);
    await minute();
    expect(await both()).toEqual(before);
    expect(said.at(-1)).toContain('do not go together');
    await rm(join(folder, 'now.key'));
    await minute();
    expect(await both()).toEqual(before);
    expect(said.at(-1)).toContain('cannot be read');
    await put(third);
    await minute();
    expect((await both())[0]).not.toBe(before[0]);
    expect(await answered()).toBe(200);
  });

  it('is warned of once a day when it ends soon', async () => {
    await put(await authority.issue('short', { days: 5 }));
    const warned = (): string[] => said.filter((line) => line.startsWith('tls.certificate.ends_soon'));
    const from = said.length;
    await minute();
    while (warned().length < 2) await new Promise((resolve) => setImmediate(resolve));
    expect(warned().every((line) => line.includes('it ends in 4 days'))).toBe(true);
    expect(said.length - from).toBe(4);
    await clock.advance(minuteMs);
    clock.stepWall(86_400_000);
    await minute();
    expect(warned()).toHaveLength(4);
  });
});
