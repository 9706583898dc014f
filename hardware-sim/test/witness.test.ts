import { createHash, generateKeyPairSync } from 'node:crypto';
import { type Broker, startBroker } from '@tagtrail/cloud/broker/broker.js';
import { connect } from '@tagtrail/cloud/database/connect.js';
import { createCabinetDirectory } from '@tagtrail/cloud/ingest/cabinet-directory.js';
import { createIngest, type Ingest } from '@tagtrail/cloud/ingest/ingest.js';
import { logSigner } from '@tagtrail/cloud/proof/log-key.js';
import { sealTenant } from '@tagtrail/cloud/proof/seal.js';
import { createWitnesses } from '@tagtrail/cloud/proof/witnesses.js';
import { appendEntries, cloudEntry } from '@tagtrail/cloud/store/trail.js';
import { freshUuid } from '@tagtrail/cloud/testing/test-cabinet.js';
import { makeTenant, startTestDatabase, type TestDatabase } from '@tagtrail/cloud/testing/test-database.js';
import { createSimulatedDisk } from '@tagtrail/edge/testing/simulated-disk.js';
import { parseDownlink } from '@tagtrail/edge/uplink/downlink.js';
import { createMqttTransport } from '@tagtrail/edge/uplink/mqtt-transport.js';
import { readSigningKey } from '@tagtrail/edge/uplink/signing-key.js';
import type { Transport } from '@tagtrail/edge/uplink/transport.js';
import { offlineMessage } from '@tagtrail/edge/uplink/uplink.js';
import { openWitness } from '@tagtrail/edge/witness/witness.js';
import { type CabinetId, idFromUuid, type TenantId } from '@tagtrail/shared/ids.js';
import { silentLog } from '@tagtrail/shared/log/log.js';
import { type CabinetAddress, upTopic } from '@tagtrail/shared/mqtt/topics.js';
import { systemRandom } from '@tagtrail/shared/random/system-random.js';
import { systemClock } from '@tagtrail/shared/time/system-clock.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const world = { clock: systemClock, random: systemRandom, log: silentLog };

/** A cloud with its broker and one cabinet's witness on the other side of it. */
describe('a cabinet that witnesses the trail', () => {
  let db: TestDatabase;
  let broker: Broker;
  let ingest: Ingest;
  let transport: Transport;
  let tenant: string;
  let cabinet: string;
  let address: CabinetAddress;
  const recorded: unknown[] = [];
  const disk = createSimulatedDisk();
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const secret = 'a secret of the cabinet';

  beforeAll(async () => {
    db = await startTestDatabase();
    const place = await makeTenant(db.store);
    tenant = place.tenant;
    cabinet = freshUuid();
    address = {
      tenant: idFromUuid('tenant', tenant) as TenantId,
      cabinet: idFromUuid('cabinet', cabinet) as CabinetId,
    };
    await db.store.withTenant(tenant, (tx) =>
      tx.cabinet.create({
        data: {
          ...{ tenantId: tenant, id: cabinet, siteId: place.site, name: 'C1' },
          secretHash: createHash('sha256').update(secret).digest('hex'),
          publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
        },
      }),
    );
    const directory = createCabinetDirectory(db.store, systemClock);
    ingest = createIngest({ ...world, store: db.store, send: (topic, body) => send(topic, body) });
    broker = await startBroker({
      ...{ port: 0, host: '127.0.0.1', clock: systemClock, log: silentLog },
      findAccount: (of) => directory.find(of),
      onMessage: (topic, payload) => void ingest.receive(topic, payload),
      onForbidden: () => {},
    });
    transport = await joinAsCabinet();
  });
  afterAll(async () => {
    await transport?.close(offlineMessage(address));
    await ingest?.close();
    await broker?.close();
    await db?.close();
  });

  const send = (topic: string, body: string): Promise<void> => broker.publish(topic, body, { retain: false });

  /** The cabinet's own transport and witness; `recorder` keeps what its journal would. */
  async function joinAsCabinet(): Promise<Transport> {
    const key = readSigningKey(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
    const recorder = {
      record: async (draft: unknown) => {
        recorded.push(draft);
        return { seq: recorded.length } as never;
      },
    } as never;
    const witness = await openWitness({ ...world, disk, recorder, identity: address, key: () => key });
    const mqtt = createMqttTransport({
      ...{ ...world, url: `mqtt://127.0.0.1:${broker.port}`, identity: address, secret },
      will: offlineMessage(address),
    });
    await new Promise<void>((connected) =>
      mqtt.start({
        onConnected: () => connected(),
        onDisconnected: () => {},
        onMessage: (topic, payload) => {
          const down = parseDownlink({ identity: address, isFromCloud: null }, topic, payload);
          if (down.kind !== 'checkpoint') return;
          void witness.see(down.message).then(async (answer) => {
            if (answer !== undefined) await mqtt.publish(upTopic(address, 'witness'), JSON.stringify(answer));
          });
        },
      }),
    );
    return mqtt;
  }

  let logSecret = 'a log secret of this test, long enough';
  let formerSecret: string | undefined;
  const signer = () => logSigner(logSecret, tenant);
  const former = () => (formerSecret === undefined ? undefined : logSigner(formerSecret, tenant));
  const witnesses = () => createWitnesses({ store: db.store, clock: systemClock, log: silentLog, send });

  async function grow(lines: number): Promise<void> {
    const at = new Date(systemClock.wallMs()).toISOString();
    const drafts = Array.from({ length: lines }, (_, line) =>
      cloudEntry({ tenant, at, kind: 'site.created', data: { name: `Site ${line}` } }),
    );
    await db.store.withTenant(tenant, (tx) => appendEntries(tx, { tenant, recordedAt: at }, drafts));
    while ((await seal()) !== undefined) {}
  }

  const seal = () =>
    db.store.withTenant(tenant, (tx) => sealTenant(tx, { tenant, atMs: systemClock.wallMs() }, signer(), former()));

  async function cosigned(): Promise<readonly number[]> {
    const rows = await db.store.readTenant(tenant, (tx) =>
      tx.witnessSignature.findMany({ where: { tenantId: tenant }, orderBy: { size: 'asc' } }),
    );
    return rows.map(({ size }) => Number(size));
  }

  async function size(): Promise<number> {
    const row = await db.store.readTenant(tenant, (tx) => tx.checkpoint.aggregate({ _max: { size: true } }));
    return Number(row._max.size ?? 0n);
  }

  it('cosigns the first checkpoint and every one that continues it', async () => {
    await grow(300);
    const first = await size();
    await witnesses().showNow(tenant);
    await expect.poll(cosigned, { timeout: 10_000 }).toEqual([first]);
    await grow(20);
    const second = await size();
    await witnesses().showNow(tenant);
    await expect.poll(cosigned, { timeout: 10_000 }).toEqual([first, second]);
    expect(recorded).toEqual([]);
  });

  it('asks for the proof from where it is when the cloud starts from elsewhere', async () => {
    await grow(7);
    await (await ownerOf())(`delete from witness_signature where size = (select max(size) from witness_signature)`);
    const before = await cosigned();
    await witnesses().showNow(tenant);
    const now = await size();
    await expect.poll(cosigned, { timeout: 10_000 }).toEqual([...before, now]);
    expect(recorded).toEqual([]);
  });

  it('forgets nothing over a restart', async () => {
    await transport.close(offlineMessage(address));
    transport = await joinAsCabinet();
    await grow(3);
    await witnesses().showNow(tenant);
    const now = await size();
    await expect.poll(async () => (await cosigned()).at(-1), { timeout: 10_000 }).toBe(now);
  });

  it('follows the log to a new key that the known one signs beside, without a hand', async () => {
    const seen = async (lines: number): Promise<void> => {
      await grow(lines);
      await witnesses().showNow(tenant);
      const now = await size();
      await expect.poll(async () => (await cosigned()).at(-1), { timeout: 10_000 }).toBe(now);
    };
    formerSecret = logSecret;
    logSecret = 'another log secret of this test, long enough';
    await seen(3);
    formerSecret = undefined;
    await seen(2);
    expect(recorded).toEqual([]);
  });

  it('refuses a history that was written anew, and raises the alarm once', async () => {
    const known = await size();
    const owner = await ownerOf();
    // Whoever has the database and the key of the log writes the first line anew and seals everything again.
    await owner(`alter table tile disable trigger tile_only_grows; delete from witness_signature; delete from checkpoint;
      delete from tile; update entry set leaf = sha256('another history') where index = 0;
      alter table tile enable trigger tile_only_grows`);
    await grow(5);
    expect(await size()).toBeGreaterThan(known);
    await witnesses().showNow(tenant);
    await expect.poll(() => recorded.length, { timeout: 10_000 }).toBe(1);
    await witnesses().showNow(tenant);
    await witnesses().showNow(tenant);
    expect(recorded).toEqual([
      { kind: 'checkpoint.refused', data: { reason: 'not_grown', size: await size(), seen: known } },
    ]);
    expect(await cosigned()).toEqual([]);
  });

  async function ownerOf(): Promise<(statements: string) => Promise<void>> {
    return async (statements) => {
      const client = await connect(db.adminUrl);
      await client.query(statements);
      await client.end();
    };
  }
});
