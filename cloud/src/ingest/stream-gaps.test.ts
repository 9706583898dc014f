import { silentLog } from '@tagtrail/shared/log/log.js';
import { systemRandom } from '@tagtrail/shared/random/system-random.js';
import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { rebuildProjections } from '../store/projections/rebuild.js';
import { helloOf, makeCabinet, onlineState, startedEvent, type TestCabinet } from '../testing/test-cabinet.js';
import { makeTenant, startTestDatabase, type TestDatabase, type TestTenant } from '../testing/test-database.js';
import { createIngest, type Ingest } from './ingest.js';
import { settleGaps } from './stream-gaps.js';

const at = '2026-01-05T06:00:00.000Z';

describe('a gap in what a cabinet sends', () => {
  let db: TestDatabase;
  let place: TestTenant;
  let cabinet: TestCabinet;
  let clock: VirtualClock;
  let ingest: Ingest;

  beforeAll(async () => {
    db = await startTestDatabase();
  });
  afterAll(async () => {
    await db?.close();
  });
  beforeEach(async () => {
    place = await makeTenant(db.store);
    cabinet = await makeCabinet(db.store, place);
    clock = new VirtualClock();
    const common = { clock, random: systemRandom, log: silentLog };
    ingest = createIngest({ ...common, store: db.store, send: async () => {} });
    cabinet.record(startedEvent(at), startedEvent(at), startedEvent(at));
    await give(helloOf(cabinet), 'hello');
  });
  afterEach(async () => {
    await ingest.close();
    expect((await rebuildProjections(db.store, place.tenant, { check: true })).equal).toBe(true);
  });

  async function give(message: unknown, name: 'events' | 'hello' | 'state' = 'events'): Promise<void> {
    await ingest.receive(cabinet.topic(name), Buffer.from(JSON.stringify(message)));
    if (name !== 'events') await ingest.flushStates();
  }
  /** Time passes while the cabinet says every twenty seconds that it is there; the cloud looks as often. */
  async function pass(seconds: number): Promise<void> {
    for (let s = 0; s < seconds; s += 20) {
      await clock.advance(20_000);
      await give(onlineState(new Date(clock.wallMs()).toISOString()), 'state');
      await look();
    }
  }
  const look = () => db.store.withTenant(place.tenant, (tx) => settleGaps(tx, place.tenant, clock.wallMs()));
  const lines = async () =>
    (
      await db.store.readTenant(place.tenant, (tx) =>
        tx.entry.findMany({ where: { kind: { startsWith: 'cabinet.gap' } }, orderBy: { index: 'asc' } }),
      )
    ).map(({ kind, cabinetId, siteId, data }) => ({ kind, cabinetId, siteId, data }));
  const incidents = () => db.store.readTenant(place.tenant, (tx) => tx.incident.findMany());

  it('becomes an incident of its cabinet when it stays for more than a minute', async () => {
    await give(cabinet.batch(2, 3));
    await pass(40);
    expect(await incidents()).toEqual([]);
    await pass(20);
    expect(await incidents()).toMatchObject([
      { cabinetId: cabinet.id, kind: 'stream_gap', logId: cabinet.log, detail: { fromSeq: 1 } },
    ]);
    await give(cabinet.batch(3, 3));
    await pass(120);
    expect(await lines()).toEqual([
      {
        ...{ kind: 'cabinet.gap_opened', cabinetId: cabinet.id, siteId: place.site },
        data: { log: cabinet.log, fromSeq: 1 },
      },
    ]);
  });

  it('is none when what is missing comes in time', async () => {
    await give(cabinet.batch(2, 3));
    await pass(40);
    await give(cabinet.batch(1, 3));
    await pass(60);
    expect([await lines(), await incidents()]).toEqual([[], []]);
  });

  it('ends when what is missing has come', async () => {
    await give(cabinet.batch(3, 3));
    await pass(60);
    await give(cabinet.batch(1, 3));
    await look();
    expect((await lines()).at(-1)).toMatchObject({
      kind: 'cabinet.gap_closed',
      data: { log: cabinet.log, fromSeq: 1, how: 'arrived' },
    });
    expect(await incidents()).toEqual([]);
  });

  it('ends with the signed word of the cabinet that the lines are lost, and with nothing less', async () => {
    await give(cabinet.batch(2, 3));
    await pass(60);
    const next = cabinet.otherLog();
    next.record(startedEvent(at), {
      kind: 'journal.damaged',
      at,
      data: { fromSeq: 7, toSeq: 9, detail: 'other lines' },
    });
    await give(next.batch());
    await pass(60);
    expect(await incidents()).toHaveLength(1);
    next.record({ kind: 'journal.damaged', at, data: { fromSeq: 1, toSeq: 1, detail: 'lost' } });
    await give(next.batch(3, 3));
    await pass(120);
    expect((await lines()).map(({ kind, data }) => [kind, (data as { how?: string }).how])).toEqual([
      ['cabinet.gap_opened', undefined],
      ['cabinet.gap_closed', 'declared'],
    ]);
    expect(await incidents()).toEqual([]);
  });

  it('does not count the time without a connection', async () => {
    await give(cabinet.batch(2, 3));
    await pass(40);
    await give({ v: 1, online: false }, 'state');
    await clock.advance(3_600_000);
    await look();
    await give(helloOf(cabinet), 'hello');
    await look();
    await pass(40);
    expect(await lines()).toEqual([]);
    await pass(20);
    expect((await lines()).map(({ kind }) => kind)).toEqual(['cabinet.gap_opened']);
  });

  it('is told by a hello too, when the cabinet has forgotten what the cloud lacks', async () => {
    await give({ ...helloOf(cabinet), firstUnacked: 4, last: 3, chain: cabinet.chain }, 'hello');
    await pass(60);
    expect(await incidents()).toMatchObject([{ kind: 'stream_gap', detail: { fromSeq: 1 } }]);
  });
});
