import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectCabinet, type MqttCabinet } from '../src/testing/mqtt-cabinet.js';
import { mosquittoMissing, startTestBroker, type TestBroker } from '../src/testing/test-broker.js';
import { freshUuid, lineEvent, makeAsset, makeCabinet, type TestCabinet } from '../src/testing/test-cabinet.js';
import { makeTenant, startTestDatabase, type TestDatabase, type TestTenant } from '../src/testing/test-database.js';
import { startProcess, type TestProcess } from '../src/testing/test-process.js';

const missing = mosquittoMissing();
if (missing !== undefined) console.warn(`skipped: ${missing}`);

const at = '2026-01-05T06:00:00.000Z';
const perCabinet = 12;

/** The cloud as it is deployed past one machine: real processes, a real Mosquitto, a real PostgreSQL. */
describe.skipIf(missing !== undefined)('ingest in several processes', () => {
  let db: TestDatabase;
  let broker: TestBroker;
  let place: TestTenant;
  let first: TestProcess;
  let second: TestProcess;
  const cabinets: TestCabinet[] = [];
  const clients: MqttCabinet[] = [];
  const assets: string[] = [];

  const epcOf = (index: number): string => `E28011700000000000000${String(100 + index)}`;

  beforeAll(async () => {
    db = await startTestDatabase();
    place = await makeTenant(db.store);
    for (let i = 0; i < 4; i++) cabinets.push(await makeCabinet(db.store, place, `C${i}`));
    for (let i = 0; i < 4; i++) assets.push(await makeAsset(db.store, place.tenant, { epc: epcOf(i) }));
    broker = await startTestBroker(
      cabinets.map(({ address, secret }) => ({ username: `${address.tenant}/${address.cabinet}`, password: secret })),
    );
    const settings = {
      DATABASE_URL: db.url,
      MQTT_URL: broker.cloudUrl,
      CABINET_SECRET: 'a secret of this test only, long enough',
    };
    [first, second] = await Promise.all([startProcess('ingest', settings), startProcess('ingest', settings)]);
    for (const cabinet of cabinets) clients.push(await connectCabinet(broker.cabinetUrl, cabinet));
  });
  afterAll(async () => {
    for (const client of clients) await client.close();
    await Promise.all([first?.kill(), second?.kill()]);
    await broker?.close();
    await db?.close();
  });

  /** Each cabinet takes and returns one tool in turn; the odd ones end with a take. */
  const record = (cabinet: TestCabinet, index: number, person: string): void => {
    for (let i = 0; i < perCabinet + (index % 2); i++) {
      const kind = i % 2 === 0 ? 'asset.checked_out' : 'asset.returned';
      cabinet.record(lineEvent(kind, { epc: epcOf(index), at, actor: person }));
    }
  };

  it('shares the load and comes to the outcome of one', async () => {
    const person = freshUuid();
    cabinets.forEach((cabinet, index) => {
      record(cabinet, index, person);
    });
    await Promise.all(
      clients.map(async (client, index) => {
        const { last } = cabinets[index] as TestCabinet;
        for (let seq = 1; seq <= last; seq++) await client.deliver(seq, seq);
      }),
    );
    const rows = await db.store.readTenant(place.tenant, (tx) => tx.entry.findMany({ orderBy: { index: 'asc' } }));
    expect(rows.map(({ index }) => Number(index))).toEqual(rows.map((_, index) => index));
    for (const cabinet of cabinets) {
      const seqs = rows.filter(({ logId }) => logId === cabinet.log).map(({ seq }) => Number(seq));
      expect(seqs).toEqual(Array.from({ length: cabinet.last }, (_, i) => i + 1));
    }
    const custody = await db.store.readTenant(place.tenant, (tx) => tx.custody.findMany());
    const states = new Map(custody.map((row) => [row.assetId, row.state]));
    expect(assets.map((asset) => states.get(asset))).toEqual(['in', 'out', 'in', 'out']);
    const stored = [first, second].map(({ log }) => log.filter(({ msg }) => msg === 'ingest.batch.stored').length);
    expect(stored.every((count) => count > 0)).toBe(true);
  });

  it('goes on with the other when one is stopped', async () => {
    const sending = Promise.all(
      clients.map(async (client, index) => {
        const cabinet = cabinets[index] as TestCabinet;
        const before = cabinet.last;
        record(cabinet, index, freshUuid());
        for (let seq = before + 1; seq <= cabinet.last; seq++) await client.deliver(seq, seq);
      }),
    );
    expect(await first.stop()).toBe(0);
    await sending;
    const streams = await db.store.readTenant(place.tenant, (tx) => tx.stream.findMany());
    expect(streams.map(({ nextSeq }) => Number(nextSeq) - 1).sort()).toEqual(cabinets.map(({ last }) => last).sort());
  });
});
