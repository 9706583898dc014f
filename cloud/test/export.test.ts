import { idFromUuid } from '@tagtrail/shared/ids.js';
import { silentLog } from '@tagtrail/shared/log/log.js';
import { parseNoteKey } from '@tagtrail/shared/proof/signed-note.js';
import { trustedCheckpoint } from '@tagtrail/shared/proof/verify-checkpoints.js';
import { systemRandom } from '@tagtrail/shared/random/system-random.js';
import { systemClock } from '@tagtrail/shared/time/system-clock.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from '../src/database/connect.js';
import { createIngest } from '../src/ingest/ingest.js';
import { logSigner } from '../src/proof/log-key.js';
import { type Sealer, startSealer } from '../src/proof/sealer.js';
import { nodeHashing } from '../src/store/hashing.js';
import { sql } from '../src/store/sql.js';
import { freshUuid, inventoryEvent, lineEvent, makeCabinet, type TestCabinet } from '../src/testing/test-cabinet.js';
import { verifyText } from '../src/testing/test-export.js';
import { type AppFixture, type Caller, signedIn, startApp } from './app-fixture.js';
import { aCustomer } from './sample.js';

const secret = 'a log secret of this test, long enough';

describe('an export of the trail', () => {
  let fixture: AppFixture;
  let sealer: Sealer;
  let admin: Caller;
  let manager: Caller;
  let tenant: string;
  let cabinet: TestCabinet;
  let person: string;

  beforeAll(async () => {
    fixture = await startApp();
    const { store, url: databaseUrl } = fixture.db;
    sealer = startSealer({ store, databaseUrl, clock: systemClock, log: silentLog, secret });
    const seeded = await fixture.seed(aCustomer('Aalto', 12));
    tenant = seeded.tenantId;
    const user = (name: string): Promise<Caller> =>
      signedIn(fixture.app, `${name}@aalto.example`, seeded.passwords.get(`${name}@aalto.example`) ?? '');
    admin = await user('admin');
    manager = await user('manager');
    const ids = await store.readTenant(tenant, (tx) =>
      tx.$queryRaw<{ site: string; person: string }[]>(
        sql`select (select id::text from site limit 1) as site, (select id::text from person order by id limit 1) as person`,
      ),
    );
    person = ids[0]?.person ?? '';
    cabinet = await makeCabinet(store, { tenant, site: ids[0]?.site ?? '' }, 'Aalto N9');
    await record(40);
    await sealer.seal(tenant);
  });
  afterAll(async () => {
    await sealer?.close();
    await fixture?.close();
  });

  const epc = (tool: number): string => `3034257BF7194E4000${tool.toString(16).toUpperCase().padStart(6, '0')}`;

  async function record(visits: number): Promise<void> {
    const at = (minute: number): string => new Date(Date.UTC(2026, 5, 1, 6, minute)).toISOString();
    const from = cabinet.last + 1;
    cabinet.record(inventoryEvent(at(0), [0, 1, 2, 3, 4].map(epc)));
    for (let visit = 0; visit < visits; visit++) {
      const line = { at: at(visit), actor: visit % 3 === 0 ? person : freshUuid(), session: freshUuid() };
      const kind = visit % 2 === 0 ? 'asset.checked_out' : 'asset.returned';
      cabinet.record(lineEvent(kind, { ...line, epc: epc(visit % 4) }));
    }
    const options = { store: fixture.db.store, clock: systemClock, random: systemRandom, log: silentLog };
    const ingest = createIngest({ ...options, send: async () => {} });
    await ingest.receive(cabinet.topic('events'), Buffer.from(JSON.stringify(cabinet.batch(from))));
    await ingest.close();
  }

  async function exported(query = ''): Promise<string> {
    const answer = await admin.get(`/v1/trail/export${query}`);
    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'application/x-ndjson']);
    return answer.text;
  }

  it('verifies without the server, every line of it', async () => {
    const text = await exported();
    const report = await verifyText(text);
    expect(report.problems).toEqual([]);
    expect(report).toMatchObject({ ok: true, withheld: { absent: 0, expired: 0, filtered: 0 }, redacted: 0 });
    expect(report.entries).toBe(report.size);
    expect(report.links).toEqual({ checked: 41, unknown: 0 });
    expect(report.custody).toEqual({ checked: 5, unknown: 0 });
    expect(report.signatures.keyIsTrusted).toBe(false);
  });

  it('is a line of the trail, with who, what and how many', async () => {
    const { body } = await admin.get('/v1/events?limit=1000&kind=trail.exported');
    const last = body.data.at(-1);
    expect(last.actor.name).toBe('Aalto Admin');
    expect(last.data).toMatchObject({ filter: { from: null, to: null, site: null, asset: null } });
    expect(last.data.entries).toBeGreaterThan(40);
  });

  it('agrees with keys and checkpoints that were kept elsewhere', async () => {
    const kept = (await admin.get('/v1/proof/checkpoint')).body.note;
    await record(10);
    const key = logSigner(secret, tenant).key;
    const checkpoint = trustedCheckpoint(kept);
    if (checkpoint === undefined) throw new Error('no checkpoint');
    const text = await exported();
    const report = await verifyText(text, { keys: [key], checkpoints: [checkpoint] });
    expect([report.problems, report.signatures.keyIsTrusted, report.signatures.agreed]).toEqual([[], true, 1]);

    const other = logSigner(`${secret}, another one`, tenant).key;
    const foreign = await verifyText(text, { keys: [other], checkpoints: [checkpoint] });
    expect(foreign.problems.map(({ code }) => code)).toEqual(['checkpoint_unsigned', 'earlier_checkpoint_unsigned']);
    const named = parseNoteKey(nodeHashing, JSON.parse(text.split('\n')[0] ?? '').logKeys[0]);
    expect(named).toEqual(key);
  });

  it('shows nothing of other people when it is about one, and still verifies', async () => {
    const text = await exported(`?person_id=${idFromUuid('person', person)}`);
    const report = await verifyText(text);
    expect(report.problems).toEqual([]);
    expect(report.withheld.filtered).toBeGreaterThan(30);
    const lines = text.split('\n').flatMap((line) => (line.includes('"entry"') ? [JSON.parse(line)] : []));
    const kinds = new Set(lines.map(({ kind }) => kind));
    expect(kinds).toEqual(
      new Set(['person.created', 'badge.issued', 'asset.checked_out', 'asset.returned', 'trail.exported']),
    );
    expect(
      lines
        .filter(({ kind }) => kind !== 'trail.exported')
        .every((line) => line.actor === person || line.counterpart === person),
    ).toBe(true);
  });

  it.each(['from=2030-01-01T00:00:00Z', 'to=2020-01-01T00:00:00Z'])(
    'verifies with %s, of which nothing is',
    async (query) => {
      const report = await verifyText(await exported(`?${query}`));
      expect([report.problems, report.entries]).toEqual([[], 1]);
    },
  );

  it('finds what somebody did to the database', async () => {
    const { store } = fixture.db;
    const owner = ownerOf(fixture);
    await owner(`update entry set data = data || '{"name":"Another"}' where kind = 'asset.returned' and index =
      (select max(index) from entry where kind = 'asset.returned')`);
    const report = await verifyText(await exported());
    const lines = await store.readTenant(tenant, (tx) =>
      tx.$queryRaw<{ index: bigint }[]>(sql`select max(index) as index from entry where kind = 'asset.returned'`),
    );
    expect(report.problems[0]).toMatchObject({ code: 'entry_changed', index: Number(lines[0]?.index) });
    expect(report.problems.map(({ code }) => code)).toContain('chain_broken');
    await owner(`update entry set data = data || '{"name":"Tool"}' where kind = 'asset.returned'`);
    await owner(`update custody set holder_id = gen_random_uuid() where state = 'out'`);
    expect((await verifyText(await exported())).problems[0]?.code).toBe('custody_differs');
  });

  it('is for administrators alone, and answers at once where nobody signs', async () => {
    expect((await manager.get('/v1/trail/export')).status).toBe(403);
    expect((await admin.get('/v1/trail/export?asset_id=tenant_x')).status).toBe(422);
    await sealer.close();
    const unsigned = await fixture.seed(aCustomer('Cirrus'));
    const stranger = await signedIn(
      fixture.app,
      'admin@cirrus.example',
      unsigned.passwords.get('admin@cirrus.example') ?? '',
    );
    expect((await stranger.get('/v1/trail/export')).status).toBe(409);
  });
});

/** Statements as whoever owns the database. */
function ownerOf(fixture: AppFixture): (statement: string) => Promise<void> {
  return async (statement) => {
    const client = await connect(fixture.db.adminUrl);
    await client.query(statement);
    await client.end();
  };
}
