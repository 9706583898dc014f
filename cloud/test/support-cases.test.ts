import { supportCaseKeepDays } from '@tagtrail/shared/api/support-case.js';
import { silentLog } from '@tagtrail/shared/log/log.js';
import { systemRandom } from '@tagtrail/shared/random/system-random.js';
import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runForAll } from '../src/retention/retention-job.js';
import { appendCloudEvent } from '../src/store/trail.js';
import { type AppFixture, type Caller, signedIn, startApp } from './app-fixture.js';
import { aCustomer } from './sample.js';

const dayMs = 86_400_000;
const words = { subject: 'Cabinet N1', text: 'Ana Duarte says that her wrench is not counted.' };

describe('a support case', () => {
  let fixture: AppFixture;
  let clock: VirtualClock;
  let tenantId: string;
  let password: string;
  let admin: Caller;

  beforeAll(async () => {
    clock = new VirtualClock(Date.UTC(2026, 0, 5, 6));
    fixture = await startApp({ clock });
    const customer = await fixture.seed(aCustomer('Aalto'));
    tenantId = customer.tenantId;
    password = customer.passwords.get('admin@aalto.example') ?? '';
  });
  afterAll(async () => {
    await fixture?.close();
  });
  // A sign-in does not last as long as a case.
  beforeEach(async () => {
    admin = await signedIn(fixture.app, 'admin@aalto.example', password);
  });

  const cases = async () => (await admin.get('/v1/support-cases')).body.data;
  const linesOf = async (kind: string) => (await admin.get(`/v1/events?limit=1000&kind=${kind}`)).body.data;
  const closedCase = async (): Promise<string> => {
    const { id } = (await admin.send('POST', '/v1/support-cases', words)).body;
    await admin.send('POST', `/v1/support-cases/${id}/close`, { outcome: 'The tag was broken.' });
    return id;
  };
  /** The days pass, somebody signs in, and retention has not run yet. */
  async function daysLater(days: number): Promise<void> {
    await clock.advance(days * dayMs);
    admin = await signedIn(fixture.app, 'admin@aalto.example', password);
  }
  const runRetention = async (): Promise<void> => {
    const problems = await runForAll({ store: fixture.db.store, clock, random: systemRandom, log: silentLog });
    expect(problems).toEqual([]);
  };
  const left = () => fixture.db.store.readTenant(tenantId, (tx) => tx.supportCase.count());

  it('is deleted on its own clock after it was closed, with a receipt, and its words are nowhere else', async () => {
    const { body: open } = await admin.send('POST', '/v1/support-cases', { ...words, subject: 'Stays open' });
    await clock.advance(1);
    const id = await closedCase();
    const [closed] = await cases();
    expect(closed).toMatchObject({ ...words, id, status: 'closed', outcome: 'The tag was broken.' });
    expect([closed.opened_by.name, closed.closed_by.name]).toEqual(['Aalto Admin', 'Aalto Admin']);
    expect(Date.parse(closed.delete_at)).toBe(clock.wallMs() + supportCaseKeepDays * dayMs);
    await daysLater(supportCaseKeepDays);
    await runRetention();
    expect((await cases()).map((one: { id: string }) => one.id)).toEqual([id, open.id]);
    await daysLater(1);
    expect((await cases()).map((one: { id: string }) => one.id)).toEqual([open.id]);
    expect((await admin.get(`/v1/support-cases/${id}`)).status).toBe(404);
    expect(await left()).toBe(2);
    await runRetention();
    expect(await left()).toBe(1);
    const receipts = (await linesOf('retention.cleared')).map(({ data }: { data: object }) => data);
    expect(receipts).toContainEqual(expect.objectContaining({ what: 'support_cases', rows: 1 }));
    expect(await linesOf('support_case.closed')).toMatchObject([{ data: { case: id } }]);
    expect((await admin.get('/v1/events?limit=1000')).text).not.toMatch(/Duarte says|tag was broken/);
  });

  it('stays while anything is held, and goes when nothing is', async () => {
    await closedCase();
    const asset = (await admin.get('/v1/assets')).body.data[0].id;
    const held = { kind: 'asset', subject: asset, reason: 'claim', review_on: '2099-01-01' };
    const { body: hold } = await admin.send('POST', '/v1/holds', held);
    const before = await left();
    await daysLater(supportCaseKeepDays + 1);
    await runRetention();
    expect(await left()).toBe(before);
    expect(await cases()).toHaveLength(before);
    await admin.send('POST', `/v1/holds/${hold.id}/release`, { reason: 'settled' });
    await runRetention();
    expect(await left()).toBe(before - 1);
  });

  it('names the line of the trail in which names were agreed to, and no other', async () => {
    const at = new Date(clock.wallMs()).toISOString();
    const consent_index = await fixture.db.store.withTenant(tenantId, (tx) =>
      appendCloudEvent(tx, {
        ...{ tenant: tenantId, at, kind: 'diagnostics.names_shown' },
        data: { expiresAt: at, note: 'Maria agreed on the telephone' },
      }),
    );
    const opened = await admin.send('POST', '/v1/support-cases', { ...words, consent_index });
    expect([opened.status, opened.body.consent_index]).toEqual([201, consent_index]);
    const wrong = await admin.send('POST', '/v1/support-cases', { ...words, consent_index: consent_index - 1 });
    expect([wrong.status, wrong.body.errors[0].field]).toEqual([422, 'consent_index']);
  });

  it('is closed once', async () => {
    const id = await closedCase();
    expect((await admin.send('POST', `/v1/support-cases/${id}/close`, {})).status).toBe(409);
  });
});
