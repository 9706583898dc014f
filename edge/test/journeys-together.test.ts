import { createHmac } from 'node:crypto';
import { pinNumberText, type Rulebook } from '@tagtrail/shared/rules/rulebook.js';
import { afterEach, describe, expect, it } from 'vitest';
import { hashPin } from '../src/rules/pin-hash.js';
import { anAssetId, anEpc, aPerson, aPersonId, aRulebook, type memoryJournal } from '../src/testing/builders.js';
import { linesOf, stopAgents, visit } from './agent-rig.js';
import { ana, ben, dataOf, items, ready, signIn } from './journey-rig.js';

afterEach(stopAgents);

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
