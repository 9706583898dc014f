import { idFromUuid } from '@tagtrail/shared/ids.js';
import { silentLog } from '@tagtrail/shared/log/log.js';
import { systemRandom } from '@tagtrail/shared/random/system-random.js';
import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rebuildProjections } from '../store/projections/rebuild.js';
import { freshUuid, makeAsset, makeCabinet } from '../testing/test-cabinet.js';
import { makeTenant, startTestDatabase, type TestDatabase } from '../testing/test-database.js';
import { createIngest } from './ingest.js';

describe('a tool that is reported at a cabinet', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await startTestDatabase();
  });
  afterAll(async () => {
    await db.close();
  });

  it.each(['broken', 'incomplete', 'lost'])('goes to quarantine everywhere when it is %s, once', async (what) => {
    const place = await makeTenant(db.store);
    const cabinet = await makeCabinet(db.store, place);
    const epc = 'E280117000000000000000D1';
    const asset = await makeAsset(db.store, place.tenant, { epc });
    const other = await makeAsset(db.store, place.tenant, { epc: 'E280117000000000000000D2' });
    const changed: string[] = [];
    cabinet.record({
      kind: 'asset.reported',
      at: '2026-01-05T06:00:00.000Z',
      actor: idFromUuid('person', freshUuid()),
      data: { epc, name: 'Tool', what, note: null },
    });
    const clock = new VirtualClock(Date.UTC(2026, 0, 6));
    const ingest = createIngest({
      ...{ store: db.store, clock, random: systemRandom, log: silentLog },
      send: async () => {},
      onRulebookNeed: (tenant) => changed.push(tenant),
    });
    const statuses = async () => {
      const rows = await db.store.readTenant(place.tenant, (tx) => tx.asset.findMany());
      return [asset, other].map((id) => rows.find((row) => row.id === id)?.status);
    };
    await ingest.receive(cabinet.topic('events'), Buffer.from(JSON.stringify(cabinet.batch())));
    expect(await statuses()).toEqual(['quarantine', 'available']);
    expect(changed).toEqual([place.tenant]);

    // The office has inspected it; neither the same batch again nor a rebuild takes that back.
    await db.store.withTenant(place.tenant, (tx) =>
      tx.asset.updateMany({ where: { id: asset }, data: { status: 'available' } }),
    );
    await ingest.receive(cabinet.topic('events'), Buffer.from(JSON.stringify(cabinet.batch())));
    await ingest.close();
    await rebuildProjections(db.store, place.tenant);
    expect(await statuses()).toEqual(['available', 'available']);
  });
});
