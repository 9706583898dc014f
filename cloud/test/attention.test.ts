import type { AttentionItem, AttentionKind } from '@tagtrail/shared/api/attention.js';
import { idFromUuid } from '@tagtrail/shared/ids.js';
import { silentLog } from '@tagtrail/shared/log/log.js';
import { systemRandom } from '@tagtrail/shared/random/system-random.js';
import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createIngest } from '../src/ingest/ingest.js';
import { rebuildProjections } from '../src/store/projections/rebuild.js';
import { deskEvent, freshUuid, inventoryEvent, onlineState, type TestEvent } from '../src/testing/test-cabinet.js';
import { type AppFixture, startApp } from './app-fixture.js';
import { epcs, type RetentionCase, startRetentionCase } from './retention-fixture.js';

const minuteMs = 60_000;

describe('what needs somebody now', () => {
  const clock = new VirtualClock();
  let fixture: AppFixture;
  let given: RetentionCase;
  let count = 0;

  beforeAll(async () => {
    fixture = await startApp({ clock });
  });
  afterAll(async () => {
    await fixture?.close();
  });
  beforeEach(async () => {
    given = await startRetentionCase(fixture, { clock, name: `Aalto${count++}` });
    await stateOf({});
  });

  const [wrench, mirror] = [
    { epc: epcs[0], name: 'Wrench' },
    { epc: epcs[1], name: 'Mirror' },
  ];
  const list = async (query = ''): Promise<AttentionItem[]> =>
    (await given.admin().get(`/v1/attention?limit=100${query}`)).body.data;
  /** Those of the cabinet at hand; the customer's other cabinets have never been heard of. */
  const kinds = async (): Promise<AttentionKind[]> =>
    (await list()).flatMap(({ kind, cabinet }) =>
      kind === 'cabinet_silent' && cabinet?.name !== 'Held' ? [] : [kind],
    );
  const the = async (kind: AttentionKind): Promise<AttentionItem> => {
    const found = (await list(`&kind=${kind}`)).filter(({ cabinet }) => cabinet?.name === 'Held');
    expect(found.map((item) => item.kind)).toEqual([kind]);
    return found[0] as AttentionItem;
  };
  const lookAfter = ({ id, mark }: AttentionItem, note?: string, by = given.admin()) =>
    by.send('POST', '/v1/attention/acknowledgements', { id, mark, ...(note === undefined ? {} : { note }) });

  /** What the cabinet says of itself, as it does every ten seconds. */
  async function stateOf(devices: Record<string, unknown>): Promise<void> {
    const state = onlineState(given.now());
    const ingest = createIngest({
      ...{ store: fixture.db.store, clock, random: systemRandom, log: silentLog },
      send: async () => {},
    });
    const message = { ...state, devices: { ...('devices' in state ? state.devices : {}), ...devices } };
    await ingest.receive(given.cabinet.topic('state'), Buffer.from(JSON.stringify(message)));
    await ingest.close();
  }

  const told = (kind: string, data: TestEvent['data'], who = 0): TestEvent => ({
    ...{ kind, at: given.now(), data },
    ...(who < 0 ? {} : { actor: idFromUuid('person', given.people[who] ?? '') }),
  });
  const forbidden = (): TestEvent =>
    told('take.forbidden', { ...wrench, reason: 'licence_expired', reasonName: 'Torque', reasonSince: null });
  const opened = (more: TestEvent['data']): TestEvent => ({
    ...told('session.opened', { door: 1, signed: false, ...more }, -1),
    session: idFromUuid('session', freshUuid()),
  });
  const leftOpen = (): TestEvent => told('door.left_open', { door: 1, openForMs: 120_000 });
  const closed = (door: number): TestEvent => told('door.closed', { door, openForMs: 130_000 });
  const reported = (what: string): TestEvent => told('asset.reported', { ...mirror, what, note: null });
  const command = (reason: string): TestEvent =>
    told('command.refused', { command: 'c1', what: 'unlock', reason, more: 0 }, -1);

  it.each<[AttentionKind, () => readonly TestEvent[]]>([
    ['forbidden_take', () => [forbidden()]],
    ['unsigned_opening', () => [opened({})]],
    ['door_left_open', () => [leftOpen(), closed(2)]],
    ['trail_refused', () => [told('checkpoint.refused', { reason: 'two_roots', size: 4, seen: 9 }, -1)]],
    ['journal_damaged', () => [told('journal.damaged', { fromSeq: 1, toSeq: 1, detail: 'crc' }, -1)]],
    ['forged_command', () => [command('forged')]],
    ['reported_broken', () => [reported('broken')]],
    ['reported_incomplete', () => [reported('incomplete')]],
    ['reported_lost', () => [reported('lost')]],
    ['disputed', () => [given.taken(0, 0), deskEvent('dispute', { ...disputedBy() })]],
  ])('is %s, with the line that says so', async (kind, events) => {
    await given.report(...events());
    expect(await kinds()).toEqual([kind]);
    const item = await the(kind);
    expect(item).toMatchObject({ times: 1, acknowledged: null, since: given.now() });
    expect(item.entry?.cabinet?.name).toBe('Held');
  });
  const disputedBy = () => ({ epc: epcs[0], at: given.now(), actor: given.people[0] ?? '' });

  it('is what is missing, silent, out of order or set aside: each is seen without a line of its own', async () => {
    await given.report(inventoryEvent(given.now(), [epcs[2]], []));
    await given.report(inventoryEvent(given.now(), [], [epcs[2]]));
    const tag = { epc: 'E280117000000000000000EE', evidence: { reads: 9, rounds: 3, antennas: [1], bestRssiDbm: -40 } };
    await given.report(told('tag.unknown_seen', tag, -1));
    await stateOf({ uhf: { status: 'silent', since: given.now(), detail: null } });
    expect((await kinds()).sort()).toEqual(['device_failed', 'missing', 'quarantined']);
    expect(await the('device_failed')).toMatchObject({ reason: 'uhf silent', entry: null });
    expect(await the('quarantined')).toMatchObject({ reason: 'unknown_tag', times: 1 });
    const { open, by_kind } = (await given.admin().get('/v1/overview')).body.attention;
    expect([open, by_kind.missing, by_kind.cabinet_silent]).toEqual([(await list()).length, 1, 2]);

    // Nobody hears of it: its device and its door are old news then, and it is silent.
    await clock.advance(2 * minuteMs);
    expect(await the('cabinet_silent')).toMatchObject({ entry: null, acknowledged: null });
    expect(await kinds()).not.toContain('device_failed');
  });

  it('is nothing that the office asked for, that came too late to act on, or that is over', async () => {
    const late = { ...forbidden(), at: new Date(clock.wallMs() - 31 * minuteMs).toISOString() };
    await given.report(opened({ command: 'c1' }), command('expired'), late, leftOpen(), closed(1));
    expect(await kinds()).toEqual([]);
    // With a clock in doubt nobody knows how late it is.
    await given.report({ ...late, timeQuality: 'unchecked' } as TestEvent);
    expect(await kinds()).toEqual(['forbidden_take']);
  });

  it('leaves with the word of somebody where it is over, and comes back when it happens again', async () => {
    await given.report(forbidden(), forbidden());
    const first = await the('forbidden_take');
    expect(first.times).toBe(2);
    const answer = await lookAfter(first, 'I speak with Ana');
    expect([answer.status, answer.body.acknowledged]).toEqual([
      200,
      {
        by: { id: expect.any(String), name: expect.stringContaining('Admin') },
        at: given.now(),
        note: 'I speak with Ana',
      },
    ]);
    expect(await kinds()).toEqual([]);
    const [line] = (await given.admin().get(`/v1/assets/${first.asset?.id}/timeline?limit=1`)).body.data;
    expect(line).toMatchObject({ kind: 'attention.acknowledged', data: { about: first.id, note: 'I speak with Ana' } });

    await given.report(forbidden());
    const again = await the('forbidden_take');
    expect([again.id, again.times, again.acknowledged]).toEqual([first.id, 1, null]);
    expect(again.mark).not.toBe(first.mark);
    const old = await lookAfter(first);
    expect([old.status, old.body.type]).toEqual([409, 'https://tagtrail.dev/problems/conflict']);
    expect((await rebuildProjections(fixture.db.store, given.tenantId, { check: true })).equal).toBe(true);
  });

  it('stays while it lasts, with the name of who looks after it, and the last who says so does', async () => {
    await given.report(reported('broken'));
    const item = await the('reported_broken');
    await lookAfter(item);
    expect((await lookAfter(item, 'mine', given.second())).status).toBe(200);
    expect((await the('reported_broken')).acknowledged).toMatchObject({ by: { name: 'Second' }, note: 'mine' });
    expect((await list('&state=acknowledged')).map(({ kind }) => kind)).toEqual(['reported_broken']);
    expect((await list('&state=open')).map(({ kind }) => kind)).not.toContain('reported_broken');
    expect((await given.admin().get('/v1/overview')).body.attention.acknowledged).toBe(1);

    // The office has looked at it; its next report is another one.
    const inspected = { status: 'available', reason: 'inspected' };
    await clock.advance(1000);
    expect((await given.admin().send('PATCH', `/v1/assets/${item.asset?.id}`, inspected)).status).toBe(200);
    expect(await kinds()).toEqual([]);
    expect((await lookAfter(item)).status).toBe(404);
    await clock.advance(1000);
    await given.report(reported('broken'));
    expect((await the('reported_broken')).acknowledged).toBe(null);
  });

  it('is a kit that left or came back incomplete, until it is known to be complete', async () => {
    const [kit, child] = given.assets.map((id) => idFromUuid('asset', id));
    await given.admin().send('PUT', `/v1/kits/${kit}`, { children_ids: [child] });
    await given.report(inventoryEvent(given.now(), [epcs[0], epcs[1]], []), given.taken(1, 0));
    const incomplete = { ...wrench, state: 'left_incomplete', children: [mirror] };
    await given.report(told('kit.incomplete', incomplete));
    expect(await the('kit_incomplete')).toMatchObject({ asset: { id: kit } });
    await given.report(given.returned(1, 0));
    expect(await kinds()).toEqual([]);
  });

  it('turns its pages without skipping or repeating', async () => {
    await given.report(forbidden(), reported('broken'), opened({}));
    const whole = (await list()).map(({ id }) => id);
    const seen: string[] = [];
    let next = '';
    do {
      const { body } = await given.admin().get(`/v1/attention?limit=2${next}`);
      seen.push(...body.data.map(({ id }: AttentionItem) => id));
      next = body.has_more ? `&cursor=${body.next_cursor}` : '';
    } while (next !== '');
    expect(whole.length).toBeGreaterThan(4);
    expect(seen).toEqual(whole);
  });

  it('forgets with retention what said so, and rebuilds to the same', async () => {
    await given.report(forbidden(), opened({}));
    await lookAfter(await the('forbidden_take'), 'seen');
    await given.report(forbidden(), reported('lost'));
    await given.seal();
    for (const category of ['security', 'session', 'administration']) await given.setRule(category, { keep_days: 300 });
    await given.setRule('custody', { keep_days: 30, action: 'pseudonymise' });
    await given.pass(500);
    await given.report({ ...forbidden(), data: { ...forbidden().data, ...mirror } });
    await given.seal();
    expect((await kinds()).sort()).toEqual(['cabinet_silent', 'forbidden_take', 'reported_lost']);
    const kept = () =>
      fixture.db.store.readTenant(given.tenantId, async (tx) => [
        await tx.alarm.count(),
        await tx.acknowledgement.count(),
      ]);
    expect(await kept()).toEqual([4, 1]);
    await given.run();
    expect(await kept()).toEqual([2, 0]);
    expect((await kinds()).sort()).toEqual(['cabinet_silent', 'forbidden_take', 'reported_lost']);
    expect((await the('reported_lost')).entry?.actor).toBe(null);
    expect((await rebuildProjections(fixture.db.store, given.tenantId, { check: true })).equal).toBe(true);
  });
});
