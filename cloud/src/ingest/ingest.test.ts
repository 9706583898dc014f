import { silentLog } from '@tagtrail/shared/log/log.js';
import { systemRandom } from '@tagtrail/shared/random/system-random.js';
import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { rebuildProjections } from '../store/projections/rebuild.js';
import {
  freshUuid,
  helloOf,
  inventoryEvent,
  lineEvent,
  makeAsset,
  makeCabinet,
  startedEvent,
  type TestCabinet,
} from '../testing/test-cabinet.js';
import { makeTenant, startTestDatabase, type TestDatabase, type TestTenant } from '../testing/test-database.js';
import { createIngest, type Ingest } from './ingest.js';

const at = '2026-01-05T06:00:00.000Z';

describe('ingest', () => {
  let db: TestDatabase;
  let place: TestTenant;
  let cabinet: TestCabinet;
  let ingest: Ingest;
  let clock: VirtualClock;
  let sent: Record<string, unknown>[];
  /** What a cloud does that dies between its commit and its answer. */
  let isDeaf: boolean;

  beforeAll(async () => {
    db = await startTestDatabase();
  });
  afterAll(async () => {
    await db.close();
  });
  beforeEach(async () => {
    place = await makeTenant(db.store);
    cabinet = await makeCabinet(db.store, place);
    clock = new VirtualClock();
    sent = [];
    isDeaf = false;
    ingest = open();
  });
  afterEach(async () => {
    await ingest.close();
  });

  function open(): Ingest {
    return createIngest({
      store: db.store,
      clock,
      random: systemRandom,
      log: silentLog,
      send: async (_topic, body) => {
        if (!isDeaf) sent.push(JSON.parse(body) as Record<string, unknown>);
      },
    });
  }
  async function give(message: unknown, name: 'events' | 'hello' | 'state' = 'events'): Promise<unknown> {
    const text = typeof message === 'string' ? message : JSON.stringify(message);
    await ingest.receive(cabinet.topic(name), Buffer.from(text));
    return sent.at(-1);
  }
  const entries = () => db.store.readTenant(place.tenant, (tx) => tx.entry.findMany({ orderBy: { index: 'asc' } }));
  const incidents = () => db.store.readTenant(place.tenant, (tx) => tx.incident.findMany());
  const suspects = () => db.store.readTenant(place.tenant, (tx) => tx.quarantine.findMany());

  it('stores a batch with dense indexes and acknowledges up to its end', async () => {
    const person = freshUuid();
    const asset = await makeAsset(db.store, place.tenant, { epc: 'E28011700000000000000001' });
    cabinet.record(
      startedEvent(at),
      lineEvent('asset.checked_out', { epc: 'E28011700000000000000001', at, actor: person }),
    );
    expect(await give(cabinet.batch())).toEqual({ v: 1, log: cabinet.log, upTo: 2, chain: cabinet.chain, now: at });
    const rows = await entries();
    expect(rows.map((row) => [Number(row.index), row.kind, row.assetId, row.actorId])).toEqual([
      [0, 'cabinet.started', null, null],
      [1, 'asset.checked_out', asset, person],
    ]);
    expect(rows[1]).toMatchObject({ siteId: place.site, cabinetId: cabinet.id, logId: cabinet.log, seq: 2n });
    const custody = await db.store.readTenant(place.tenant, (tx) => tx.custody.findMany());
    expect(custody).toMatchObject([{ assetId: asset, state: 'out', holderId: person, cabinetId: cabinet.id }]);
  });

  it('answers a batch again that it has, whole or in part, and stores nothing twice', async () => {
    cabinet.record(startedEvent(at), startedEvent(at));
    await give(cabinet.batch());
    expect(await give(cabinet.batch())).toMatchObject({ upTo: 2, chain: cabinet.chain });
    cabinet.record(startedEvent(at));
    expect(await give(cabinet.batch(2, 3))).toMatchObject({ upTo: 3, chain: cabinet.chain });
    expect(await give(cabinet.batch(1, 1))).toMatchObject({ upTo: 3, chain: cabinet.chain });
    expect(await entries()).toHaveLength(3);
    expect(ingest.counts().events).toEqual({ accepted: 3, duplicate: 4, quarantined: 0, refused: 0 });
  });

  it('stores once what a cloud committed that died before it answered', async () => {
    cabinet.record(startedEvent(at));
    isDeaf = true;
    await give(cabinet.batch());
    expect(sent).toEqual([]);
    await ingest.close();
    isDeaf = false;
    ingest = open();
    expect(await give(cabinet.batch())).toMatchObject({ upTo: 1, chain: cabinet.chain });
    expect(await entries()).toHaveLength(1);
  });

  it('asks for what is missing', async () => {
    cabinet.record(startedEvent(at), startedEvent(at), startedEvent(at));
    expect(await give(cabinet.batch(2, 3))).toMatchObject({ expect: 1, reason: 'gap' });
    expect(await entries()).toEqual([]);
  });

  it('keeps the stream going past an event with bad content', async () => {
    cabinet.record(
      { kind: 'door.opened', at, data: { door: 'front' } },
      { kind: 'cabinet.stopped', at, data: { reason: 'a\u0000b' } },
      startedEvent(at),
    );
    expect(await give(cabinet.batch())).toMatchObject({ upTo: 3, chain: cabinet.chain });
    expect((await entries()).map((row) => [row.kind, row.status])).toEqual([
      ['event.quarantined', 'quarantined'],
      ['event.quarantined', 'quarantined'],
      ['cabinet.started', 'accepted'],
    ]);
    expect((await suspects()).map((row) => [Number(row.seq), row.reason])).toEqual([
      [1, 'bad_content'],
      [2, 'bad_content'],
    ]);
  });

  it('sets a fork aside once, says so each time and adds one line to the trail', async () => {
    cabinet.record(startedEvent(at), startedEvent(at));
    await give(cabinet.batch());
    const clone = cabinet.restoredDisk();
    clone.record(startedEvent(at), { kind: 'cabinet.stopped', at, data: { reason: 'another life' } }, startedEvent(at));
    for (let turn = 0; turn < 3; turn++) {
      expect(await give(clone.batch(2, 3))).toMatchObject({ expect: 3, reason: 'fork' });
    }
    expect(await suspects()).toMatchObject([{ reason: 'fork', occurrences: 3 }]);
    expect((await entries()).map((row) => row.kind)).toEqual([
      'cabinet.started',
      'cabinet.started',
      'cabinet.clone_suspected',
    ]);
    expect(await incidents()).toMatchObject([{ cabinetId: cabinet.id, kind: 'clone_suspected', logId: cabinet.log }]);
    const next = cabinet.otherLog();
    next.record({
      kind: 'journal.forked',
      at,
      data: { previousLog: cabinet.log, lastSeq: 3, detail: 'its disk was restored' },
    });
    await give(next.batch());
    expect(await incidents()).toEqual([]);
  });

  it('sees a fork further back by the chain that it kept', async () => {
    cabinet.record(startedEvent(at), startedEvent(at), startedEvent(at));
    await give(cabinet.batch());
    const clone = cabinet.restoredDisk();
    clone.record(startedEvent(at));
    expect(await give(clone.batch())).toMatchObject({ upTo: 3 });
    clone.record({ kind: 'cabinet.stopped', at, data: { reason: 'another life' } });
    expect(await give(clone.batch())).toMatchObject({ expect: 4, reason: 'fork' });
    expect(await entries()).toHaveLength(4);
  });

  it('refuses a batch that the cabinet did not sign, and one that was changed on the way', async () => {
    cabinet.record(startedEvent(at));
    const other = await makeCabinet(db.store, place);
    await give({ ...cabinet.batch(), sig: other.batch(1, 0).sig });
    expect(sent.at(-1)).toMatchObject({ expect: 1, reason: 'bad_signature' });
    await give({ ...cabinet.batch(), events: [{ ...startedEvent(at), seq: 1, mono: 1, boot: '00000000000000b0' }] });
    expect(sent.at(-1)).toMatchObject({ expect: 1, reason: 'bad_signature' });
    expect((await entries()).map((row) => row.kind)).toEqual(['event.quarantined']);
  });

  it('sets rubbish aside without an answer', async () => {
    for (const text of ['', '{', '[]', '{"v":1}', `${'['.repeat(5000)}${']'.repeat(5000)}`, '{"v":2}'])
      await give(text);
    expect(sent).toEqual([]);
    expect((await suspects()).map((row) => row.reason)).toEqual(Array(6).fill('unreadable'));
    expect(ingest.counts().messages.quarantined).toBe(6);
  });

  it('hears nothing from a revoked cabinet or one of another customer', async () => {
    cabinet.record(startedEvent(at));
    await db.store.withTenant(place.tenant, (tx) => tx.cabinet.updateMany({ data: { revokedAt: new Date(at) } }));
    await give(cabinet.batch());
    const stranger = await makeTenant(db.store, 'Other');
    const foreign = cabinet
      .topic('events')
      .replace(cabinet.address.tenant, (await makeCabinet(db.store, stranger)).address.tenant);
    await ingest.receive(foreign, Buffer.from(JSON.stringify(cabinet.batch())));
    expect(sent).toEqual([]);
    expect(ingest.counts().messages.stranger).toBe(2);
  });

  it('holds back a clock that runs ahead and never lets one go back within a stream', async () => {
    cabinet.record(startedEvent('2026-01-05T08:00:00.000Z'), startedEvent('2020-01-01T00:00:00.000Z'));
    await give(cabinet.batch());
    const rows = await entries();
    expect(rows.map((row) => [row.occurredAt.toISOString(), row.effectiveAt.toISOString()])).toEqual([
      ['2026-01-05T08:00:00.000Z', '2026-01-05T06:05:00.000Z'],
      ['2020-01-01T00:00:00.000Z', '2026-01-05T06:05:00.000Z'],
    ]);
  });

  it('says who is at the cabinet, what was counted and what is missing', async () => {
    const [tool, other] = ['E280117000000000000000A1', 'E280117000000000000000A2'];
    const asset = await makeAsset(db.store, place.tenant, { epc: tool as string });
    await makeAsset(db.store, place.tenant, { epc: other as string });
    const session = freshUuid();
    const person = freshUuid();
    cabinet.record(inventoryEvent(at, [tool as string, other as string]));
    cabinet.record({
      ...lineEvent('asset.returned', { epc: tool as string, at, actor: person, session }),
      kind: 'session.opened',
      data: { door: 1, signed: true },
    });
    await give(cabinet.batch());
    const state = () => db.store.readTenant(place.tenant, (tx) => tx.cabinetState.findFirst());
    expect(await state()).toMatchObject({ sessionId: session, sessionPersonId: person, presentCount: 2 });
    cabinet.record(
      {
        ...lineEvent('asset.returned', { epc: tool as string, at, actor: person, session }),
        kind: 'session.closed',
        data: { outcome: 'settled', taken: 0, returned: 0, disputed: 0, elapsedMs: 5 },
      },
      inventoryEvent('2026-01-05T06:01:00.000Z', [other as string], [tool as string]),
    );
    await give(cabinet.batch(3));
    expect(await state()).toMatchObject({
      sessionId: null,
      lastSessionId: session,
      lastSessionPersonId: person,
      presentCount: 1,
    });
    const custody = () =>
      db.store.readTenant(place.tenant, (tx) => tx.custody.findFirst({ where: { assetId: asset } }));
    expect(await custody()).toMatchObject({
      state: 'in',
      moved: false,
      missingSince: new Date('2026-01-05T06:01:00.000Z'),
    });
    cabinet.record(inventoryEvent('2026-01-05T06:02:00.000Z', [tool as string, other as string]));
    await give(cabinet.batch(5));
    expect(await custody()).toMatchObject({ state: 'in', missingSince: null });
  });

  it('keeps the newest state for the board and writes only real losses of connection', async () => {
    const hello = {
      v: 1,
      log: cabinet.log,
      firstUnacked: 1,
      last: 0,
      chain: '0'.repeat(64),
      boot: '00000000000000b0',
      mono: 1,
      wall: at,
      agent: '0.1.0',
      rulebook: 0,
    };
    const online = {
      v: 1,
      online: true,
      at,
      pending: 3,
      oldestPendingAt: at,
      rulebook: 0,
      devices: {},
      doors: [],
      session: null,
      phase: 'idle',
      present: 0,
    };
    const kinds = async () => (await entries()).map((row) => row.kind);
    await give(hello, 'hello');
    await ingest.flushStates();
    const devices = Object.fromEntries(
      ['uhf', 'badge', 'lock'].map((role) => [role, { status: 'ok', since: at, detail: null }]),
    );
    await give({ ...online, devices }, 'state');
    await ingest.flushStates();
    expect(await kinds()).toEqual(['cabinet.connected']);
    for (let turn = 0; turn < 3; turn++) {
      await give({ v: 1, online: false }, 'state');
      await ingest.flushStates();
      await give(hello, 'hello');
      await ingest.flushStates();
    }
    expect(await kinds()).toEqual(['cabinet.connected']);
    await give({ v: 1, online: false }, 'state');
    await ingest.flushStates();
    const state = await db.store.readTenant(place.tenant, (tx) => tx.cabinetState.findFirst());
    expect(state).toMatchObject({ online: false, body: { pending: 3 } });
    await clock.advance(9_000);
    await ingest.flushStates();
    expect(await kinds()).toEqual(['cabinet.connected']);
    await clock.advance(1_000);
    await ingest.flushStates();
    expect(await kinds()).toEqual(['cabinet.connected', 'cabinet.disconnected']);
  });

  it('names a cabinet of which two devices speak in turn, once, and loses nothing of either', async () => {
    const clone = cabinet.otherLog();
    const devices = [
      { side: cabinet, boot: '00000000000000b0' },
      { side: clone, boot: '00000000000000c0' },
    ];
    for (let turn = 0; turn < 6; turn++) {
      const { side, boot } = devices[turn % 2] as (typeof devices)[0];
      await clock.advance(20_000);
      await give(helloOf(side, boot), 'hello');
      await ingest.flushStates();
      side.record(startedEvent(at));
      await give(side.batch());
      expect((await incidents()).length).toBe(turn < 2 ? 0 : 1);
    }
    const lines = await entries();
    expect(lines.filter(({ kind }) => kind === 'cabinet.clone_suspected')).toMatchObject([
      { cabinetId: cabinet.id, siteId: place.site, data: { reason: 'two_boots', log: null } },
    ]);
    expect(lines.filter(({ kind }) => kind === 'cabinet.started')).toHaveLength(6);
    expect((await rebuildProjections(db.store, place.tenant, { check: true })).equal).toBe(true);
  });

  it('numbers commands behind the last one that the cabinet vouches for, and never goes back', async () => {
    const counter = async () =>
      (await db.store.readTenant(place.tenant, (tx) => tx.cabinet.findFirstOrThrow())).commandCounter;
    const other = await makeCabinet(db.store, await makeTenant(db.store, 'Other'));
    await give({ ...helloOf(cabinet), commands: other.vouchedCounter(1_000) }, 'hello');
    await give({ ...helloOf(cabinet), commands: { ...cabinet.vouchedCounter(3), counter: 1_000 } }, 'hello');
    expect(await counter()).toBe(0);
    await give({ ...helloOf(cabinet), commands: cabinet.vouchedCounter(41) }, 'hello');
    expect(await counter()).toBe(41);
    await give({ ...helloOf(cabinet), commands: cabinet.vouchedCounter(7) }, 'hello');
    await give(helloOf(cabinet), 'hello');
    expect(await counter()).toBe(41);
    expect(ingest.counts().messages).toMatchObject({ answered: 5, quarantined: 0 });
  });

  it('writes one line of a loss and one of a return, whichever processes hear of them', async () => {
    const hello = helloOf(cabinet);
    const other = open();
    const hear = async (by: Ingest, name: 'hello' | 'state', message: unknown): Promise<void> => {
      await by.receive(cabinet.topic(name), Buffer.from(JSON.stringify(message)));
      await by.flushStates();
    };
    const kinds = async () => (await entries()).map((row) => row.kind);
    await Promise.all([hear(ingest, 'hello', hello), hear(other, 'hello', hello)]);
    expect(await kinds()).toEqual(['cabinet.connected']);
    await hear(ingest, 'state', { v: 1, online: false });
    await hear(other, 'hello', hello);
    await clock.advance(10_000);
    await Promise.all([ingest.flushStates(), other.flushStates()]);
    expect(await kinds()).toEqual(['cabinet.connected']);
    await hear(other, 'state', { v: 1, online: false });
    await other.close();
    await clock.advance(60_000);
    await hear(ingest, 'hello', hello);
    expect(await kinds()).toEqual(['cabinet.connected', 'cabinet.disconnected', 'cabinet.connected']);
  });
});
