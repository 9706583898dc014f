import { idFromUuid } from '@tagtrail/shared/ids.js';
import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AppFixture, startApp } from './app-fixture.js';
import { dayMs, type RetentionCase, startRetentionCase } from './retention-fixture.js';

describe('a rule of retention', () => {
  let fixture: AppFixture;
  let clock: VirtualClock;
  let turn = 0;
  let given: RetentionCase;

  beforeAll(async () => {
    clock = new VirtualClock(Date.now() - 430 * dayMs);
    fixture = await startApp({ clock });
  });
  afterAll(async () => {
    await fixture?.close();
  });
  beforeEach(async () => {
    turn += 1;
    given = await startRetentionCase(fixture, { clock, name: `Rule${turn}` });
  });

  it('goes by the site, and by the general rule elsewhere', async () => {
    const { setRule, run } = given;
    const north = idFromUuid('site', given.sites.north);
    await given.report(given.returned(0, 0), given.returned(1, 1));
    await setRule('custody', { keep_days: 20 });
    await setRule('custody', { keep_days: 5000, site: north, source: 'law' });
    await given.pass(30);
    await given.seal();
    expect((await run()).data).toEqual([]);
    const dropped = await given.admin().send('DELETE', `/v1/retention/rules/custody?site=${north}`);
    expect(dropped.status).toBe(409);
    await setRule('custody', { keep_days: 10, site: north });
    expect((await run()).data).toMatchObject([{ site: north, entries: 2, version: 2 }]);
  });

  it('takes a second person where it is shortened by more than half', async () => {
    const wish = { keep_days: 30, action: 'delete' };
    const asked = (await given.admin().send('PUT', '/v1/retention/rules/device', wish)).body;
    expect(asked).toMatchObject({
      status: 'waiting',
      rule: { keep_days: 1095 },
      change: { status: 'waiting', rehearsal: { entries: 0 } },
    });
    const approve = `/v1/retention/changes/${asked.change.id}/approve`;
    expect((await given.admin().send('POST', approve)).status).toBe(403);
    expect((await given.second().send('POST', approve)).body).toMatchObject({
      status: 'approved',
      decided_by: { name: 'Second' },
    });
    expect((await given.second().send('POST', approve)).status).toBe(409);
    const rules = (await given.admin().get('/v1/retention/rules')).body.data;
    expect(rules.find((rule: { category: string }) => rule.category === 'device')).toMatchObject({
      keep_days: 30,
      version: 1,
    });
    const late = (await given.admin().send('PUT', '/v1/retention/rules/device', { ...wish, keep_days: 3 })).body.change;
    await given.pass(15);
    expect((await given.second().send('POST', `/v1/retention/changes/${late.id}/approve`)).status).toBe(409);
    const changes = (await given.second().get('/v1/retention/changes')).body.data;
    expect(changes.find(({ id }: { id: string }) => id === late.id)).toMatchObject({ status: 'expired' });
    expect((await given.lines()).map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['retention.change_asked', 'retention.change_decided', 'retention.rule_set']),
    );
  });

  it('takes a second person where one shortens it by halves, for all, for a site, or by dropping the rule of a site', async () => {
    const north = idFromUuid('site', given.sites.north);
    const set = async (keep_days: number, site?: string): Promise<string> => {
      const wish = { keep_days, action: 'delete', ...(site === undefined ? {} : { site }) };
      return (await given.admin().send('PUT', '/v1/retention/rules/device', wish)).body.status;
    };
    expect([await set(600), await set(547), await set(548)]).toEqual(['set', 'waiting', 'set']);
    expect([await set(540, north), await set(548, north)]).toEqual(['waiting', 'set']);
    const drop = () => given.admin().send('DELETE', `/v1/retention/rules/device?site=${north}`);
    expect((await drop()).status).toBe(200);
    await given.setRule('device', { keep_days: 400 });
    await given.pass(1);
    expect([await set(300), await set(200), await set(199)]).toEqual(['set', 'set', 'waiting']);
    await given.pass(31);
    expect([await set(100), await set(99)]).toEqual(['set', 'waiting']);
  });
});
