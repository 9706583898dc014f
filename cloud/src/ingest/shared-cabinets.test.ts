import { silentLog } from '@tagtrail/shared/log/log.js';
import { systemRandom } from '@tagtrail/shared/random/system-random.js';
import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore, type Store } from '../store/prisma.js';
import { rebuildProjections } from '../store/projections/rebuild.js';
import {
  freshUuid,
  inventoryEvent,
  lineEvent,
  makeAsset,
  makeCabinet,
  sessionEvent,
  startedEvent,
  type TestCabinet,
} from '../testing/test-cabinet.js';
import { makeTenant, startTestDatabase, type TestDatabase } from '../testing/test-database.js';
import { createIngest } from './ingest.js';

const epcs = ['E280117000000000000000C1', 'E280117000000000000000C2'] as const;
const person = freshUuid();

const step = fc.record({
  cabinet: fc.nat(1),
  what: fc.constantFrom('take', 'return', 'count', 'visit'),
  tool: fc.nat(1),
  minute: fc.nat(40),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** A piece of a cabinet's log that one ingest is given; places are fractions of the log, so pieces overlap and jump. */
const piece = fc.record({ cabinet: fc.nat(1), from: fc.nat(99), length: fc.nat(8), ingest: fc.nat(1) });
type Piece = typeof piece extends fc.Arbitrary<infer T> ? T : never;

/** Pieces in one wave are under way at the same time. */
const waves = fc.array(fc.array(piece, { minLength: 1, maxLength: 6 }), { maxLength: 5 });

describe('two ingests that share the cabinets of a customer', () => {
  let db: TestDatabase;
  let second: Store;
  beforeAll(async () => {
    db = await startTestDatabase();
    second = openStore({ url: db.url, connections: 6 });
  });
  afterAll(async () => {
    await second?.close();
    await db?.close();
  });

  function play(side: TestCabinet, { what, tool, minute }: Step): void {
    const at = new Date(Date.UTC(2026, 0, 5, 6, minute)).toISOString();
    const epc = epcs[tool] as string;
    if (what === 'take') side.record(lineEvent('asset.checked_out', { epc, at, actor: person }));
    if (what === 'return') side.record(lineEvent('asset.returned', { epc, at, actor: person }));
    if (what === 'count') side.record(inventoryEvent(at, [epc]));
    if (what === 'visit') {
      const session = freshUuid();
      side.record(sessionEvent('opened', { at, session, actor: person }));
      side.record(sessionEvent('closed', { at, session, taken: tool }));
    }
  }

  /** Delivers the waves and, in the end, every log whole to every ingest at once. Answers what is then held. */
  async function run(steps: readonly Step[], delivery: readonly (readonly Piece[])[], stores: readonly Store[]) {
    const place = await makeTenant(db.store);
    const cabinets = [await makeCabinet(db.store, place), await makeCabinet(db.store, place)];
    cabinets.sort((a, b) => (a.id < b.id ? -1 : 1));
    const assets: string[] = [];
    for (const epc of epcs) assets.push(await makeAsset(db.store, place.tenant, { epc }));
    for (const cabinet of cabinets) cabinet.record(startedEvent('2026-01-05T06:00:00.000Z'));
    for (const one of steps) play(cabinets[one.cabinet] as TestCabinet, one);

    const clock = new VirtualClock(Date.UTC(2026, 0, 6));
    const ingests = stores.map((store) =>
      createIngest({ store, clock, random: systemRandom, log: silentLog, send: async () => {} }),
    );
    const give = async (which: number, cabinet: TestCabinet, from: number, to: number): Promise<void> => {
      const batch = JSON.stringify(cabinet.batch(from, to));
      await ingests[which % ingests.length]?.receive(cabinet.topic('events'), Buffer.from(batch));
    };
    for (const wave of delivery) {
      await Promise.all(
        wave.map((one) => {
          const cabinet = cabinets[one.cabinet] as TestCabinet;
          const from = 1 + Math.floor((one.from * cabinet.last) / 100);
          return give(one.ingest, cabinet, from, Math.min(cabinet.last, from + one.length));
        }),
      );
    }
    await Promise.all(ingests.flatMap((_, which) => cabinets.map((cabinet) => give(which, cabinet, 1, cabinet.last))));
    for (const ingest of ingests) await ingest.close();
    const counts = ingests.map((ingest) => ingest.counts());
    for (const { events, eventsNotStored } of counts) expect([events.quarantined, eventsNotStored]).toEqual([0, 0]);
    const accepted = counts.reduce((sum, { events }) => sum + events.accepted, 0);
    expect(accepted).toBe(cabinets.reduce((sum, { last }) => sum + last, 0));
    await expectWholeLogs(place.tenant, cabinets);
    expect((await rebuildProjections(db.store, place.tenant, { check: true })).equal).toBe(true);
    return await read(place.tenant, assets, cabinets);
  }

  /** Each event of each log stands in the trail once, in its order and with the cabinet's own chain value. */
  async function expectWholeLogs(tenant: string, cabinets: readonly TestCabinet[]): Promise<void> {
    const { entries, streams } = await db.store.readTenant(tenant, async (tx) => ({
      entries: await tx.entry.findMany({ orderBy: { index: 'asc' } }),
      streams: await tx.stream.findMany(),
    }));
    expect(entries.map(({ index }) => Number(index))).toEqual(entries.map((_, place) => place));
    for (const { log, last, chain } of cabinets) {
      const own = entries.filter(({ logId }) => logId === log);
      expect(own.map(({ seq }) => Number(seq))).toEqual(Array.from({ length: last }, (_, before) => before + 1));
      expect(own.at(-1)?.chain).toBe(chain);
      expect(streams.find(({ logId }) => logId === log)).toMatchObject({ chain, nextSeq: BigInt(last + 1) });
    }
  }

  /** What the projections hold, in names that are the same in every run. */
  async function read(tenant: string, assets: readonly string[], cabinets: readonly TestCabinet[]): Promise<unknown> {
    return await db.store.readTenant(tenant, async (tx) => ({
      custody: (await tx.custody.findMany())
        .map((row) => [assets.indexOf(row.assetId), row.state, row.effectiveAt, Number(row.seq), row.holderId] as const)
        .map((row) => JSON.stringify(row))
        .sort(),
      sessions: (await tx.cabinetSession.findMany())
        .map((row) => [cabinets.findIndex(({ id }) => id === row.cabinetId), row.openedAt, row.closedAt] as const)
        .map((row) => JSON.stringify(row))
        .sort(),
    }));
  }

  it('end with the same projections and whole logs as one does', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 14 }), waves, async (steps, delivery) => {
        const shared = await run(steps, delivery, [db.store, second]);
        expect(shared).toEqual(await run(steps, [], [db.store]));
      }),
      { numRuns: 12, seed: 221 },
    );
  }, 120_000);
});
