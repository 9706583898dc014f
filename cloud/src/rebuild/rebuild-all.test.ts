import { silentLog } from '@tagtrail/shared/log/log.js';
import { systemRandom } from '@tagtrail/shared/random/system-random.js';
import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connect } from '../database/connect.js';
import { createIngest } from '../ingest/ingest.js';
import { appendEntries, cloudEntry } from '../store/trail.js';
import { freshUuid, inventoryEvent, lineEvent, makeAsset, makeCabinet } from '../testing/test-cabinet.js';
import { makeTenant, startTestDatabase, type TestDatabase, type TestTenant } from '../testing/test-database.js';
import { rebuildAll } from './rebuild-all.js';

const at = '2026-01-05T06:00:00.000Z';
const [drill, lamp] = ['E280117000000000000000E1', 'E280117000000000000000E2'] as const;

describe('rebuilding a customer from the trail', () => {
  let db: TestDatabase;
  let place: TestTenant;
  let drillId: string;
  let said: string[];
  const person = freshUuid();
  beforeAll(async () => {
    db = await startTestDatabase();
  });
  afterAll(async () => {
    await db.close();
  });

  beforeEach(async () => {
    place = await makeTenant(db.store);
    const cabinet = await makeCabinet(db.store, place);
    drillId = await makeAsset(db.store, place.tenant, { epc: drill });
    await makeAsset(db.store, place.tenant, { epc: lamp });
    const session = freshUuid();
    cabinet.record(
      inventoryEvent(at, [drill, lamp]),
      { ...lineEvent('asset.checked_out', { epc: drill, at, actor: person, session }), ...opened },
      lineEvent('asset.checked_out', { epc: drill, at, actor: person, session }),
      inventoryEvent('2026-01-05T07:00:00.000Z', [], [lamp]),
    );
    const clock = new VirtualClock(Date.UTC(2026, 0, 6));
    const ingest = createIngest({ store: db.store, clock, random: systemRandom, log: silentLog, send: async () => {} });
    await ingest.receive(cabinet.topic('events'), Buffer.from(JSON.stringify(cabinet.batch())));
    await ingest.close();
    said = [];
  });

  const opened = { kind: 'session.opened', data: { door: 1, signed: true } };
  const rebuild = (check: boolean) =>
    rebuildAll({ store: db.store, say: (line) => said.push(line), name: () => 'x' }, [place.tenant], check);
  const holder = async () => {
    const row = await db.store.readTenant(place.tenant, (tx) => tx.custody.findFirst({ where: { assetId: drillId } }));
    return row?.holderId;
  };
  const asOwner = async (statement: string): Promise<void> => {
    const admin = await connect(db.adminUrl);
    await admin.query(statement);
    await admin.end();
  };

  it('finds everything equal and says how much there is', async () => {
    expect(await rebuild(true)).toBe(true);
    expect(said.map((line) => line.replace(/\(.*/, '('))).toEqual([
      'x: custody: 2 rows, equal (',
      'x: sightings: 1 rows, equal (',
      'x: cabinet sessions: 1 rows, equal (',
      'x: cabinet states: 1 rows, equal (',
      'x: incidents: 0 rows, equal (',
      'x: alarms: 0 rows, equal (',
      'x: acknowledgements: 0 rows, equal (',
      'x: 4 entries: compared, nothing changed',
    ]);
  });

  it('tells of a row that is not what the trail says, leaves it when it compares, and puts it right', async () => {
    const wrong = freshUuid();
    await db.store.withTenant(place.tenant, (tx) =>
      tx.custody.updateMany({ where: { assetId: drillId }, data: { holderId: wrong } }),
    );
    expect(await rebuild(true)).toBe(false);
    expect(said[0]).toBe('x: custody: DIFFERENT, 2 rows before, 2 from the trail');
    expect(await holder()).toBe(wrong);
    expect(await rebuild(false)).toBe(false);
    expect(await holder()).toBe(person);
    expect(await rebuild(true)).toBe(true);
  });

  it('tells of a row that is not there', async () => {
    await db.store.withTenant(place.tenant, (tx) => tx.cabinetSession.deleteMany({}));
    expect(await rebuild(true)).toBe(false);
    expect(said[2]).toBe('x: cabinet sessions: DIFFERENT, 0 rows before, 1 from the trail');
  });

  it('comes out the same after lines went on the clock and were carried on', async () => {
    const before = await db.store.readTenant(place.tenant, (tx) => tx.custody.findMany());
    await db.store.withTenant(place.tenant, (tx) =>
      appendEntries(
        tx,
        { tenant: place.tenant, recordedAt: '2026-02-01T00:00:00.000Z' },
        before.map((row) => ({
          ...cloudEntry({
            tenant: place.tenant,
            at: row.effectiveAt.toISOString(),
            kind: 'custody.carried',
            data: { state: row.state as 'in' | 'out', moved: row.moved, disputed: row.disputed },
            cabinetId: row.cabinetId,
            assetId: row.assetId,
            counterpartId: row.holderId,
          }),
          sessionId: row.sessionId,
          logId: row.logId,
          seq: Number(row.seq),
        })),
      ),
    );
    await asOwner(`delete from entry where tenant_id = '${place.tenant}' and kind = 'asset.checked_out'`);
    await asOwner(`delete from entry where tenant_id = '${place.tenant}' and index = 0`);
    expect(await rebuild(true)).toBe(true);
    expect(said.at(-1)).toBe('x: 4 entries: compared, nothing changed');
  });
});
