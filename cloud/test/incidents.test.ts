import { generateKeyPairSync, sign } from 'node:crypto';
import { enrolmentCodeText, enrolmentProofText } from '@tagtrail/shared/api/enrolment.js';
import { idFromUuid } from '@tagtrail/shared/ids.js';
import { silentLog } from '@tagtrail/shared/log/log.js';
import { systemRandom } from '@tagtrail/shared/random/system-random.js';
import { systemClock } from '@tagtrail/shared/time/system-clock.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createIngest, type Ingest } from '../src/ingest/ingest.js';
import { rebuildProjections } from '../src/store/projections/rebuild.js';
import { makeCabinet, startedEvent, type TestCabinet } from '../src/testing/test-cabinet.js';
import { type AppFixture, type Caller, signedIn, startApp } from './app-fixture.js';
import { aCustomer } from './sample.js';

const at = '2026-01-05T06:00:00.000Z';

describe('an incident of a cabinet', () => {
  let fixture: AppFixture;
  let tenantId: string;
  let siteId: string;
  let admin: Caller;
  let stranger: Caller;
  let cabinet: TestCabinet;
  let ingest: Ingest;

  beforeAll(async () => {
    fixture = await startApp();
    const { store } = fixture.db;
    const enter = async (name: string) => {
      const { tenantId: tenant, passwords } = await fixture.seed(aCustomer(name));
      const user = `admin@${name.toLowerCase()}.example`;
      return { tenant, caller: await signedIn(fixture.app, user, passwords.get(user) ?? '') };
    };
    ({ tenant: tenantId, caller: admin } = await enter('Aalto'));
    ({ caller: stranger } = await enter('Boreal'));
    const site = await store.readTenant(tenantId, (tx) => tx.site.findFirstOrThrow());
    siteId = site.id;
    cabinet = await makeCabinet(store, { tenant: tenantId, site: siteId }, 'Doubled');
    ingest = createIngest({
      ...{ store, clock: systemClock, random: systemRandom, log: silentLog },
      send: async () => {},
    });
  });
  afterAll(async () => {
    await ingest?.close();
    await fixture?.close();
  });

  const give = (message: unknown) => ingest.receive(cabinet.topic('events'), Buffer.from(JSON.stringify(message)));
  const shown = async (by: Caller): Promise<{ name: string; incidents: { kind: string; since: string }[] }[]> =>
    (await by.get('/v1/cabinets?limit=100')).body.data.filter(
      ({ incidents }: { incidents: unknown[] }) => incidents.length > 0,
    );
  const faulty = async (by: Caller): Promise<number> => (await by.get('/v1/overview')).body.cabinets.faulty;

  it('stands on the board of its customer until the cabinet has new credentials', async () => {
    cabinet.record(startedEvent(at), startedEvent(at));
    await give(cabinet.batch());
    const clone = cabinet.restoredDisk();
    clone.record({ kind: 'cabinet.stopped', at, data: { reason: 'another life' } }, startedEvent(at), startedEvent(at));
    await give(clone.batch());
    const [found, ...others] = await shown(admin);
    expect([found?.name, found?.incidents.map(({ kind }) => kind), others]).toEqual([
      'Doubled',
      ['clone_suspected'],
      [],
    ]);
    expect(Date.parse(found?.incidents[0]?.since ?? '')).toBeGreaterThan(Date.parse(at));
    expect([await faulty(admin), await faulty(stranger), await shown(stranger)]).toEqual([1, 0, []]);
    const [line] = (await admin.get(`/v1/cabinets/${idFromUuid('cabinet', cabinet.id)}/timeline`)).body.data;
    expect(line).toMatchObject({
      kind: 'cabinet.clone_suspected',
      category: 'security',
      site: { id: idFromUuid('site', siteId) },
    });

    await enrolAnew();
    expect([await shown(admin), await faulty(admin)]).toEqual([[], 0]);
    expect((await rebuildProjections(fixture.db.store, tenantId, { check: true })).equal).toBe(true);
  });

  it('is not made of what was over before it came: that is on record and no alarm', async () => {
    const { store } = fixture.db;
    cabinet = await makeCabinet(store, { tenant: tenantId, site: siteId }, 'Away');
    const ago = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();
    const forced = (minutes: number) => ({ kind: 'door.opened', at: ago(minutes), data: { door: 1, signed: false } });
    cabinet.record(
      forced(2 * 24 * 60),
      { ...forced(2 * 24 * 60), timeQuality: 'unchecked' } as never,
      forced(45),
      forced(5),
    );
    await give(cabinet.batch());
    const { data } = (await admin.get(`/v1/cabinets/${idFromUuid('cabinet', cabinet.id)}/timeline`)).body;
    const shownAs = data.map(({ late, history }: { late: boolean; history?: boolean }) => [late, history ?? false]);
    // Newest first; with a clock in doubt nobody knows how late it is.
    expect(shownAs.slice(0, 4)).toEqual([
      [true, false],
      [true, true],
      [true, false],
      [true, true],
    ]);
  });

  async function enrolAnew(): Promise<void> {
    const id = idFromUuid('cabinet', cabinet.id);
    const { code } = (await admin.send('POST', `/v1/cabinets/${id}/enrolment-codes`)).body;
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const text = Buffer.from(enrolmentProofText(enrolmentCodeText.parse(code), pem));
    const payload = { code, public_key: pem, proof: sign(null, text, privateKey).toString('base64url') };
    const answer = await fixture.app.server.inject({ method: 'POST', url: '/v1/enrolments', payload });
    expect(answer.statusCode).toBe(201);
  }
});
