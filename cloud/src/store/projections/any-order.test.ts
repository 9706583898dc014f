import { silentLog } from '@tagtrail/shared/log/log.js';
import { systemRandom } from '@tagtrail/shared/random/system-random.js';
import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createIngest } from '../../ingest/ingest.js';
import { settleGaps } from '../../ingest/stream-gaps.js';
import {
  deskEvent,
  freshUuid,
  helloOf,
  inventoryEvent,
  lineEvent,
  makeAsset,
  makeCabinet,
  onlineState,
  sessionEvent,
  startedEvent,
  type TestCabinet,
} from '../../testing/test-cabinet.js';
import { makeTenant, startTestDatabase, type TestDatabase } from '../../testing/test-database.js';
import { rebuildProjections } from './rebuild.js';

const epcs = ['E280117000000000000000B1', 'E280117000000000000000B2', 'E280117000000000000000B3'] as const;
const [person, giver] = [freshUuid(), freshUuid()];

/** What happens at one of three cabinets; minutes are its own clock and may go back. */
const step = fc.record({
  cabinet: fc.nat(2),
  what: fc.constantFrom('take', 'return', 'count', 'hand_over', 'dispute', 'corrected', 'stays', 'open', 'close'),
  tool: fc.nat(2),
  minute: fc.nat(40),
  missing: fc.subarray([0, 1, 2]),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** In which order the cabinets report, in how large pieces, and which pieces run ahead of what is before them. */
const delivery = fc.record({
  order: fc.array(fc.nat(2), { maxLength: 20 }),
  sizes: fc.array(fc.nat(4), { minLength: 1, maxLength: 4 }),
  ahead: fc.array(fc.boolean(), { minLength: 1, maxLength: 5 }),
});
type Delivery = typeof delivery extends fc.Arbitrary<infer T> ? T : never;

describe('everything that the trail says', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await startTestDatabase();
  });
  afterAll(async () => {
    await db?.close();
  });

  /** The sessions of a cabinet in the order of their opening; what is closed is the last one. */
  type Visits = Map<TestCabinet, string[]>;

  function play(cabinets: readonly TestCabinet[], visits: Visits, one: Step): void {
    const at = new Date(Date.UTC(2026, 0, 5, 6, one.minute)).toISOString();
    const epc = epcs[one.tool] as string;
    const side = cabinets[one.cabinet] as TestCabinet;
    const own = visits.get(side) ?? [];
    switch (one.what) {
      case 'count': {
        const absent = epcs.filter((_, place) => one.missing.includes(place));
        const present = epcs.filter((other) => !absent.includes(other));
        side.record(inventoryEvent(at, present, absent));
        break;
      }
      case 'open': {
        const session = freshUuid();
        visits.set(side, [...own, session]);
        side.record(sessionEvent('opened', { at, session, ...(one.tool === 0 ? {} : { actor: person }) }));
        break;
      }
      case 'close': {
        // An end whose beginning is lost makes a visit of its own.
        const session = own.at(-1) ?? freshUuid();
        if (own.length === 0) visits.set(side, [session]);
        side.record(sessionEvent('closed', { at, session, taken: one.tool }));
        break;
      }
      case 'take':
      case 'return': {
        const kind = one.what === 'take' ? 'asset.checked_out' : 'asset.returned';
        side.record(lineEvent(kind, { epc, at, actor: person }));
        break;
      }
      default:
        side.record(deskEvent(one.what, { epc, at, actor: giver }));
    }
  }

  /**
   * Delivers every cabinet's events in its order, cut and mixed as the delivery says; the beginning of one
   * log may never come. Answers what the projections hold in the end.
   */
  async function run(steps: readonly Step[], how: Delivery, withheld: number | null): Promise<unknown> {
    const place = await makeTenant(db.store);
    const cabinets = [
      await makeCabinet(db.store, place),
      await makeCabinet(db.store, place),
      await makeCabinet(db.store, place),
    ];
    cabinets.sort((a, b) => (a.id < b.id ? -1 : 1));
    const assets: string[] = [];
    for (const epc of epcs) assets.push(await makeAsset(db.store, place.tenant, { epc }));
    const visits: Visits = new Map();
    for (const cabinet of cabinets) cabinet.record(startedEvent('2026-01-05T06:00:00.000Z'));
    for (const one of steps) play(cabinets, visits, one);
    const clock = new VirtualClock(Date.UTC(2026, 0, 6));
    const ingest = createIngest({ store: db.store, clock, random: systemRandom, log: silentLog, send: async () => {} });
    const say = (cabinet: TestCabinet, name: 'events' | 'hello' | 'state', message: unknown): Promise<void> =>
      ingest.receive(cabinet.topic(name), Buffer.from(JSON.stringify(message)));
    const look = async (): Promise<void> => {
      const now = onlineState(new Date(clock.wallMs()).toISOString());
      for (const cabinet of cabinets) await say(cabinet, 'state', now);
      await ingest.flushStates();
      await db.store.withTenant(place.tenant, (tx) => settleGaps(tx, place.tenant, clock.wallMs()));
    };
    for (const cabinet of cabinets) await say(cabinet, 'hello', helloOf(cabinet));
    const next = cabinets.map(() => 1);
    const turns = [...how.order, ...cabinets.flatMap((cabinet, at) => Array(cabinet.last).fill(at) as number[])];
    for (const [turn, which] of turns.entries()) {
      const cabinet = cabinets[which] as TestCabinet;
      const from = next[which] as number;
      if (from > cabinet.last) continue;
      if (which === withheld || (how.ahead[turn % how.ahead.length] && from < cabinet.last)) {
        await say(cabinet, 'events', cabinet.batch(cabinet.last));
        await clock.advance(20_000);
        await look();
        if (which === withheld) continue;
      }
      const to = Math.min(cabinet.last, from + (how.sizes[turn % how.sizes.length] as number));
      next[which] = to + 1;
      await say(cabinet, 'events', cabinet.batch(from, to));
    }
    for (let minute = 0; minute < 60; minute += 20) {
      await clock.advance(20_000);
      await look();
    }
    await ingest.close();
    expect((await rebuildProjections(db.store, place.tenant, { check: true })).equal).toBe(true);
    const open = await db.store.readTenant(place.tenant, (tx) => tx.incident.findMany({ select: { logId: true } }));
    const stuck = cabinets.filter(({ last }, which) => which === withheld && last > 1);
    expect(open.map(({ logId }) => logId)).toEqual(stuck.map(({ log }) => log));
    return await read(place.tenant, { assets, cabinets, visits: [...visits.values()].flat() });
  }

  /** What the projections hold, in names that are the same in every run. */
  async function read(
    tenant: string,
    named: {
      readonly assets: readonly string[];
      readonly cabinets: readonly TestCabinet[];
      readonly visits: readonly string[];
    },
  ): Promise<unknown> {
    const { custody, sessions, states, incidents } = await db.store.readTenant(tenant, async (tx) => ({
      custody: await tx.custody.findMany(),
      sessions: await tx.cabinetSession.findMany(),
      states: await tx.cabinetState.findMany(),
      incidents: await tx.incident.findMany(),
    }));
    const ordinals = new Map<unknown, string>([
      ...named.assets.map((id, at) => [id, `asset ${at}`] as const),
      ...named.cabinets.flatMap(({ id, log }, at) => [[id, `cabinet ${at}`] as const, [log, `log ${at}`] as const]),
      ...named.visits.map((id, at) => [id, `visit ${at}`] as const),
    ]);
    const ownNews = new Set(['tenantId', 'lastSeenAt', 'heardAt', 'leftAt', 'bootedAt', 'clockOffsetMs', 'body']);
    const told = new Set(['openedIndex', 'since']);
    const plain = (row: object, without: ReadonlySet<string>): string =>
      JSON.stringify(
        Object.entries(row)
          .filter(([name]) => !without.has(name))
          .map(([name, value]) => [name, ordinals.get(value) ?? value]),
        (_, value) => (typeof value === 'bigint' ? Number(value) : (ordinals.get(value) ?? value)),
      );
    return {
      custody: custody.map((row) => plain(row, ownNews)).sort(),
      sessions: sessions.map((row) => plain(row, ownNews)).sort(),
      states: states.map((row) => plain(row, ownNews)).sort(),
      incidents: incidents.map((row) => plain(row, new Set([...ownNews, ...told]))).sort(),
    };
  }

  it('comes out the same in whatever order the cabinets report, and when it is rebuilt', async () => {
    const withheld = fc.option(fc.nat(2));
    const closing = (minute: number): Step => ({ cabinet: 2, what: 'close', tool: 0, minute, missing: [] });
    const counting = (minute: number, missing: number[]): Step => ({
      cabinet: 0,
      what: 'count',
      tool: 0,
      minute,
      missing,
    });
    const inOrder: Delivery = { order: [], sizes: [0], ahead: [false] };
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 14 }),
        delivery,
        withheld,
        async (steps, how, missing) => {
          const [mixed, plain] = [await run(steps, how, missing), await run(steps, inOrder, missing)];
          expect(mixed).toEqual(plain);
        },
      ),
      {
        numRuns: 12,
        examples: [
          // Two ends of a visit whose beginning is lost: the first stands in for it, folded together or apart.
          [[closing(0), closing(1)], inOrder, null],
          // A tool that one count misses and the next one finds, folded together or apart.
          [[counting(0, [0]), counting(1, [])], inOrder, null],
        ],
      },
    );
  }, 120_000);
});
