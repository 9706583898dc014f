import { scryptSync } from 'node:crypto';
import { badgeHashText, pinNumberText } from '@tagtrail/shared/rules/rulebook.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rulebookSet } from '../src/rulebooks/build-rulebook.js';
import { readRulebookCabinets, readRulebookFacts } from '../src/rulebooks/read-facts.js';
import { type AppFixture, type Caller, signedIn, startApp } from './app-fixture.js';
import { aCustomer } from './sample.js';

describe('what people may do at the cabinets', () => {
  let fixture: AppFixture;
  let admin: Caller;
  let tenantId: string;
  beforeAll(async () => {
    fixture = await startApp();
    const made = await fixture.seed(aCustomer('Aalto'));
    tenantId = made.tenantId;
    admin = await signedIn(fixture.app, 'admin@aalto.example', made.passwords.get('admin@aalto.example') ?? '');
  });
  afterAll(async () => {
    await fixture?.close();
  });

  const book = () =>
    fixture.db.store.readTenant(tenantId, async (tx) => {
      const facts = await readRulebookFacts(tx, tenantId);
      const [cabinet] = await readRulebookCabinets(tx, tenantId);
      if (facts === undefined || cabinet === undefined) throw new TypeError('the sample has a cabinet');
      const set = rulebookSet(facts);
      return { ...set.bodyOf(cabinet), digest: set.digestOf(cabinet) };
    });
  const people = async (): Promise<{ id: string }[]> => (await admin.get('/v1/people')).body.data;

  it('goes from REST into the rulebook: a PIN as the cabinet checks it, which REST never shows', async () => {
    const [first, second] = await people();
    const before = await book();
    const set = await admin.send('PUT', `/v1/people/${first?.id}/pin`, { number: '1234', pin: '908172' });
    expect(set.body).toEqual({ licences: [], pin_set_at: expect.any(String) });
    const after = await book();
    expect(after.digest).not.toBe(before.digest);
    const pin = after.people.find(({ person }) => person === first?.id)?.pin;
    const salt = Buffer.from(pin?.salt ?? '', 'hex');
    const hash = scryptSync('908172', salt, 32, { N: 16_384, r: 8, p: 1 }).toString('hex');
    expect([pin?.pinHash, salt.length]).toEqual([hash, 16]);
    expect(pinNumberText('1234')).not.toBe(badgeHashText('1234'));
    const taken = await admin.send('PUT', `/v1/people/${second?.id}/pin`, { number: '1234', pin: '0000' });
    expect(taken.status).toBe(409);
    const shown = await Promise.all(
      [`/v1/people/${first?.id}/rights`, `/v1/people/${first?.id}`, '/v1/events?limit=1000'].map((url) =>
        admin.get(url),
      ),
    );
    for (const { text } of shown)
      expect(text).not.toMatch(new RegExp(`${hash}|${pin?.numberHash}|${pin?.salt}|908172`));
    await admin.send('DELETE', `/v1/people/${first?.id}/pin`);
    expect((await book()).digest).toBe(before.digest);
  });

  it('names licences with their end, and open orders for whom they are', async () => {
    const [first] = await people();
    const valid_until = '2027-05-03T00:00:00.000Z';
    const licences = [{ name: 'Torque', valid_until }];
    expect((await admin.send('PUT', `/v1/people/${first?.id}/licences`, { licences })).body.licences).toEqual(licences);
    const order = { number: '4711', title: 'Engine 2', people_ids: [first?.id] };
    const made = await admin.send('POST', '/v1/orders', order);
    expect([made.status, (await admin.send('POST', '/v1/orders', order)).status]).toEqual([201, 409]);
    const rules = await book();
    expect(rules.people.find(({ person }) => person === first?.id)?.licences).toEqual([
      { name: 'Torque', validUntil: valid_until },
    ]);
    expect(rules.orders).toEqual([{ order: made.body.id, number: '4711', title: 'Engine 2', people: [first?.id] }]);
    await admin.send('POST', `/v1/orders/${made.body.id}/close`);
    expect((await book()).orders).toBeUndefined();
    expect((await admin.get('/v1/orders?state=open')).body.data).toEqual([]);
    expect((await admin.send('POST', `/v1/orders/${made.body.id}/close`)).status).toBe(409);
  });
});
