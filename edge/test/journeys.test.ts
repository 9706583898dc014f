import { createHmac } from 'node:crypto';
import { idFromUuid } from '@tagtrail/shared/ids.js';
import { kioskFindAnswer, kioskMyDataAnswer } from '@tagtrail/shared/kiosk/kiosk-actions.js';
import { pinNumberText, type Rulebook } from '@tagtrail/shared/rules/rulebook.js';
import { afterEach, describe, expect, it } from 'vitest';
import { hashPin } from '../src/rules/pin-hash.js';
import {
  aBadgeNumber,
  anAssetId,
  anEpc,
  anItem,
  aPerson,
  aPersonId,
  aRulebook,
  type memoryJournal,
} from '../src/testing/builders.js';
import { linesOf, type Rigged, startAgent, stopAgents, visit } from './agent-rig.js';

afterEach(stopAgents);

const [ana, ben] = [aBadgeNumber(1), aBadgeNumber(2)];
const order = { order: idFromUuid('order', '019a0000-0006-7000-8000-000000000001'), number: '4711', title: 'Engine 2' };
const past = '2025-05-03T00:00:00.000Z';
const items = (changes: Readonly<Record<number, Partial<Rulebook['items'][number]>>>) =>
  [1, 2, 3, 4, 5].map((number) => anItem(number, changes[number]));

async function ready(rig: Parameters<typeof startAgent>[0] = {}): Promise<Rigged> {
  const started = await startAgent(rig);
  await started.ready();
  return started;
}

function dataOf(rig: Rigged, kind: string) {
  return rig.journal.events.filter((event) => event.kind === kind).map((event) => event.data as object);
}

/** Badge, without opening. */
async function signIn(rig: Rigged, badge = ana): Promise<void> {
  rig.cabinet.badge(badge);
  await rig.clock.advance(500);
}

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

describe('T6: a missing tool', () => {
  it('is searched for with what is known, and the search closes itself', async () => {
    const people = [aPerson(1, { seesHolders: true }), aPerson(2)];
    const place = 'Drawer 3';
    const rig = await ready({ rulebook: aRulebook({ people, items: items({ 1: { place } }) }) });
    await visit(rig, { badge: ben, take: [anEpc(1)] });
    await rig.clock.advance(20_000);
    await visit(rig, { badge: ben, put: [anEpc(1)] });
    await rig.clock.advance(20_000);
    rig.cabinet.inside.delete(anEpc(1));
    await rig.clock.advance(120_000);
    expect((await rig.screen()).desk?.missing).toEqual([{ epc: anEpc(1), name: 'Tool 1' }]);
    expect((await rig.post('/api/search', { action: 'start', epc: anEpc(1) })).body).toMatchObject({
      code: 'not_signed_in',
    });
    await signIn(rig);
    await rig.post('/api/search', { action: 'start', epc: anEpc(1) });
    expect((await rig.screen()).desk?.searches).toMatchObject([{ lastHolder: 'Person 2', lastPlace: place }]);
    await rig.clock.advance(20_000);
    await visit(rig, { badge: ben, put: [anEpc(1)] });
    expect(dataOf(rig, 'search.closed')).toMatchObject([{ epc: anEpc(1), outcome: 'found' }]);
    expect((await rig.screen()).desk?.searches).toEqual([]);
  });

  it('gives up with a decision of two, whose names both stand on the trail', async () => {
    const rig = await ready({ inside: [2, 3, 4, 5].map(anEpc) });
    await signIn(rig);
    await rig.post('/api/search', { action: 'start', epc: anEpc(1) });
    const close = { action: 'close', epc: anEpc(1), outcome: 'declared_lost', note: 'two of us looked' };
    expect((await rig.post('/api/search', close)).body).toEqual({ ok: true });
    expect(dataOf(rig, 'search.closed')).toEqual([]);
    expect(await rig.screen()).toMatchObject({ phase: 'hand_over', desk: { handOver: { lost: true, to: null } } });
    rig.cabinet.badge(ana);
    await rig.clock.advance(100);
    expect((await rig.screen()).desk?.handOver).toMatchObject({ refused: 'same_person' });
    rig.cabinet.badge(ben);
    await rig.clock.advance(100);
    expect((await rig.screen()).desk?.handOver).toMatchObject({ to: 'Person 2' });
    expect(rig.journal.events.at(-1)).toMatchObject({
      ...{ kind: 'search.closed', actor: aPersonId(1) },
      data: { outcome: 'declared_lost', witness: aPersonId(2), note: 'two of us looked' },
    });
    expect((await rig.post('/api/search', close)).body).toMatchObject({ code: 'unknown_item' });
  });

  it('goes on searching when nobody comes to declare it lost', async () => {
    const rig = await ready({ inside: [2, 3, 4, 5].map(anEpc) });
    await signIn(rig);
    await rig.post('/api/search', { action: 'start', epc: anEpc(1) });
    await rig.post('/api/search', { action: 'close', epc: anEpc(1), outcome: 'declared_lost', note: 'alone' });
    await rig.clock.advance(60_000);
    expect(dataOf(rig, 'search.closed')).toEqual([]);
    expect((await rig.screen()).desk?.searches).toMatchObject([{ epc: anEpc(1) }]);
  });
});

describe('T7: the network is dead', () => {
  it('does all of it from the rulebook and the journal alone', async () => {
    const rig = await ready({ offline: true });
    expect((await rig.screen()).offlineSince).toBe('2026-01-05T06:00:00.000Z');
    await visit(rig, { badge: ana, take: [anEpc(1)] });
    await rig.post('/api/report', { epc: anEpc(1), what: 'broken', note: null });
    await rig.clock.advance(8 * 3_600_000);
    await visit(rig, { badge: ben, put: [anEpc(1)] });
    expect(linesOf(rig.journal).map(({ kind }) => kind)).toEqual(['asset.checked_out', 'asset.returned']);
  });
});

describe('T8: what do they know about me', () => {
  const notice = {
    version: 2,
    text: { en: 'We keep', fr: 'Nous gardons' },
    changes: { en: ['a'], fr: ['b'] },
    contact: 'dpo',
  };

  it('shows own sessions and holdings, and only to a signed-in person', async () => {
    const rig = await ready({ rulebook: aRulebook({ privacyNotice: notice }) });
    expect(await rig.post('/api/my-data')).toMatchObject({ status: 409, body: { code: 'not_signed_in' } });
    await visit(rig, { badge: ben, take: [anEpc(2)] });
    await rig.clock.advance(20_000);
    await visit(rig, { badge: ana, take: [anEpc(1)] });
    const mine = kioskMyDataAnswer.parse((await rig.post('/api/my-data')).body);
    expect(mine).toMatchObject({ displayName: 'Person 1', holding: [{ name: 'Tool 1' }], notice: { contact: 'dpo' } });
    expect(mine.sessions).toMatchObject([{ outcome: 'settled', taken: ['Tool 1'], returned: [] }]);
  });

  it('shows the notice once', async () => {
    const rig = await ready({ rulebook: aRulebook({ privacyNotice: notice }) });
    await signIn(rig);
    expect((await rig.screen()).desk?.notice).toMatchObject({ version: 2, acknowledged: false });
    expect((await rig.post('/api/notice', { version: 1 })).body).toMatchObject({ ok: false });
    await rig.post('/api/notice', { version: 2 });
    expect((await rig.screen()).desk?.notice).toMatchObject({ acknowledged: true });
  });
});

async function pinRulebook(): Promise<Rulebook> {
  const numberHash = createHmac('sha256', Buffer.from('0'.repeat(64), 'hex'))
    .update(pinNumberText('17'))
    .digest('hex');
  const pin = { numberHash, ...(await hashPin('2580', Buffer.alloc(16, 7))) };
  return aRulebook({ people: [aPerson(1, { pin }), aPerson(2)] });
}

describe('PIN', () => {
  it('signs in without a badge', async () => {
    const rig = await ready({ rulebook: await pinRulebook() });
    expect((await rig.screen()).desk?.keypad).toEqual({ offered: true, lockedUntil: null });
    expect((await rig.post('/api/pin', { number: '17', pin: '2580' })).body).toEqual({ ok: true });
    await rig.clock.advance(200);
    expect(await rig.screen()).toMatchObject({ phase: 'unlocked', person: { displayName: 'Person 1' } });
    expect(rig.kinds()).toContain('pin.accepted');
    expect(JSON.stringify(rig.journal.events)).not.toContain('2580');
  });

  it('locks after five wrong ones, over a restart, and opens again after the set time', async () => {
    const rulebook = await pinRulebook();
    const first = await ready({ rulebook });
    for (let attempt = 1; attempt <= 5; attempt++) await first.post('/api/pin', { number: '17', pin: '0000' });
    expect(await first.screen()).toMatchObject({ phase: 'refused', refusal: 'pin_wrong' });
    await first.post('/api/pin', { number: '17', pin: '2580' });
    expect(await first.screen()).toMatchObject({ phase: 'refused', refusal: 'pin_locked' });
    expect(dataOf(first, 'pin.refused')).toHaveLength(6);
    const second = await ready({ rulebook, events: [...first.journal.events] });
    await second.post('/api/pin', { number: '17', pin: '2580' });
    expect(second.cabinet.unlocks).toEqual([]);
    await second.clock.advance(300_000);
    await second.post('/api/pin', { number: '17', pin: '2580' });
    await second.clock.advance(200);
    expect(second.cabinet.unlocks).toHaveLength(1);
  });

  it('answers an unknown number as a wrong PIN', async () => {
    const rig = await ready({ rulebook: await pinRulebook() });
    await rig.post('/api/pin', { number: '18', pin: '2580' });
    expect((await rig.screen()).refusal).toBe('pin_wrong');
    expect((await rig.post('/api/pin', { number: 'x', pin: '1' })).status).toBe(400);
  });
});

describe('two persons', () => {
  it('opens only to the second badge, both in one signed session', async () => {
    const rig = await ready({ rulebook: aRulebook({ twoPersonToOpen: true }) });
    await signIn(rig);
    expect(rig.cabinet.unlocks).toEqual([]);
    expect(await rig.screen()).toMatchObject({
      phase: 'witness',
      desk: { witness: { toOpen: true, confirmedBy: null } },
    });
    expect(rig.state()).toMatchObject({ session: null });
    await signIn(rig);
    expect(rig.cabinet.unlocks).toEqual([]);
    await signIn(rig, ben);
    expect(rig.cabinet.unlocks).toHaveLength(1);
    const opened = rig.journal.events.find(({ kind }) => kind === 'session.opened');
    const witness = rig.journal.events.find(({ kind }) => kind === 'witness.confirmed');
    expect(opened?.actor).toBe(aPersonId(1));
    expect(witness).toMatchObject({ session: opened?.session, actor: aPersonId(2), data: { beside: aPersonId(1) } });
  });

  it('gives up when nobody comes', async () => {
    const rig = await ready({ rulebook: aRulebook({ twoPersonToOpen: true }) });
    await signIn(rig);
    await rig.clock.advance(40_000);
    expect((await rig.screen()).phase).toBe('idle');
    expect(rig.kinds()).not.toContain('session.opened');
  });

  it.each([
    ['alone', [], 'forbidden', 'witness_missing'],
    ['with a witness', [ben], 'allowed', null],
  ] as const)('marks an item for two that is taken %s', async (_how, witnesses, authority, reason) => {
    const rig = await ready({ rulebook: aRulebook({ items: items({ 1: { twoPerson: true } }) }) });
    await signIn(rig);
    for (const badge of witnesses) await signIn(rig, badge);
    rig.cabinet.door(1, 'open');
    rig.cabinet.inside.delete(anEpc(1));
    await rig.clock.advance(1000);
    rig.cabinet.door(1, 'closed');
    await rig.clock.advance(6000);
    expect(dataOf(rig, 'asset.checked_out')).toMatchObject([{ authority, reason }]);
  });
});

describe('hand-over and end of shift', () => {
  it('moves custody between two badges without a door', async () => {
    const rig = await ready();
    await visit(rig, { badge: ana, take: [anEpc(1), anEpc(2)] });
    await rig.clock.advance(20_000);
    await signIn(rig);
    expect((await rig.post('/api/hand-over', { epcs: [anEpc(3)] })).body).toMatchObject({ code: 'not_your_item' });
    await rig.post('/api/hand-over', { epcs: [anEpc(1)] });
    await signIn(rig);
    expect((await rig.screen()).desk?.handOver).toMatchObject({ refused: 'same_person', to: null });
    await signIn(rig, ben);
    expect(await rig.screen()).toMatchObject({ phase: 'hand_over', desk: { handOver: { to: 'Person 2' } } });
    const handed = rig.journal.events.filter(({ kind }) => kind === 'custody.handed_over');
    expect(handed).toMatchObject([{ actor: aPersonId(2), data: { epc: anEpc(1), from: aPersonId(1) } }]);
    await rig.clock.advance(40_000);
    expect(rig.journal.events.at(-1)).toMatchObject({ kind: 'session.closed', data: { outcome: 'unused' } });
    await signIn(rig, ben);
    expect((await rig.screen()).holding).toMatchObject([{ name: 'Tool 1' }]);
  });

  it('ends a shift only with a decision on every tool', async () => {
    const rig = await ready();
    await visit(rig, { badge: ana, take: [anEpc(1), anEpc(2)] });
    const keep = { epc: anEpc(1), decision: 'keeping', note: null };
    const lost = { epc: anEpc(2), decision: 'lost', note: 'fell' };
    expect((await rig.post('/api/shift-end', { decisions: [keep] })).body).toMatchObject({ code: 'decision_missing' });
    expect((await rig.post('/api/shift-end', { decisions: [keep, lost] })).body).toEqual({ ok: true });
    expect(dataOf(rig, 'shift.ended')).toMatchObject([{ items: [{ name: 'Tool 1' }, { decision: 'lost' }] }]);
    expect(dataOf(rig, 'asset.reported')).toMatchObject([{ epc: anEpc(2), what: 'lost', note: 'fell' }]);
  });
});

describe('kits', () => {
  const rulebook = aRulebook({ kits: [{ kit: anAssetId(1), children: [anAssetId(2), anAssetId(3)] }] });

  it('takes the children with the kit, and shows by name what did not come back', async () => {
    const rig = await ready({ rulebook });
    await visit(rig, { badge: ana, take: [1, 2, 3].map(anEpc) });
    expect(linesOf(rig.journal).map(({ epc }) => epc)).toEqual([1, 2, 3].map(anEpc));
    await rig.clock.advance(20_000);
    await visit(rig, { badge: ana, put: [1, 2].map(anEpc) });
    expect((await rig.screen()).desk?.kits).toEqual([
      { kit: 'Tool 1', state: 'came_back_incomplete', children: ['Tool 3'] },
    ]);
    expect(dataOf(rig, 'kit.incomplete')).toMatchObject([{ epc: anEpc(1), children: [{ epc: anEpc(3) }] }]);
  });
});

describe('an unlock that was never seen to open', () => {
  it('is counted: what is gone belongs to that session', async () => {
    const rig = await ready();
    await signIn(rig);
    rig.cabinet.inside.delete(anEpc(4));
    await rig.clock.advance(20_000);
    const line = rig.journal.events.find(({ kind }) => kind === 'asset.checked_out');
    expect(line).toMatchObject({ actor: aPersonId(1), data: { epc: anEpc(4), certainty: 'window' } });
    expect(dataOf(rig, 'session.closed')).toMatchObject([{ outcome: 'settled', taken: 1 }]);
  });

  it('lets the next person in after the count, without a second badge', async () => {
    const rig = await ready();
    await signIn(rig);
    await rig.clock.advance(8000);
    expect((await rig.screen()).phase).toBe('reading');
    await signIn(rig, ben);
    await rig.clock.advance(3000);
    expect(await rig.screen()).toMatchObject({ phase: 'unlocked', person: { displayName: 'Person 2' } });
    expect(dataOf(rig, 'session.closed')).toMatchObject([{ outcome: 'unused' }]);
  });
});

it('a full disk takes no action for done', async () => {
  const refuse = (kind: string) => (kind === 'asset.reported' ? new RangeError('full') : undefined);
  const rig = await ready({ journal: { refuse } as Parameters<typeof memoryJournal>[1] & object });
  await signIn(rig);
  const answer = await rig.post('/api/report', { epc: anEpc(1), what: 'broken', note: null });
  expect(answer).toEqual({ status: 409, body: { ok: false, code: 'disk_refused' } });
});
