import { canonicalJson, type Json } from '@tagtrail/shared/chain/canonical.js';
import { chainGenesis, nextChain } from '@tagtrail/shared/chain/record-chain.js';
import { idFromUuid } from '@tagtrail/shared/ids.js';
import { silentLog } from '@tagtrail/shared/log/log.js';
import { leafOfEntry } from '@tagtrail/shared/proof/entry-leaf.js';
import { systemRandom } from '@tagtrail/shared/random/system-random.js';
import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createIngest } from '../ingest/ingest.js';
import { freshUuid, inventoryEvent, lineEvent, makeAsset, makeCabinet, sha256 } from '../testing/test-cabinet.js';
import { makeTenant, startTestDatabase, type TestDatabase } from '../testing/test-database.js';
import { nodeHashing } from './hashing.js';
import { readLines } from './read-lines.js';
import { appendCloudEvent } from './trail.js';

const epc = 'E280117000000000000000B1';
const at = '2026-01-05T06:00:00.000Z';

describe('the leaves of the trail', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await startTestDatabase();
  });
  afterAll(async () => {
    await db.close();
  });

  it('follow from what stands in the database, for lines of cabinets and of the cloud', async () => {
    const place = await makeTenant(db.store);
    const cabinet = await makeCabinet(db.store, place);
    const asset = await makeAsset(db.store, place.tenant, { epc });
    const taker = freshUuid();
    cabinet.record(
      {
        ...lineEvent('asset.checked_out', { epc, at, actor: taker, session: freshUuid() }),
        asset: idFromUuid('asset', asset),
      },
      {
        kind: 'custody.handed_over',
        at,
        actor: idFromUuid('person', freshUuid()),
        data: { epc, name: 'T\u00fcr \ud83d\udd27', from: idFromUuid('person', taker) },
      },
      { kind: 'nonsense', at, data: {} },
      { ...inventoryEvent(at, [], [epc]), timeQuality: 'wrong', volatile: true } as never,
    );
    const clock = new VirtualClock(Date.UTC(2026, 0, 6));
    const ingest = createIngest({ store: db.store, clock, random: systemRandom, log: silentLog, send: async () => {} });
    await ingest.receive(cabinet.topic('events'), Buffer.from(JSON.stringify(cabinet.batch())));
    await ingest.close();
    await db.store.withTenant(place.tenant, (tx) =>
      appendCloudEvent(tx, {
        tenant: place.tenant,
        at: new Date(clock.wallMs()).toISOString(),
        kind: 'asset.updated',
        data: { change: { dueAt: { from: new Date(0), to: undefined } }, reason: 'edited\u2028twice' },
        actorId: freshUuid(),
        assetId: asset,
      }),
    );
    const lines = await db.store.readTenant(place.tenant, (tx) => readLines(tx, place.tenant, { from: 0, to: 99 }));
    expect(lines.map(({ kind }) => kind)).toEqual([
      'asset.checked_out',
      'custody.handed_over',
      'event.quarantined',
      'inventory.settled',
      'asset.updated',
    ]);
    for (const line of lines) {
      const again = leafOfEntry(nodeHashing, line);
      expect(again.ok && Buffer.from(again.leaf).equals(line.leaf ?? Buffer.alloc(0)), line.kind).toBe(true);
      if (line.salts === null) throw new Error('a new line has its salts');
      expect(Object.keys(line.salts)).toEqual(Object.keys(line.commitments));
    }
    const salts = lines.flatMap((line) => Object.values(line.salts ?? {}));
    expect(new Set(salts).size).toBe(salts.length);

    // What the cabinet recorded can be put together again, so that its chain can be checked offline.
    const sent = cabinet.batch().events as Json[];
    const rebuilt = lines.map((line) => ({
      seq: line.seq,
      at: line.occurredAt,
      kind: line.kind,
      data: line.data,
      ...(line.origin as Record<string, Json>),
      ...(line.actor === null ? {} : { actor: idFromUuid('person', line.actor) }),
      ...(line.session === null ? {} : { session: idFromUuid('session', line.session) }),
    }));
    for (const place of [0, 1, 3])
      expect(canonicalJson(rebuilt[place] as Json)).toBe(canonicalJson(sent[place] as Json));
    expect(nextChain(sha256, chainGenesis, rebuilt[0] as Json)).toBe(lines[0]?.chain);
  });
});
