import { kioskFindAnswer } from '@tagtrail/shared/kiosk/kiosk-actions.js';
import { afterEach, describe, expect, it } from 'vitest';
import { anEpc, aPerson, aPersonId, aRulebook } from '../src/testing/builders.js';
import { linesOf, stopAgents, visit } from './agent-rig.js';
import { ana, ben, dataOf, items, order, past, ready, signIn } from './journey-rig.js';

afterEach(stopAgents);

describe('T1: take two tools', () => {
  it('greets within a second, asks for the order, and every line carries it', async () => {
    const rig = await ready({ rulebook: aRulebook({ orders: [{ ...order, people: [aPersonId(1)] }] }) });
    await signIn(rig);
    const greeting = await rig.screen();
    expect(greeting).toMatchObject({ phase: 'unlocked', person: { displayName: 'Person 1' } });
    expect(greeting.desk?.orders).toEqual({ open: [order], chosen: null, decided: false });
    expect(await rig.post('/api/order', { order: order.order })).toEqual({ status: 200, body: { ok: true } });
    expect((await rig.screen()).desk?.orders).toMatchObject({ chosen: order, decided: true });
    rig.cabinet.door(1, 'open');
    await rig.clock.advance(1000);
    rig.cabinet.inside.delete(anEpc(1));
    rig.cabinet.inside.delete(anEpc(2));
    rig.cabinet.door(1, 'closed');
    await rig.clock.advance(6000);
    const lines = rig.journal.events.filter(({ kind }) => kind === 'asset.checked_out' || kind === 'session.closed');
    expect(lines.map((line) => line.order)).toEqual([order.order, order.order, order.order]);
    expect(await rig.screen()).toMatchObject({ phase: 'receipt', holding: [{ name: 'Tool 1' }, { name: 'Tool 2' }] });
  });

  it('knows the order again after a power cut, and takes only orders of that person', async () => {
    const rulebook = aRulebook({ orders: [{ ...order, people: [aPersonId(1)] }] });
    const first = await ready({ rulebook });
    await signIn(first, ben);
    expect((await first.post('/api/order', { order: order.order })).body).toEqual({ ok: false, code: 'unknown_order' });
    await first.clock.advance(30_000);
    await signIn(first);
    await first.post('/api/order', { order: order.order });
    first.cabinet.door(1, 'open');
    await first.clock.advance(500);
    const second = await ready({ rulebook, events: [...first.journal.events], inside: [1, 2, 3, 4].map(anEpc) });
    const line = second.journal.events.find(({ kind }) => kind === 'asset.checked_out');
    expect(line).toMatchObject({ order: order.order, actor: aPersonId(1), data: { epc: anEpc(5) } });
  });
});

describe('T2: return, whoever took it', () => {
  it('names both and clears the list at once', async () => {
    const rig = await ready();
    await visit(rig, { badge: ana, take: [anEpc(1)] });
    await rig.clock.advance(20_000);
    await visit(rig, { badge: ben, put: [anEpc(1)] });
    expect((await rig.screen()).lines).toMatchObject([{ movement: 'returned', takenBy: 'Person 1' }]);
    await rig.clock.advance(20_000);
    await signIn(rig);
    expect((await rig.screen()).holding).toEqual([]);
  });

  it('records what comes back although nothing allows it any more', async () => {
    const rig = await ready();
    await visit(rig, { badge: ana, take: [anEpc(1)] });
    await rig.clock.advance(20_000);
    const deny = { effect: 'deny', to: { person: aPersonId(1) }, assets: null, validUntil: null, note: null } as const;
    const strict = items({ 1: { status: 'retired', licences: ['none has it'], groups: ['nobody'], twoPerson: true } });
    rig.rules.apply(aRulebook({ version: 2, items: strict, grants: [deny] }));
    await visit(rig, { badge: ana, put: [anEpc(1)] });
    expect(linesOf(rig.journal).at(-1)).toMatchObject({ kind: 'asset.returned', disputed: false, actor: aPersonId(1) });
  });
});

describe('T3: the box is wrong', () => {
  it('finds the tool, takes it off the list and says so on the trail', async () => {
    const rig = await ready();
    await visit(rig, { badge: ana, take: [anEpc(3)] });
    rig.cabinet.inside.add(anEpc(3));
    expect((await rig.post('/api/dispute', { epc: anEpc(3) })).body).toEqual({ ok: true });
    expect((await rig.screen()).desk?.dispute).toMatchObject({ epc: anEpc(3), stage: 'reading' });
    expect((await rig.post('/api/dispute', { epc: anEpc(3) })).body).toMatchObject({ code: 'busy' });
    await rig.clock.advance(9000);
    expect(await rig.screen()).toMatchObject({
      phase: 'receipt',
      lines: [{ dispute: 'corrected' }],
      holding: [],
      missing: [],
      desk: { dispute: { stage: 'corrected' } },
    });
    expect(rig.kinds().slice(-2)).toEqual(['asset.disputed', 'dispute.settled']);
  });

  it('leaves what it does not find on nobody’s name, also after a restart', async () => {
    const rig = await ready();
    await visit(rig, { badge: ana, take: [anEpc(3)] });
    await rig.post('/api/dispute', { epc: anEpc(3) });
    await rig.clock.advance(16_000);
    expect(dataOf(rig, 'dispute.settled')).toMatchObject([{ outcome: 'stays_disputed' }]);
    const inside = [1, 2, 4, 5].map(anEpc);
    const again = await ready({ events: [...rig.journal.events], inside });
    await signIn(again);
    expect(await again.screen()).toMatchObject({ holding: [], missing: ['Tool 3'] });
  });

  it('does not clear a line when the next person cuts the reading short', async () => {
    const rig = await ready();
    await visit(rig, { badge: ana, take: [anEpc(3)] });
    rig.cabinet.inside.add(anEpc(3));
    await rig.post('/api/dispute', { epc: anEpc(3) });
    await signIn(rig, ben);
    expect(dataOf(rig, 'dispute.settled')).toMatchObject([{ outcome: 'stays_disputed', rounds: 0 }]);
    expect((await rig.screen()).person).toEqual({ displayName: 'Person 2' });
  });
});

describe('T4: out of calibration and other reasons', () => {
  const people = [aPerson(1, { licences: [{ name: 'torque', validUntil: past }] }), aPerson(2)];
  const rulebook = aRulebook({
    people,
    calibrationWarnDays: 30,
    items: items({
      1: { calibrationDueAt: past },
      2: { licences: ['torque'] },
      3: { calibrationDueAt: '2026-01-20T00:00:00.000Z' },
    }),
  });

  it('does not offer them, and alerts by name when one is taken all the same', async () => {
    const rig = await ready({ rulebook });
    await signIn(rig);
    const { desk } = await rig.screen();
    expect(desk?.notForYou).toMatchObject([
      { epc: anEpc(1), reason: 'calibration_overdue', reasonSince: past },
      { epc: anEpc(2), reason: 'licence_expired', reasonName: 'torque', reasonSince: past },
    ]);
    expect(desk?.warnings).toMatchObject([
      { kind: 'licence_expired', name: 'torque' },
      { kind: 'calibration_due', name: 'Tool 3', held: false },
    ]);
    rig.cabinet.door(1, 'open');
    rig.cabinet.inside.delete(anEpc(2));
    await rig.clock.advance(1000);
    rig.cabinet.door(1, 'closed');
    await rig.clock.advance(6000);
    expect(dataOf(rig, 'take.forbidden')).toEqual([
      { epc: anEpc(2), name: 'Tool 2', reason: 'licence_expired', reasonName: 'torque', reasonSince: past },
    ]);
    expect(await rig.screen()).toMatchObject({
      lines: [{ authority: 'forbidden', reason: 'licence_expired', reasonName: 'torque' }],
      desk: { alarm: true },
    });
  });

  it('offers the others first in a search', async () => {
    const named = items({ 1: { name: 'Torque wrench 7', calibrationDueAt: past }, 2: { name: 'Torque wrench 9' } });
    const rig = await ready({ rulebook: aRulebook({ items: named }) });
    const answer = kioskFindAnswer.parse((await rig.post('/api/find', { text: 'TORQUE wrench' })).body);
    expect(answer.items.map(({ name, where, forbidden }) => [name, where, forbidden?.reason ?? null])).toEqual([
      ['Torque wrench 9', 'inside', null],
      ['Torque wrench 7', 'inside', 'calibration_overdue'],
    ]);
  });

  it('warns who holds a tool that became due', async () => {
    const rig = await ready();
    await visit(rig, { badge: ana, take: [anEpc(1)] });
    await rig.clock.advance(20_000);
    rig.rules.apply(rulebook);
    await signIn(rig);
    expect((await rig.screen()).desk?.warnings[0]).toMatchObject({ kind: 'calibration_overdue', held: true });
  });
});

describe('T5: a broken tool', () => {
  it.each(['broken', 'incomplete', 'lost'] as const)(
    'keeps what is %s in quarantine until an inspection',
    async (what) => {
      const rig = await ready();
      await visit(rig, { badge: ana, take: [anEpc(1)] });
      await rig.clock.advance(20_000);
      await visit(rig, { badge: ana, put: [anEpc(1)] });
      expect((await rig.post('/api/report', { epc: anEpc(1), what, note: 'jaw' })).status).toBe(200);
      expect((await rig.screen()).lines).toMatchObject([{ reported: what }]);
      const again = await ready({ events: [...rig.journal.events] });
      await signIn(again, ben);
      expect((await again.screen()).desk?.notForYou).toMatchObject([{ epc: anEpc(1), reason: 'reported' }]);
      const inspectedAt = '2026-03-01T00:00:00.000Z';
      again.rules.apply(aRulebook({ version: 2, items: items({ 1: { inspectedAt } }) }));
      expect((await again.screen()).desk?.notForYou).toEqual([]);
    },
  );
});
