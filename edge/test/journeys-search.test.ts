import { kioskMyDataAnswer } from '@tagtrail/shared/kiosk/kiosk-actions.js';
import { afterEach, describe, expect, it } from 'vitest';
import { anEpc, aPerson, aPersonId, aRulebook } from '../src/testing/builders.js';
import { linesOf, stopAgents, visit } from './agent-rig.js';
import { ana, ben, dataOf, items, ready, signIn } from './journey-rig.js';

afterEach(stopAgents);

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
