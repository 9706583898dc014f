import { createPrivateKey, sign, verify } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Json } from '@tagtrail/shared/chain/canonical.js';
import { chainGenesis, nextChain } from '@tagtrail/shared/chain/record-chain.js';
import { silentLog } from '@tagtrail/shared/log/log.js';
import { committedMessage, signedText } from '@tagtrail/shared/mqtt/messages.js';
import { downSignedText, splitDownSignature } from '@tagtrail/shared/mqtt/signed-down.js';
import { type CabinetAddress, downTopic, upTopic } from '@tagtrail/shared/mqtt/topics.js';
import { systemRandom } from '@tagtrail/shared/random/system-random.js';
import { rulebook } from '@tagtrail/shared/rules/rulebook.js';
import {
  type CabinetCredentials,
  cabinetCredentials,
  type SampleCustomer,
} from '@tagtrail/shared/sample/sample-customer.js';
import { systemClock } from '@tagtrail/shared/time/system-clock.js';
import { connectAsync, type MqttClient } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cloud, startCloud } from './cloud.js';
import { readConfig } from './config.js';
import { keptSecrets } from './roles/kept-secret.js';
import { sha256 } from './testing/test-cabinet.js';

const customer: SampleCustomer = {
  name: 'Little Hangar',
  seed: 7,
  users: [{ email: 'ada@hangar.example', name: 'Ada', role: 'admin', sites: [] }],
  sites: [{ key: 'one', name: 'One', timeZone: 'Europe/Paris' }],
  cabinets: [{ key: 'c1', site: 'one', name: 'C1', doors: 1 }],
  people: [{ key: 'p', name: 'Pia Roux', displayName: 'Pia R.', language: 'fr', groups: [], badge: '0A00123456' }],
  assets: [],
};

describe('the whole cloud', () => {
  let folder = '';
  let cloud: Cloud;
  let credentials: CabinetCredentials;
  let address: CabinetAddress;

  const start = () =>
    startCloud({
      config: readConfig({ PORT: '0', MQTT_PORT: '0', TAGTRAIL_DATA: folder }, '/'),
      clock: systemClock,
      random: systemRandom,
      log: silentLog,
      version: '0.0.0',
      sample: { customer, credentialsFolder: join(folder, 'credentials') },
      say: () => {},
    });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tagtrail-cloud-'));
    cloud = await start();
    const text = await readFile(join(folder, 'credentials', 'c1.json'), 'utf8');
    credentials = cabinetCredentials.parse(JSON.parse(text));
    address = { tenant: credentials.tenant, cabinet: credentials.cabinet } as CabinetAddress;
  });
  afterAll(async () => {
    await cloud.stop();
    await rm(folder, { recursive: true, force: true });
  });

  interface Joined {
    readonly client: MqttClient;
    /** The next message on one of the cabinet's own topics. */
    next(name: 'committed' | 'rulebook'): Promise<unknown>;
  }

  async function joinAsCabinet(): Promise<Joined> {
    const client = await connectAsync(cloud.mqtt ?? '', {
      clientId: credentials.cabinet,
      username: `${credentials.tenant}/${credentials.cabinet}`,
      password: credentials.secret,
      keepalive: 10,
      reconnectPeriod: 0,
    });
    const arrived: { topic: string; body: unknown }[] = [];
    let wake = (): void => {};
    client.on('message', (topic, payload) => {
      // Whatever comes down is the word of the cloud that enrolled the cabinet, before and after a restart.
      const { body, sig } = splitDownSignature(payload.toString());
      const text = Buffer.from(downSignedText(topic, body));
      if (!verify(null, text, credentials.cloudKey ?? '', Buffer.from(sig ?? '', 'base64url'))) return;
      arrived.push({ topic, body: JSON.parse(body) });
      wake();
    });
    await client.subscribeAsync(`tagtrail/v1/${address.tenant}/${address.cabinet}/down/+`, { qos: 1 });
    return {
      client,
      next: async (name) => {
        for (;;) {
          const place = arrived.findIndex(({ topic }) => topic === downTopic(address, name));
          if (place >= 0) return arrived.splice(place, 1)[0]?.body;
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      },
    };
  }

  function batch(): { text: string; log: string; chain: string } {
    const log = 'c'.repeat(32);
    const at = new Date(systemClock.wallMs()).toISOString();
    const event: Json = {
      seq: 1,
      at,
      mono: 1,
      boot: '00000000000000b0',
      kind: 'cabinet.started',
      data: { agentVersion: '1' },
    };
    const chain = nextChain(sha256, chainGenesis, event);
    const text = signedText({ log, from: 1, to: 1, prev: chainGenesis, chain });
    const sig = sign(null, Buffer.from(text), createPrivateKey(credentials.signingKey)).toString('base64url');
    return {
      text: JSON.stringify({ v: 1, log, from: 1, to: 1, prev: chainGenesis, events: [event], sig }),
      log,
      chain,
    };
  }

  it('keeps nothing in its data folder of which a backup does not know', async () => {
    const madeAnew = ['credentials', 'log', 'postgres', 'postgres.json', 'postgres.log'];
    const there = await readdir(folder);
    expect(there).toEqual(expect.arrayContaining([...keptSecrets]));
    expect(there.filter((name) => ![...keptSecrets, ...madeAnew].includes(name))).toEqual([]);
  });

  it('hands a cabinet its rulebook, commits its events, and knows them after a restart', async () => {
    const { text, log, chain } = batch();
    const first = await joinAsCabinet();
    const book = rulebook.parse(await first.next('rulebook'));
    expect(book.people.map(({ displayName }) => displayName)).toEqual(['Pia R.']);
    await first.client.publishAsync(upTopic(address, 'events'), text, { qos: 1 });
    expect(committedMessage.parse(await first.next('committed'))).toMatchObject({ log, upTo: 1, chain });
    first.client.end(true);
    await cloud.stop();

    cloud = await start();
    const second = await joinAsCabinet();
    expect(rulebook.parse(await second.next('rulebook'))).toEqual(book);
    await second.client.publishAsync(upTopic(address, 'events'), text, { qos: 1 });
    expect(committedMessage.parse(await second.next('committed'))).toMatchObject({ log, upTo: 1, chain });
    second.client.end(true);
    expect((await fetch(`${cloud.url}/v1/cabinets`)).status).toBe(401);
  });
});
