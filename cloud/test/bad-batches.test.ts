import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { inventoryEvent, makeCabinet, startedEvent, type TestCabinet } from '../src/testing/test-cabinet.js';
import { type DoorFixture, startDoor, type Visitor } from './door-fixture.js';

const at = '2026-01-05T06:00:00.000Z';
const healthy = { status: 'ok', since: at, detail: null };
const idle = {
  ...{ v: 1, online: true, at, pending: 0, oldestPendingAt: null, rulebook: 1, doors: [], session: null },
  ...{ devices: { uhf: healthy, badge: healthy, lock: healthy }, phase: 'idle', present: 0 },
};

describe('what cabinets should not send', () => {
  let door: DoorFixture;
  let visitor: Visitor;
  let cabinet: TestCabinet;

  beforeAll(async () => {
    door = await startDoor();
  });
  afterAll(async () => {
    await door?.close();
  });
  beforeEach(async () => {
    visitor = await door.anew();
    cabinet = visitor.cabinet;
  });

  it('believes no batch that another cabinet signed, and raises the alarm', async () => {
    const other = await makeCabinet(door.db.store, visitor.place, 'C2');
    cabinet.record(startedEvent(at));
    await visitor.give(cabinet, cabinet.batch());
    await visitor.give(other, cabinet.batch());
    await visitor.give(other, cabinet.batch());
    expect(door.sent.at(-1)).toMatchObject({ expect: 1, reason: 'bad_signature' });
    expect(await visitor.kinds()).toEqual(['cabinet.started', 'event.quarantined']);
    expect(await visitor.suspects()).toEqual(['bad_signature']);
  });

  it('inflates nothing', async () => {
    cabinet.record(startedEvent(at));
    await door.ingest.receive(cabinet.topic('events'), gzipSync(JSON.stringify(cabinet.batch())));
    expect(door.sent).toEqual([]);
    expect(await visitor.suspects()).toEqual(['unreadable']);
  });

  it.each([
    ['0', '0'],
    ['-1', '-1'],
    ['1.5', '1.5'],
    ['"1"', '"1"'],
    ['9223372036854775808', '9223372036854775808'],
    ['1e308', '1e308'],
    ['1e999', '1e999'],
    ['1', '1000000000000'],
    ['2', '1'],
    ['1', 'null'],
  ])('sets aside a batch from %s to %s without an answer', async (from, to) => {
    cabinet.record(startedEvent(at));
    const text = JSON.stringify({ ...cabinet.batch(), from: 'FROM', to: 'TO' });
    await visitor.give(cabinet, text.replace('"FROM"', from).replace('"TO"', to));
    expect(door.sent).toEqual([]);
    expect(await visitor.suspects()).toEqual(['unreadable']);
    expect(await visitor.kinds()).toEqual(['event.quarantined']);
  });

  it.each(['', 'x', 'A'.repeat(32), '0'.repeat(31), '0'.repeat(33)])('knows no log with the name "%s"', async (log) => {
    cabinet.record(startedEvent(at));
    await visitor.give(cabinet, { ...cabinet.batch(), log });
    expect(door.sent).toEqual([]);
    expect(await visitor.suspects()).toEqual(['unreadable']);
  });

  it('asks again for what is missing over any gap', async () => {
    const far = 1_000_000_000_000;
    cabinet.record(startedEvent(at));
    await visitor.give(cabinet, cabinet.signed({ from: far, events: [{ ...startedEvent(at), seq: far }] }));
    expect(door.sent).toMatchObject([{ expect: 1, reason: 'gap' }]);
    expect(await visitor.kinds()).toEqual([]);
    await visitor.give(cabinet, cabinet.batch());
    expect(door.sent.at(-1)).toMatchObject({ upTo: 1 });
  });

  it.each([0, -1, 1.5, '1', 2 ** 63, 2, null])(
    'sets aside an event that says it is number %s, and goes on',
    async (seq) => {
      cabinet.record({ ...startedEvent(at), seq } as never, startedEvent(at));
      await visitor.give(cabinet, cabinet.batch());
      expect(door.sent).toMatchObject([{ upTo: 2, chain: cabinet.chain }]);
      expect(await visitor.kinds()).toEqual(['event.quarantined', 'cabinet.started']);
      expect(await visitor.suspects()).toEqual(['bad_content']);
    },
  );

  it('sets aside an event with more tags than a cabinet holds, and goes on', async () => {
    const tags = Array.from({ length: 2_001 }, (_, tag) => `E280${String(tag).padStart(20, '0')}`);
    cabinet.record(inventoryEvent(at, tags), startedEvent(at));
    await visitor.give(cabinet, cabinet.batch());
    expect(door.sent).toMatchObject([{ upTo: 2, chain: cabinet.chain }]);
    expect(await visitor.kinds()).toEqual(['event.quarantined', 'cabinet.started']);
    expect(await visitor.suspects()).toEqual(['bad_content']);
  });

  it.each([2 ** 31, Number.MAX_SAFE_INTEGER])('sets aside an event that counts %s, and goes on', async (count) => {
    const closed = { outcome: 'settled', taken: count, returned: 0, disputed: 0, elapsedMs: 0 };
    cabinet.record(
      { kind: 'session.closed', at, session: 'session_01jd2v7x5he9vbk4w3zq8n6m2t', data: closed },
      { kind: 'rulebook.applied', at, data: { version: count } },
      startedEvent(at),
    );
    await visitor.give(cabinet, cabinet.batch());
    expect(door.sent).toMatchObject([{ upTo: 3, chain: cabinet.chain }]);
    expect(await visitor.kinds()).toEqual(['event.quarantined', 'event.quarantined', 'cabinet.started']);
    expect(await visitor.suspects()).toEqual(['bad_content', 'bad_content']);
  });

  it('sets aside a state with a number that no list could be read with', async () => {
    const tell = (state: object) => door.ingest.receive(cabinet.topic('state'), Buffer.from(JSON.stringify(state)));
    await tell(idle);
    expect(await visitor.suspects()).toEqual([]);
    await tell({ ...idle, pending: 2 ** 31 });
    expect(await visitor.suspects()).toEqual(['unreadable']);
  });
});
