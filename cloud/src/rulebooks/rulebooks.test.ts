import { idFromUuid } from '@tagtrail/shared/ids.js';
import { silentLog } from '@tagtrail/shared/log/log.js';
import { type CustodyFacts, custodyFacts } from '@tagtrail/shared/rules/custody-facts.js';
import { type Rulebook, rulebook } from '@tagtrail/shared/rules/rulebook.js';
import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { freshUuid, makeAsset, makeCabinet, type TestCabinet } from '../testing/test-cabinet.js';
import { makeTenant, startTestDatabase, type TestDatabase, type TestTenant } from '../testing/test-database.js';
import { createRulebooks, type Rulebooks } from './rulebooks.js';

describe('rulebooks', () => {
  let db: TestDatabase;
  let place: TestTenant;
  let home: TestCabinet;
  let books: Rulebooks;
  let published: Rulebook[];
  /** What each cabinet was told of who holds what, in order. */
  let told: { readonly topic: string; readonly facts: CustodyFacts }[];

  beforeAll(async () => {
    db = await startTestDatabase();
  });
  afterAll(async () => {
    await db.close();
  });
  beforeEach(async () => {
    place = await makeTenant(db.store);
    home = await makeCabinet(db.store, place, 'Home');
    published = [];
    told = [];
    books = createRulebooks({
      store: db.store,
      clock: new VirtualClock(),
      log: silentLog,
      publish: async (topic, body) => {
        if (topic.endsWith('/custody')) {
          told.push({ topic, facts: custodyFacts.parse(JSON.parse(body)) });
          return;
        }
        const book = rulebook.parse(JSON.parse(body));
        expect(topic).toBe(`tagtrail/v1/${book.tenant}/${book.cabinet}/down/rulebook`);
        published.push(book);
      },
    });
  });

  const issued = () =>
    db.store.readTenant(place.tenant, (tx) => tx.entry.count({ where: { kind: 'rulebook.issued' } }));

  it('tell a cabinet its people, badges and items, and come again only when something has changed', async () => {
    const person = freshUuid();
    await makeCabinet(db.store, place, 'Other');
    await makeAsset(db.store, place.tenant, { name: 'Torque wrench', epc: 'E280117000000000000000C1', home: home.id });
    await db.store.withTenant(place.tenant, async (tx) => {
      await tx.person.create({
        data: { tenantId: place.tenant, id: person, name: 'Ana Sousa', displayName: 'Ana S.', groups: ['engines'] },
      });
      for (const [status, day] of [
        ['revoked', 3],
        ['active', 1],
        ['lost', 2],
      ] as const) {
        await tx.badge.create({
          data: {
            tenantId: place.tenant,
            id: freshUuid(),
            personId: person,
            numberHash: 'a'.repeat(64),
            endsWith: '0001',
            status,
            issuedAt: new Date(Date.UTC(2026, 0, day)),
          },
        });
      }
    });
    books.request(place.tenant);
    books.request(place.tenant);
    await books.settled();
    expect(published.map((book) => [book.cabinet, book.version, book.items.map((item) => item.home)])).toEqual([
      [home.address.cabinet, 1, [true]],
      [expect.any(String), 1, [false]],
    ]);
    expect(published[0]?.people).toMatchObject([{ displayName: 'Ana S.', groups: ['engines'] }]);
    expect(published[0]?.badges).toMatchObject([{ hash: 'a'.repeat(64), status: 'active' }]);
    books.request(place.tenant);
    await books.settled();
    expect(published).toHaveLength(2);
    expect(await issued()).toBe(2);
  });

  it('tell each cabinet who holds what, without a new rulebook and without a line in the trail', async () => {
    const asset = await makeAsset(db.store, place.tenant, { epc: 'E280117000000000000000C2' });
    await books.publishAll();
    await db.store.withTenant(place.tenant, (tx) =>
      tx.custody.create({
        data: {
          tenantId: place.tenant,
          assetId: asset,
          state: 'out',
          since: new Date(5),
          moved: true,
          effectiveAt: new Date(5),
          logId: '',
          seq: 1n,
        },
      }),
    );
    books.requestForCustody(place.tenant);
    await books.settled();
    const topic = `tagtrail/v1/${home.address.tenant}/${home.address.cabinet}/down/custody`;
    const mine = () => told.filter((one) => one.topic === topic).map(({ facts }) => facts.out);
    expect(mine()).toEqual([
      [],
      [{ asset: idFromUuid('asset', asset), person: null, since: '1970-01-01T00:00:00.005Z' }],
    ]);
    expect(published.filter((book) => book.cabinet === home.address.cabinet)).toHaveLength(1);
    expect(await issued()).toBe(1);
    books.requestForCustody(place.tenant);
    await books.settled();
    expect(mine()).toHaveLength(2);
  });

  it('go again to a cabinet that has another version, and not to one that has it', async () => {
    await books.publishAll();
    published.length = 0;
    await books.heard(home.address, 1);
    await books.settled();
    expect(published).toEqual([]);
    await books.heard(home.address, 0);
    await books.settled();
    expect(published.map((book) => book.version)).toEqual([1]);
  });

  it('go to a cabinet that is ahead of a restored cloud under the version after its own, once', async () => {
    await books.publishAll();
    published.length = 0;
    await books.heard(home.address, 5);
    await books.settled();
    await books.heard(home.address, 6);
    await books.settled();
    expect(published.map((book) => book.version)).toEqual([6]);
    await makeAsset(db.store, place.tenant, { epc: 'E280117000000000000000C7' });
    books.request(place.tenant);
    await books.settled();
    expect(published.map((book) => book.version)).toEqual([6, 7]);
  });
});
