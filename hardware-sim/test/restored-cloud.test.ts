import { createHash, generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Broker, startBroker } from '@tagtrail/cloud/broker/broker.js';
import { connect } from '@tagtrail/cloud/database/connect.js';
import { createCabinetDirectory } from '@tagtrail/cloud/ingest/cabinet-directory.js';
import { createIngest } from '@tagtrail/cloud/ingest/ingest.js';
import { openStore, type Store } from '@tagtrail/cloud/store/prisma.js';
import { rebuildProjections } from '@tagtrail/cloud/store/projections/rebuild.js';
import { freshUuid, makeAsset } from '@tagtrail/cloud/testing/test-cabinet.js';
import {
  makeTenant,
  startTestDatabase,
  type TestDatabase,
  type TestTenant,
} from '@tagtrail/cloud/testing/test-database.js';
import type { TraceDraft } from '@tagtrail/shared/events/trace-event.js';
import { type AssetId, idFromUuid, type PersonId } from '@tagtrail/shared/ids.js';
import { silentLog } from '@tagtrail/shared/log/log.js';
import { systemRandom } from '@tagtrail/shared/random/system-random.js';
import type { CabinetCredentials } from '@tagtrail/shared/sample/sample-customer.js';
import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import { systemClock } from '@tagtrail/shared/time/system-clock.js';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type FleetCabinet, openFleetCabinet } from '../src/world/fleet-cabinet.js';

const epcs = ['E28011700000000000000001', 'E28011700000000000000002', 'E28011700000000000000003'];
const [ana, ben] = [freshUuid(), freshUuid()];
const evidence = { reads: 12, rounds: 3, antennas: [1], bestRssiDbm: -50 };

/**
 * The agents' own journals on the real disk, their uplinks over MQTT, and a cloud that is stopped and
 * comes back on a copy of its database from before. The cloud that was not taken back is the measure.
 */
describe('a cloud that is restored to an hour ago', () => {
  let db: TestDatabase;
  let folder: string;
  let place: TestTenant;
  /** The database as it went on, as it was an hour before, and the cloud that runs on one of them. */
  let now: string;
  let hourAgo: string;
  let cloud: { readonly broker: Broker; close(): Promise<void> };
  let clock: VirtualClock;
  let first: Cabinet;
  let second: Cabinet;
  let tools: readonly string[];
  let copies = 0;

  interface Cabinet {
    readonly credentials: CabinetCredentials;
    readonly uuid: string;
    agent: FleetCabinet;
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tagtrail-restored-'));
    db = await startTestDatabase();
  });
  afterAll(async () => {
    await db?.close();
    await rm(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    clock = new VirtualClock();
    const { url, store } = await db.fresh();
    now = url;
    place = await makeTenant(store);
    tools = await Promise.all(epcs.map((epc) => makeAsset(store, place.tenant, { epc })));
    const [one, other] = [await credentialsOf(store, 'C1'), await credentialsOf(store, 'C2')];
    await store.close();
    cloud = await startCloud(now, 0);
    first = { ...one, agent: await switchOn(one.credentials) };
    second = { ...other, agent: await switchOn(other.credentials) };
  });
  afterEach(async () => {
    await first?.agent.close();
    await second?.agent.close();
    await cloud?.close();
  });

  async function credentialsOf(store: Store, name: string) {
    const uuid = freshUuid();
    const keys = generateKeyPairSync('ed25519');
    const secret = createHash('sha256').update(uuid).digest('hex');
    const row = {
      ...{ tenantId: place.tenant, id: uuid, siteId: place.site, name },
      secretHash: createHash('sha256').update(secret).digest('hex'),
      publicKey: keys.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    };
    await store.withTenant(place.tenant, (tx) => tx.cabinet.create({ data: row }));
    const credentials = {
      ...{ tenant: idFromUuid('tenant', place.tenant), cabinet: idFromUuid('cabinet', uuid), name, site: 'Hangar' },
      ...{ mqttUrl: 'told at the start', secret },
      signingKey: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    };
    return { uuid, credentials };
  }

  /** The agent on the disk of this cabinet. */
  function switchOn(credentials: CabinetCredentials): Promise<FleetCabinet> {
    return openFleetCabinet({
      ...{ credentials, clock, random: systemRandom, data: join(folder, credentials.cabinet) },
      ...{ mqttUrl: `mqtt://127.0.0.1:${cloud.broker.port}`, onCommitted: () => {} },
    });
  }

  async function startCloud(url: string, port: number) {
    const store = openStore({ url, connections: 4 });
    const directory = createCabinetDirectory(store, systemClock);
    const common = { clock: systemClock, random: systemRandom, log: silentLog };
    const ingest = createIngest({
      ...{ ...common, store },
      send: (topic, body) => broker.publish(topic, body, { retain: false }),
    });
    const broker: Broker = await startBroker({
      ...{ ...common, port, host: '127.0.0.1' },
      findAccount: (of) => directory.find(of),
      onMessage: (topic, payload) => void ingest.receive(topic, payload),
      onForbidden: () => {},
    });
    return {
      broker,
      close: async () => {
        await broker.close();
        await ingest.close();
        await store.close();
      },
    };
  }

  /** The cloud comes back on another database, at the address that the cabinets know. */
  async function comeBackOn(url: string): Promise<void> {
    const { port } = cloud.broker;
    await cloud.close();
    cloud = await startCloud(url, port);
  }

  /** A copy of the database as it is, while nobody is connected to it. */
  async function copyOf(url: string): Promise<string> {
    const { port } = cloud.broker;
    await cloud.close();
    const copy = new URL(url);
    const name = copy.pathname.slice(1);
    copy.pathname = `${name}_hour_ago_${copies++}`;
    const admin = await connect(db.adminUrl);
    await admin.query(`create database ${copy.pathname.slice(1)} template ${name} owner tagtrail_owner`);
    await admin.end();
    cloud = await startCloud(url, port);
    return copy.href;
  }

  async function inStore<T>(url: string, work: (store: Store) => Promise<T>): Promise<T> {
    const store = openStore({ url, connections: 1 });
    try {
      return await work(store);
    } finally {
      await store.close();
    }
  }

  async function move(cabinet: Cabinet, kind: 'takes' | 'returns', tool: number, person: string): Promise<void> {
    await clock.advance(1_000);
    const line = { epc: epcs[tool] as string, name: 'Tool', confidencePct: 99, disputed: false, certainty: 'observed' };
    const about = { asset: idFromUuid('asset', tools[tool] as string) as AssetId };
    const data =
      kind === 'takes'
        ? { ...line, evidence, authority: 'allowed', reason: null }
        : { ...line, evidence, takenBy: null };
    const draft = {
      ...{ kind: kind === 'takes' ? 'asset.checked_out' : 'asset.returned', ...about, data },
      actor: idFromUuid('person', person) as PersonId,
    };
    await cabinet.agent.record(draft as TraceDraft, 'now');
  }

  /** Time passes for the cabinets until both are connected and the cloud has confirmed all that they hold. */
  async function untilConfirmed(): Promise<void> {
    await expect
      .poll(
        async () => {
          await clock.advance(500);
          return [first, second].map(({ agent }) => (agent.connected() ? agent.pending() : 'away'));
        },
        { timeout: 40_000 },
      )
      .toEqual([0, 0]);
  }

  const linesIn = (url: string) =>
    inStore(url, async (store) => {
      const rows = await store.readTenant(place.tenant, (tx) =>
        tx.entry.findMany({ where: { source: 'cabinet' }, orderBy: [{ cabinetId: 'asc' }, { seq: 'asc' }] }),
      );
      return rows.map(({ cabinetId, logId, seq, kind, status, actorId, assetId, occurredAt, chain, data }) => ({
        ...{ cabinetId, logId, seq: Number(seq), kind, status, actorId, assetId, chain, data },
        occurredAt: occurredAt.toISOString(),
      }));
    });

  const custodyIn = (url: string) =>
    inStore(url, (store) =>
      store.readTenant(place.tenant, (tx) =>
        tx.custody.findMany({
          select: { assetId: true, state: true, holderId: true, cabinetId: true, since: true, logId: true, seq: true },
          orderBy: { assetId: 'asc' },
        }),
      ),
    );

  it.each([
    ['stayed on', false],
    ['were started again in the meantime', true],
  ])(
    'is filled again by cabinets that %s',
    async (_which, isStartedAgain) => {
      await move(first, 'takes', 0, ana);
      await move(first, 'takes', 1, ana);
      await untilConfirmed();
      hourAgo = await copyOf(now);
      await untilConfirmed();
      // The copy knows nothing of the second cabinet's log, and believes that the first tool is still with Ana.
      await move(second, 'returns', 0, ana);
      await move(first, 'takes', 2, ben);
      await move(first, 'returns', 1, ana);
      await move(second, 'takes', 0, ben);
      await untilConfirmed();
      const [lines, custody] = [await linesIn(now), await custodyIn(now)];
      expect(lines.map(({ cabinetId, seq }) => [cabinetId, seq]).sort()).toEqual(
        [...[1, 2, 3, 4].map((seq) => [first.uuid, seq]), ...[1, 2].map((seq) => [second.uuid, seq])].sort(),
      );
      expect(await linesIn(hourAgo)).toHaveLength(2);
      expect(await custodyIn(hourAgo)).not.toEqual(custody);

      await comeBackOn(hourAgo);
      if (isStartedAgain) {
        for (const cabinet of [first, second]) {
          await cabinet.agent.close();
          cabinet.agent = await switchOn(cabinet.credentials);
        }
      }
      await expect
        .poll(
          async () => {
            await clock.advance(500);
            return await linesIn(hourAgo);
          },
          { timeout: 40_000, interval: 200 },
        )
        .toEqual(lines);
      expect(await custodyIn(hourAgo)).toEqual(custody);
      await move(first, 'takes', 1, ben);
      await untilConfirmed();
      expect((await linesIn(hourAgo)).filter(({ cabinetId }) => cabinetId === first.uuid)).toHaveLength(5);
      await inStore(hourAgo, async (store) => {
        const suspects = await store.readTenant(place.tenant, (tx) => tx.quarantine.count());
        expect(suspects).toBe(0);
        const before = await custodyIn(hourAgo);
        await rebuildProjections(store, place.tenant);
        expect(await custodyIn(hourAgo)).toEqual(before);
      });
    },
    90_000,
  );
});
