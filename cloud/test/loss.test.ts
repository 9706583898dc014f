import type { AttentionItem } from '@tagtrail/shared/api/attention.js';
import type { LossView } from '@tagtrail/shared/api/loss.js';
import { idFromUuid } from '@tagtrail/shared/ids.js';
import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { inventoryEvent } from '../src/testing/test-cabinet.js';
import { type AppFixture, type Caller, startApp } from './app-fixture.js';
import { epcs, type RetentionCase, startRetentionCase } from './retention-fixture.js';

describe('a tool that is lost for good', () => {
  const clock = new VirtualClock();
  let fixture: AppFixture;
  let given: RetentionCase;
  let wrench: string;
  let count = 0;

  beforeAll(async () => {
    fixture = await startApp({ clock });
  });
  afterAll(async () => {
    await fixture?.close();
  });
  beforeEach(async () => {
    given = await startRetentionCase(fixture, { clock, name: `Aalto${count++}` });
    wrench = idFromUuid('asset', given.assets[0] ?? '');
    await given.report(given.taken(0, 0), inventoryEvent(given.now(), [epcs[1], epcs[2]], []));
  });

  const ask = (asset = wrench, by: Caller = given.admin()) =>
    by.send('POST', `/v1/assets/${asset}/loss`, { note: 'Searched hangar 2 twice' });
  const decide = ({ id }: LossView, how: 'confirmation' | 'rejection', by: Caller, body: object = {}) =>
    by.send('POST', `/v1/losses/${id}/${how}`, body);
  const state = async (asset = wrench): Promise<string> => (await given.admin().get(`/v1/assets/${asset}`)).body.state;
  const waiting = async (): Promise<AttentionItem[]> =>
    (await given.admin().get('/v1/attention?kind=loss_asked')).body.data;
  const newest = async () => (await given.admin().get(`/v1/assets/${wrench}/timeline?limit=1`)).body.data[0];

  it('is written off when a second person confirms, and by nobody alone', async () => {
    const asked = await ask();
    expect([asked.status, asked.body.status, asked.body.decided]).toEqual([201, 'waiting', null]);
    expect(asked.body.asked).toMatchObject({ by: { name: expect.stringContaining('Admin') }, at: given.now() });
    expect(await waiting()).toMatchObject([{ asset: { id: wrench }, entry: { kind: 'asset.loss_asked' } }]);
    expect((await ask()).status).toBe(409);
    const alone = await decide(asked.body, 'confirmation', given.admin());
    expect([alone.status, await state()]).toEqual([403, 'out']);

    const done = await decide(asked.body, 'confirmation', given.second(), { note: 'Agreed' });
    expect([done.status, done.body.status]).toEqual([200, 'confirmed']);
    expect(done.body.decided).toMatchObject({ by: { name: 'Second' }, note: 'Agreed' });
    expect(await newest()).toMatchObject({ kind: 'asset.declared_lost', actor: { name: 'Second' } });
    expect(await waiting()).toEqual([]);
    expect((await decide(asked.body, 'rejection', given.second())).status).toBe(409);
    expect((await given.admin().get('/v1/losses?status=confirmed')).body.data).toEqual([done.body]);
    // Who had it last still answers for it; and who brings it back is not refused.
    expect(await state()).toBe('out');
    await given.report(given.returned(0, 1));
    expect(await state()).toBe('retired');
  });

  it('is not, when the second person does not agree, or the first one takes it back', async () => {
    const first: LossView = (await ask()).body;
    expect((await decide(first, 'rejection', given.second(), { note: 'Look in E1' })).body.status).toBe('rejected');
    expect(await newest()).toMatchObject({ kind: 'asset.loss_rejected', data: { outcome: 'rejected' } });
    const second: LossView = (await ask()).body;
    expect((await decide(second, 'rejection', given.admin())).body.status).toBe('withdrawn');
    expect([await state(), (await waiting()).length]).toEqual(['out', 0]);
  });

  it('is not what lies in a cabinet, before or by the time somebody confirms', async () => {
    const inside = await ask(idFromUuid('asset', given.assets[1] ?? ''));
    expect([inside.status, inside.body.type]).toEqual([409, 'https://tagtrail.dev/problems/conflict']);
    const asked: LossView = (await ask()).body;
    await given.report(given.returned(0, 1));
    expect((await decide(asked, 'confirmation', given.second())).status).toBe(409);
    expect(await state()).toBe('available');
    expect((await decide(asked, 'rejection', given.second())).status).toBe(200);
  });

  it('is not retired by one person in another way', async () => {
    const retire = (asset: string) =>
      given.admin().send('PATCH', `/v1/assets/${asset}`, { status: 'retired', reason: 'old' });
    expect([(await retire(wrench)).status, await state()]).toEqual([409, 'out']);
    const missing = idFromUuid('asset', given.assets[2] ?? '');
    await given.report(inventoryEvent(given.now(), [epcs[1]], [epcs[2]]));
    expect([await state(missing), (await retire(missing)).status]).toEqual(['missing', 409]);
    expect((await retire(idFromUuid('asset', given.assets[1] ?? ''))).status).toBe(200);
  });

  it('is confirmed by nobody once nobody knows who said so', async () => {
    const asked: LossView = (await ask()).body;
    await given.seal();
    await given.setRule('administration', { keep_days: 200, action: 'pseudonymise' });
    await given.pass(300);
    await given.run();
    const [left] = (await given.admin().get('/v1/losses')).body.data;
    expect(left).toMatchObject({ id: asked.id, status: 'waiting', asked: { by: null, note: null } });
    expect((await decide(asked, 'confirmation', given.second())).status).toBe(409);
    expect((await decide(asked, 'rejection', given.second())).body.status).toBe('rejected');
  });
});
