import { AppError } from '@tagtrail/shared/error.js';
import { type LogFields, silentLog } from '@tagtrail/shared/log/log.js';
import { below, chance } from '@tagtrail/shared/random/random.js';
import { seededRandom } from '@tagtrail/shared/random/seeded-random.js';
import { afterEach, describe, expect, it } from 'vitest';
import { aBadgeNumber, anEpc, anItem, aPerson, aPersonId, aRulebook } from '../src/testing/builders.js';
import { linesOf, startAgent, stopAgents, visit } from './agent-rig.js';

afterEach(stopAgents);

describe('agent', () => {
  it('takes stock at its first start without writing anybody a line', async () => {
    const rig = await startAgent({ inside: [anEpc(1), anEpc(2)] });
    await rig.ready();
    expect(rig.kinds()).toEqual(['cabinet.started', 'inventory.settled']);
    const settled = rig.journal.events[1];
    expect(settled).toMatchObject({
      data: { trigger: 'start', present: [anEpc(1), anEpc(2)], missing: [anEpc(3), anEpc(4), anEpc(5)] },
    });
    expect(rig.state()).toMatchObject({ phase: 'idle', session: null, present: 2 });
  });

  it('logs every step of a visit under the id that its events carry', async () => {
    const steps: LogFields[] = [];
    const keep = (fields: LogFields, name: string) => void (name === 'session.phase.changed' && steps.push(fields));
    const rig = await startAgent({ log: { ...silentLog, info: keep } });
    await rig.ready();
    const counted = steps.length;
    await visit(rig, { badge: aBadgeNumber(1), take: [anEpc(2)] });
    await rig.clock.advance(30_000);
    const opened = rig.journal.events.find(({ kind }) => kind === 'session.opened');
    const phases = ['idle', 'authorising', 'unlocked', 'open', 'settling', 'counting', 'recording', 'receipt', 'idle'];
    expect(steps.slice(counted)).toEqual(
      phases.slice(1).map((to, index) => ({ from: phases[index], to, session: opened?.session })),
    );
    expect(steps.slice(0, counted).map(({ session }) => session)).toEqual(Array(counted).fill(null));
  });

  it('writes exactly the lines of a visit, in order', async () => {
    const rig = await startAgent();
    await rig.ready();
    const from = rig.journal.events.length;
    await visit(rig, { badge: aBadgeNumber(1), take: [anEpc(2), anEpc(4)] });
    expect(rig.kinds(from)).toEqual([
      'session.opened',
      'badge.accepted',
      'door.unlocked',
      'door.opened',
      'door.closed',
      'asset.checked_out',
      'asset.checked_out',
      'inventory.settled',
      'session.closed',
    ]);
    expect(linesOf(rig.journal, from)).toEqual([
      { kind: 'asset.checked_out', epc: anEpc(2), actor: aPersonId(1), disputed: false },
      { kind: 'asset.checked_out', epc: anEpc(4), actor: aPersonId(1), disputed: false },
    ]);
    const again = rig.journal.events.length;
    await rig.clock.advance(15_000);
    await visit(rig, { badge: aBadgeNumber(2), put: [anEpc(4)] });
    expect(linesOf(rig.journal, again)).toEqual([
      { kind: 'asset.returned', epc: anEpc(4), actor: aPersonId(2), disputed: false },
    ]);
    expect(rig.journal.events.findLast((event) => event.kind === 'asset.returned')).toMatchObject({
      data: { takenBy: aPersonId(1), certainty: 'observed' },
    });
    expect(rig.journal.events.at(-1)).toMatchObject({ data: { outcome: 'settled', taken: 0, returned: 1 } });
  });

  it('unlocks only after session.opened is on the disk', async () => {
    const rig = await startAgent();
    await rig.ready();
    rig.cabinet.badge(aBadgeNumber(1));
    expect(rig.cabinet.unlocks).toEqual([]);
    await rig.clock.advance(10);
    expect(rig.cabinet.unlocks).toHaveLength(1);
    expect(rig.kinds()).toContain('session.opened');
  });

  it('keeps the lock shut when the disk is full', async () => {
    const full = new AppError('journal.disk_full', 'the disk is full', { kind: 'operator' });
    const refuse = (kind: string) => (kind === 'session.opened' ? full : undefined);
    const rig = await startAgent({ journal: { refuse } });
    await rig.ready();
    rig.cabinet.badge(aBadgeNumber(1));
    await rig.clock.advance(1000);
    expect(rig.cabinet.unlocks).toEqual([]);
    expect(await rig.screen()).toMatchObject({
      phase: 'return_offer',
      desk: { returnOnly: { why: 'disk_out_of_order' } },
    });
    // Not even that can be remembered here: then nothing opens at all.
    expect((await rig.post('/api/return-only', { epcs: [] })).body).toEqual({ ok: false, code: 'disk_refused' });
    expect(rig.cabinet.unlocks).toEqual([]);
    expect((await rig.screen()).phase).toBe('out_of_order');
  });

  it('comes up and says that it is out of order when nothing can be recorded', async () => {
    const full = new AppError('journal.disk_full', 'the disk is full', { kind: 'operator' });
    const rig = await startAgent({ journal: { refuse: () => full } });
    await rig.ready();
    expect((await rig.screen()).phase).toBe('out_of_order');
    rig.cabinet.badge(aBadgeNumber(1));
    await rig.clock.advance(1000);
    expect(rig.cabinet.unlocks).toEqual([]);
  });

  it('greets, shows the receipt and returns to idle by itself', async () => {
    const rig = await startAgent();
    await rig.ready();
    rig.cabinet.badge(aBadgeNumber(1));
    await rig.clock.advance(200);
    expect(await rig.screen()).toMatchObject({ phase: 'unlocked', person: { displayName: 'Person 1' } });
    rig.cabinet.door(1, 'open');
    rig.cabinet.inside.delete(anEpc(3));
    await rig.clock.advance(1000);
    expect((await rig.screen()).phase).toBe('open');
    rig.cabinet.door(1, 'closed');
    await rig.clock.advance(800);
    expect((await rig.screen()).phase).toBe('reading');
    await rig.clock.advance(3000);
    expect(await rig.screen()).toMatchObject({
      phase: 'receipt',
      lines: [{ name: 'Tool 3', movement: 'taken', authority: 'allowed' }],
      holding: [{ name: 'Tool 3' }],
    });
    await rig.clock.advance(20_000);
    expect(await rig.screen()).toMatchObject({ phase: 'idle', person: null, lines: [] });
  });

  it('attributes what moved during a power cut to the session that was open', async () => {
    const first = await startAgent();
    await first.ready();
    first.cabinet.badge(aBadgeNumber(1));
    await first.clock.advance(500);
    first.cabinet.door(1, 'open');
    await first.clock.advance(500);
    const events = [...first.journal.events];
    const second = await startAgent({ events, inside: [1, 2, 3].map(anEpc) });
    await second.ready();
    expect(second.kinds(events.length)).toEqual([
      'cabinet.started',
      'asset.checked_out',
      'asset.checked_out',
      'inventory.settled',
      'session.closed',
    ]);
    const [line] = second.journal.events.filter((event) => event.kind === 'asset.checked_out');
    const opened = events.find((event) => event.kind === 'session.opened');
    expect(line).toMatchObject({ session: opened?.session, actor: aPersonId(1), data: { certainty: 'window' } });
    expect(second.journal.events.at(-1)).toMatchObject({ data: { outcome: 'interrupted', taken: 2 } });
  });

  it('blames nobody undisputed for what left while a full disk kept a forced door off the trail', async () => {
    const first = await startAgent();
    await first.ready();
    first.cabinet.badge(aBadgeNumber(1));
    await first.clock.advance(500);
    first.cabinet.door(1, 'open');
    await first.clock.advance(500);
    const events = [...first.journal.events];
    // The power is cut; the next run of the agent sees a stranger at the forced door, and can write nothing down.
    const refuse = () => new AppError('journal.disk_full', 'the disk is full', { kind: 'operator' });
    const second = await startAgent({ events, journal: { refuse } });
    await second.ready();
    second.cabinet.door(1, 'open');
    second.cabinet.inside.delete(anEpc(2));
    await second.clock.advance(2000);
    second.cabinet.door(1, 'closed');
    await second.clock.advance(6000);
    expect(second.journal.events).toEqual(events);
    const third = await startAgent({ events, inside: [...second.cabinet.inside] });
    await third.ready();
    expect(linesOf(third.journal)).toEqual([
      { kind: 'asset.checked_out', epc: anEpc(2), actor: aPersonId(1), disputed: true },
    ]);
  });

  it('doubles nothing when it dies between a line and the end of the session', async () => {
    const first = await startAgent();
    await first.ready();
    await visit(first, { badge: aBadgeNumber(1), take: [anEpc(1), anEpc(2)] });
    const cut = first.journal.events.findIndex((event) => event.kind === 'asset.checked_out') + 1;
    const second = await startAgent({ events: first.journal.events.slice(0, cut), inside: [3, 4, 5].map(anEpc) });
    await second.ready();
    expect(linesOf(second.journal).map((line) => line.epc)).toEqual([anEpc(1), anEpc(2)]);
    expect(second.journal.events.at(-1)).toMatchObject({ kind: 'session.closed', data: { taken: 2 } });
  });

  it('writes each line once wherever in a visit the power is cut', async () => {
    const first = await startAgent();
    await first.ready();
    await visit(first, { badge: aBadgeNumber(1), take: [anEpc(1), anEpc(4)] });
    const { events } = first.journal;
    const opened = events.findIndex((event) => event.kind === 'door.opened');
    for (let cut = 2; cut <= events.length; cut++) {
      const taken = cut > opened ? [anEpc(1), anEpc(4)] : [];
      const inside = [1, 2, 3, 4, 5].map(anEpc).filter((epc) => !taken.includes(epc));
      const second = await startAgent({ events: events.slice(0, cut), inside });
      await second.ready();
      expect(
        linesOf(second.journal).map((line) => line.epc),
        `cut after ${cut}`,
      ).toEqual(taken);
      expect(linesOf(second.journal).every((line) => line.actor === aPersonId(1))).toBe(true);
      const kinds = second.kinds();
      const sessions = kinds.filter((kind) => kind === 'session.opened').length;
      expect(kinds.filter((kind) => kind === 'session.closed')).toHaveLength(sessions);
      const third = await startAgent({ events: second.journal.events, inside });
      await third.ready();
      expect(third.kinds(second.journal.events.length)).toEqual(['cabinet.started', 'inventory.settled']);
    }
  });

  it('books nothing while the reader is away and counts when it is back', async () => {
    const rig = await startAgent();
    await rig.ready();
    const from = rig.journal.events.length;
    rig.cabinet.badge(aBadgeNumber(1));
    await rig.clock.advance(500);
    rig.cabinet.door(1, 'open');
    await rig.clock.advance(500);
    rig.cabinet.inside.delete(anEpc(1));
    rig.cabinet.report('uhf', 'unplugged');
    rig.cabinet.door(1, 'closed');
    await rig.clock.advance(20_000);
    expect(rig.journal.events.at(-1)).toMatchObject({ kind: 'session.closed', data: { outcome: 'unsettled' } });
    expect(linesOf(rig.journal, from)).toEqual([]);
    expect((await rig.screen()).phase).toBe('out_of_order');
    rig.cabinet.badge(aBadgeNumber(2));
    await rig.clock.advance(1000);
    expect(rig.cabinet.unlocks).toHaveLength(1);
    rig.cabinet.report('uhf', 'ok');
    await rig.clock.advance(6000);
    expect(linesOf(rig.journal, from)).toEqual([
      { kind: 'asset.checked_out', epc: anEpc(1), actor: aPersonId(1), disputed: false },
    ]);
    expect(rig.kinds(from).filter((kind) => kind === 'session.closed')).toHaveLength(1);
    expect((await rig.screen()).phase).toBe('idle');
  });

  it('opens for a return while the reader is away, and counts what was said when it is back', async () => {
    const rig = await startAgent();
    await rig.ready();
    await visit(rig, { badge: aBadgeNumber(1), take: [anEpc(1)] });
    await rig.clock.advance(15_000);
    const from = rig.journal.events.length;
    rig.cabinet.report('uhf', 'unplugged');
    rig.cabinet.badge(aBadgeNumber(1));
    await rig.clock.advance(500);
    expect(await rig.screen()).toMatchObject({
      phase: 'return_offer',
      desk: { returnOnly: { why: 'reader_out_of_order', items: [{ epc: anEpc(1) }] } },
    });
    expect(rig.state()).toMatchObject({ phase: 'return_offer', session: null });
    expect(rig.cabinet.unlocks).toHaveLength(1);
    expect((await rig.post('/api/return-only', { epcs: [anEpc(1)] })).body).toEqual({ ok: true });
    await rig.clock.advance(500);
    expect(rig.cabinet.unlocks).toHaveLength(2);
    rig.cabinet.door(1, 'open');
    rig.cabinet.inside.add(anEpc(1));
    await rig.clock.advance(500);
    rig.cabinet.door(1, 'closed');
    await rig.clock.advance(2000);
    expect(await rig.screen()).toMatchObject({ phase: 'receipt', uncounted: true, holding: [] });
    await rig.clock.advance(20_000);
    expect((await rig.screen()).phase).toBe('out_of_order');
    rig.cabinet.report('uhf', 'ok');
    await rig.clock.advance(6000);
    expect(linesOf(rig.journal, from)).toEqual([
      { kind: 'asset.returned', epc: anEpc(1), actor: aPersonId(1), disputed: true },
      { kind: 'asset.returned', epc: anEpc(1), actor: aPersonId(1), disputed: false },
    ]);
    expect((await rig.screen()).phase).toBe('idle');
  });

  it('writes an opening without a badge to nobody', async () => {
    const rig = await startAgent();
    await rig.ready();
    const from = rig.journal.events.length;
    rig.cabinet.door(1, 'open');
    await rig.clock.advance(1000);
    rig.cabinet.inside.delete(anEpc(5));
    rig.cabinet.door(1, 'closed');
    await rig.clock.advance(6000);
    expect(rig.kinds(from)).toEqual([
      'session.opened',
      'door.opened',
      'door.closed',
      'asset.checked_out',
      'inventory.settled',
      'session.closed',
    ]);
    expect(rig.journal.events[from]).toMatchObject({ data: { signed: false } });
    expect(rig.journal.events[from]?.actor).toBeUndefined();
    const line = rig.journal.events[from + 3];
    expect(line).toMatchObject({ data: { authority: 'unsigned' } });
    expect(line?.actor).toBeUndefined();
    expect((await rig.screen()).missing).toEqual(['Tool 5']);
  });

  it('calls an item that vanishes behind closed doors missing, and blames nobody who comes later', async () => {
    const rig = await startAgent();
    await rig.ready();
    const from = rig.journal.events.length;
    rig.cabinet.inside.delete(anEpc(2));
    await rig.clock.advance(70_000);
    expect(rig.journal.events.slice(from)).toMatchObject([
      { kind: 'inventory.settled', data: { trigger: 'watch', missing: [anEpc(2)] } },
    ]);
    await rig.clock.advance(200_000);
    expect(rig.journal.events).toHaveLength(from + 1);
    await visit(rig, { badge: aBadgeNumber(1), take: [anEpc(3)] });
    expect(linesOf(rig.journal, from).map((line) => line.epc)).toEqual([anEpc(3)]);
  });

  it('writes a forbidden take down with its reason and accepts the return from anybody', async () => {
    const items = [
      anItem(1, { calibrationDueAt: '2025-05-03T00:00:00.000Z' }),
      anItem(2),
      anItem(3),
      anItem(4),
      anItem(5),
    ];
    const rig = await startAgent({ rulebook: aRulebook({ items, people: [aPerson(1), aPerson(2)] }) });
    await rig.ready();
    const from = rig.journal.events.length;
    await visit(rig, { badge: aBadgeNumber(1), take: [anEpc(1)] });
    expect(rig.journal.events.slice(from).find((event) => event.kind === 'asset.checked_out')).toMatchObject({
      data: { authority: 'forbidden', reason: 'calibration_overdue' },
    });
    await visit(rig, { badge: aBadgeNumber(2), put: [anEpc(1)] });
    expect(rig.journal.events.at(-3)).toMatchObject({ kind: 'asset.returned', data: { takenBy: aPersonId(1) } });
  });

  it('answers a command to count with an inventory', async () => {
    const rig = await startAgent();
    await rig.ready();
    const expiresAt = new Date(rig.clock.wallMs() + 10_000).toISOString();
    rig.command({ v: 1, id: 'c1', counter: 1, expiresAt, kind: 'count_now' });
    await rig.clock.advance(6000);
    expect(rig.journal.events.at(-1)).toMatchObject({ kind: 'inventory.settled', data: { trigger: 'command' } });
  });

  it('waits for a rulebook before it takes stock, and says so', async () => {
    const rig = await startAgent({ rulebook: null });
    await rig.ready();
    expect(rig.kinds()).toEqual(['cabinet.started']);
    expect(await rig.screen()).toMatchObject({ phase: 'refused', refusal: 'rulebook_missing' });
    rig.rules.apply(aRulebook());
    await rig.ready();
    expect(rig.kinds()).toEqual(['cabinet.started', 'inventory.settled']);
  });

  it('draws no wrong line in 200 visits with 5 % missed reads and two strays in each round', async () => {
    const epcs = Array.from({ length: 12 }, (_, index) => anEpc(index + 1));
    const items = epcs.map((_, index) => anItem(index + 1));
    const neighbours = [anItem(101, { home: false }), anItem(102, { home: false }), anItem(103, { home: false })];
    const rig = await startAgent({
      seed: '200 visits',
      inside: epcs,
      rulebook: aRulebook({ items: [...items, ...neighbours] }),
      cabinet: {
        missedPerMille: 50,
        straysPerRound: 2,
        strayEpcs: [...neighbours.map((item) => item.epc), ...[201, 202, 203, 204, 205, 206, 207].map(anEpc)],
      },
    });
    await rig.ready();
    const dice = seededRandom('200 visits/people');
    for (let visits = 0; visits < 200; visits++) {
      const from = rig.journal.events.length;
      const take = epcs.filter((epc) => rig.cabinet.inside.has(epc) && chance(dice, 1, 4));
      const put = epcs.filter((epc) => !rig.cabinet.inside.has(epc) && chance(dice, 1, 3));
      const badge = 1 + below(dice, 2);
      await visit(rig, { badge: aBadgeNumber(badge), take, put });
      const expected = [
        ...take.map((epc) => ({ kind: 'asset.checked_out', epc, actor: aPersonId(badge), disputed: false })),
        ...put.map((epc) => ({ kind: 'asset.returned', epc, actor: aPersonId(badge), disputed: false })),
      ];
      expect(linesOf(rig.journal, from), `visit ${visits}`).toEqual(expected);
      await rig.clock.advance(below(dice, 90_000));
    }
  });
});
