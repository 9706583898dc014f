import { silentLog } from '@tagtrail/shared/log/log.js';
import { systemRandom } from '@tagtrail/shared/random/system-random.js';
import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createIngest } from '../../ingest/ingest.js';
import { deskEvent, freshUuid, inventoryEvent, lineEvent, makeAsset, makeCabinet } from '../../testing/test-cabinet.js';
import { makeTenant, startTestDatabase, type TestDatabase } from '../../testing/test-database.js';

const epcs = ['E280117000000000000000B1'] as const;

describe('the custody projection', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await startTestDatabase();
  });
  afterAll(async () => {
    await db.close();
  });

  const person = freshUuid();

  it.each([
    ['a line that is denied', ['dispute'], { state: 'out', holderId: null, disputed: true }],
    ['one that the second reading clears', ['dispute', 'corrected'], { state: 'in', holderId: null, disputed: false }],
    ['one that it does not', ['dispute', 'stays'], { state: 'out', holderId: null, disputed: true }],
    ['a hand-over', ['hand_over'], { state: 'out', holderId: person, disputed: false }],
  ] as const)('puts %s where it belongs', async (_what, after, expected) => {
    const place = await makeTenant(db.store);
    const cabinet = await makeCabinet(db.store, place);
    await makeAsset(db.store, place.tenant, { epc: epcs[0] });
    const at = '2026-01-05T06:00:00.000Z';
    cabinet.record(lineEvent('asset.checked_out', { epc: epcs[0], at, actor: freshUuid() }));
    for (const what of after) cabinet.record(deskEvent(what, { epc: epcs[0], at, actor: person }));
    const clock = new VirtualClock(Date.UTC(2026, 0, 6));
    const ingest = createIngest({ store: db.store, clock, random: systemRandom, log: silentLog, send: async () => {} });
    await ingest.receive(cabinet.topic('events'), Buffer.from(JSON.stringify(cabinet.batch())));
    await ingest.close();
    const custody = await db.store.readTenant(place.tenant, (tx) => tx.custody.findFirst());
    expect(custody).toMatchObject(expected);
  });

  it('does not return by itself what is booked out and lies inside', async () => {
    const place = await makeTenant(db.store);
    const cabinet = await makeCabinet(db.store, place);
    await makeAsset(db.store, place.tenant, { epc: epcs[0] });
    cabinet.record(
      lineEvent('asset.checked_out', { epc: epcs[0], at: '2026-01-05T06:00:00.000Z', actor: person }),
      inventoryEvent('2026-01-05T07:00:00.000Z', [epcs[0]]),
    );
    const clock = new VirtualClock(Date.UTC(2026, 0, 6));
    const ingest = createIngest({ store: db.store, clock, random: systemRandom, log: silentLog, send: async () => {} });
    await ingest.receive(cabinet.topic('events'), Buffer.from(JSON.stringify(cabinet.batch())));
    await ingest.close();
    const custody = await db.store.readTenant(place.tenant, (tx) => tx.custody.findFirst());
    expect(custody).toMatchObject({ state: 'out', holderId: person, missingSince: null });
  });
});
