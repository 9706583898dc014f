import { silentLog } from '@tagtrail/shared/log/log.js';
import { systemRandom } from '@tagtrail/shared/random/system-random.js';
import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connect } from '../database/connect.js';
import { createIngest } from '../ingest/ingest.js';
import { projectionDigests } from '../store/projections/digests.js';
import { projectionsVersion } from '../store/projections/fold.js';
import { lineEvent, makeAsset, makeCabinet } from '../testing/test-cabinet.js';
import { makeTenant, startTestDatabase, type TestDatabase } from '../testing/test-database.js';
import { renewProjections, startRenewal } from './renew-projections.js';

const at = '2026-01-05T06:00:00.000Z';
const drill = 'E280117000000000000000E1';

describe('projections of an earlier release', () => {
  let db: TestDatabase;
  let tenant: string;
  let clock: VirtualClock;
  let said: string[];
  let heard: (name: string) => void = () => {};
  const info = (_fields: object, name: string): void => {
    said.push(name);
    heard(name);
  };
  const log = { ...silentLog, info };

  beforeAll(async () => {
    db = await startTestDatabase();
  });
  afterAll(async () => {
    await db.close();
  });
  beforeEach(async () => {
    const place = await makeTenant(db.store);
    tenant = place.tenant;
    const cabinet = await makeCabinet(db.store, place);
    await makeAsset(db.store, tenant, { epc: drill });
    cabinet.record(lineEvent('asset.checked_out', { epc: drill, at }), {
      kind: 'door.left_open',
      at,
      data: { door: 1, openForMs: 120_000 },
    });
    clock = new VirtualClock(Date.parse(at) + 10_000);
    const ingest = createIngest({ store: db.store, clock, random: systemRandom, log: silentLog, send: async () => {} });
    await ingest.receive(cabinet.topic('events'), Buffer.from(JSON.stringify(cabinet.batch())));
    await ingest.close();
    said = [];
  });

  async function asAdmin(statement: string, ...values: unknown[]): Promise<void> {
    const admin = await connect(db.adminUrl);
    await admin.query(statement, values);
    await admin.end();
  }
  const digests = () => db.store.readTenant(tenant, (tx) => projectionDigests(tx, tenant));
  const version = async () =>
    (await db.store.readTenant(tenant, (tx) => tx.tenantHead.findFirstOrThrow({ where: { tenantId: tenant } })))
      .projections;

  it('fill themselves from the trail, once', async () => {
    const whole = await digests();
    expect(whole.find(({ name }) => name === 'alarms')?.rows).toBe(1);
    await asAdmin('delete from alarm');
    await asAdmin('update tenant_head set projections = 0 where tenant_id = $1', tenant);
    const renewal = startRenewal({ store: db.store, clock, log });
    await new Promise<void>((resolve) => {
      heard = (name) => void (name === 'projections.renewal.done' && resolve());
    });
    await renewal.close();
    expect(clock.pending()).toEqual([]);
    expect(await digests()).toEqual(whole);
    expect(await version()).toBe(projectionsVersion);
    said = [];
    await asAdmin('delete from alarm');
    expect(await renewProjections({ store: db.store, clock, log })).toBe(true);
    expect(said).toEqual([]);
    expect((await digests()).find(({ name }) => name === 'alarms')?.rows).toBe(0);
  });

  it('are tried again where it went wrong, and nothing of it stays half done', async () => {
    await asAdmin('update tenant_head set projections = 0 where tenant_id = $1', tenant);
    await asAdmin('delete from alarm');
    await asAdmin('alter table alarm add constraint broken check (false) not valid');
    expect(await renewProjections({ store: db.store, clock, log })).toBe(false);
    expect(await version()).toBe(0);
    await asAdmin('alter table alarm drop constraint broken');
    expect(await renewProjections({ store: db.store, clock, log })).toBe(true);
    expect(said).toEqual(['projections.renewal.begun', 'projections.renewal.begun', 'projections.renewal.done']);
  });

  it('are found by a version that is raised with every projection', async () => {
    // A name that is added here needs a version that is one higher.
    const names = 'custody, sightings, cabinet sessions, cabinet states, incidents, alarms, acknowledgements';
    expect([projectionsVersion, (await digests()).map(({ name }) => name).join(', ')]).toEqual([1, names]);
  });
});
