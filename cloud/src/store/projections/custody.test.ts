import { idFromUuid } from '@tagtrail/shared/ids.js';
import { silentLog } from '@tagtrail/shared/log/log.js';
import { systemRandom } from '@tagtrail/shared/random/system-random.js';
import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createIngest } from '../../ingest/ingest.js';
import {
  freshUuid,
  inventoryEvent,
  lineEvent,
  makeAsset,
  makeCabinet,
  type TestCabinet,
  type TestEvent,
} from '../../testing/test-cabinet.js';
import { makeTenant, startTestDatabase, type TestDatabase } from '../../testing/test-database.js';
import { rebuildProjections } from './rebuild.js';

const epcs = ['E280117000000000000000B1', 'E280117000000000000000B2', 'E280117000000000000000B3'] as const;

/** What happens at one of three cabinets; minutes are its own clock and may go back. */
const step = fc.record({
  cabinet: fc.nat(2),
  what: fc.constantFrom('take', 'return', 'count', 'hand_over', 'dispute', 'corrected', 'stays'),
  tool: fc.nat(2),
  minute: fc.nat(40),
  missing: fc.subarray([0, 1, 2]),
});

function deskEvent(
  what: 'hand_over' | 'dispute' | 'corrected' | 'stays',
  line: { readonly epc: string; readonly at: string; readonly actor: string },
): TestEvent {
  const named = { epc: line.epc, name: 'Tool' };
  const envelope = { at: line.at, actor: idFromUuid('person', line.actor) };
  if (what === 'hand_over') return { ...envelope, kind: 'custody.handed_over', data: { ...named, from: giver } };
  const denied = { ...named, movement: 'taken' };
  if (what === 'dispute') return { ...envelope, kind: 'asset.disputed', data: denied };
  const outcome = what === 'corrected' ? 'corrected' : 'stays_disputed';
  return { ...envelope, kind: 'dispute.settled', data: { ...denied, outcome, rounds: 9 } };
}

const giver = idFromUuid('person', freshUuid());

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

describe('the custody projection', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await startTestDatabase();
  });
  afterAll(async () => {
    await db.close();
  });

  const person = freshUuid();

  function play(cabinets: readonly TestCabinet[], { cabinet, what, tool, minute, missing }: Step): void {
    const at = new Date(Date.UTC(2026, 0, 5, 6, minute)).toISOString();
    const epc = epcs[tool] as string;
    const side = cabinets[cabinet] as TestCabinet;
    if (what === 'count') {
      const absent = epcs.filter((_, place) => missing.includes(place));
      side.record(
        inventoryEvent(
          at,
          epcs.filter((other) => !absent.includes(other)),
          absent,
        ),
      );
    } else if (what !== 'take' && what !== 'return') side.record(deskEvent(what, { epc, at, actor: person }));
    else side.record(lineEvent(what === 'take' ? 'asset.checked_out' : 'asset.returned', { epc, at, actor: person }));
  }

  /** Delivers every cabinet's events in its order, cut and mixed as `order` says; answers what the projections hold. */
  async function run(steps: readonly Step[], order: readonly number[], sizes: readonly number[]): Promise<unknown> {
    const place = await makeTenant(db.store);
    const cabinets = [
      await makeCabinet(db.store, place),
      await makeCabinet(db.store, place),
      await makeCabinet(db.store, place),
    ];
    cabinets.sort((a, b) => (a.id < b.id ? -1 : 1));
    const assets: string[] = [];
    for (const epc of epcs) assets.push(await makeAsset(db.store, place.tenant, { epc }));
    for (const one of steps) play(cabinets, one);
    const clock = new VirtualClock(Date.UTC(2026, 0, 6));
    const ingest = createIngest({ store: db.store, clock, random: systemRandom, log: silentLog, send: async () => {} });
    const next = cabinets.map(() => 1);
    const turns = [...order, ...cabinets.flatMap((cabinet, at) => Array(cabinet.last).fill(at) as number[])];
    for (const [turn, which] of turns.entries()) {
      const cabinet = cabinets[which] as TestCabinet;
      const from = next[which] as number;
      if (from > cabinet.last) continue;
      const to = Math.min(cabinet.last, from + (sizes[turn % sizes.length] as number));
      next[which] = to + 1;
      await ingest.receive(cabinet.topic('events'), Buffer.from(JSON.stringify(cabinet.batch(from, to))));
    }
    await ingest.close();
    const seen = async () => await read(place.tenant, assets, cabinets);
    const live = await seen();
    await rebuildProjections(db.store, place.tenant);
    expect(await seen()).toEqual(live);
    return live;
  }

  async function read(tenant: string, assets: readonly string[], cabinets: readonly TestCabinet[]): Promise<unknown> {
    const rows = await db.store.readTenant(tenant, (tx) => tx.custody.findMany());
    return rows
      .map((row) => ({
        asset: assets.indexOf(row.assetId),
        state: row.state,
        holder: row.holderId,
        disputed: row.disputed,
        cabinet: cabinets.findIndex(({ id }) => id === row.cabinetId),
        since: row.since.toISOString(),
        missing: row.missingSince?.toISOString() ?? null,
        moved: row.moved,
        seq: Number(row.seq),
      }))
      .sort((a, b) => a.asset - b.asset);
  }

  it('comes out the same in whatever order the cabinets report, and when it is rebuilt', async () => {
    const order = fc.array(fc.nat(2), { maxLength: 20 });
    const sizes = fc.array(fc.nat(4), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 14 }),
        order,
        order,
        sizes,
        async (steps, a, b, size) => {
          expect(await run(steps, a, size)).toEqual(await run(steps, b, [0]));
        },
      ),
      { numRuns: 12 },
    );
  }, 120_000);

  it.each([
    ['a line that is denied', ['dispute'], { state: 'out', holderId: null, disputed: true }],
    ['one that the second reading clears', ['dispute', 'corrected'], { state: 'in', holderId: null, disputed: false }],
    ['one that it does not', ['dispute', 'stays'], { state: 'out', holderId: null, disputed: true }],
    ['a hand-over', ['hand_over'], { state: 'out', holderId: person, disputed: false }],
  ] as const)('puts %s where it belongs', async (_what, after, expected) => {
    const place = await makeTenant(db.store);
    const cabinet = await makeCabinet(db.store, place);
    await makeAsset(db.store, place.tenant, { epc: epcs[0] });
    const at = '2026-01-05T06:00:00.000Z';
    cabinet.record(lineEvent('asset.checked_out', { epc: epcs[0], at, actor: freshUuid() }));
    for (const what of after) cabinet.record(deskEvent(what, { epc: epcs[0], at, actor: person }));
    const clock = new VirtualClock(Date.UTC(2026, 0, 6));
    const ingest = createIngest({ store: db.store, clock, random: systemRandom, log: silentLog, send: async () => {} });
    await ingest.receive(cabinet.topic('events'), Buffer.from(JSON.stringify(cabinet.batch())));
    await ingest.close();
    const custody = await db.store.readTenant(place.tenant, (tx) => tx.custody.findFirst());
    expect(custody).toMatchObject(expected);
  });

  it('does not return by itself what is booked out and lies inside', async () => {
    const place = await makeTenant(db.store);
    const cabinet = await makeCabinet(db.store, place);
    await makeAsset(db.store, place.tenant, { epc: epcs[0] });
    cabinet.record(
      lineEvent('asset.checked_out', { epc: epcs[0], at: '2026-01-05T06:00:00.000Z', actor: person }),
      inventoryEvent('2026-01-05T07:00:00.000Z', [epcs[0]]),
    );
    const clock = new VirtualClock(Date.UTC(2026, 0, 6));
    const ingest = createIngest({ store: db.store, clock, random: systemRandom, log: silentLog, send: async () => {} });
    await ingest.receive(cabinet.topic('events'), Buffer.from(JSON.stringify(cabinet.batch())));
    await ingest.close();
    const custody = await db.store.readTenant(place.tenant, (tx) => tx.custody.findFirst());
    expect(custody).toMatchObject({ state: 'out', holderId: person, missingSince: null });
  });
});
