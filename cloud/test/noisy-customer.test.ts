import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from '../src/database/connect.js';
import { type AppFixture, type Caller, signedIn, startApp } from './app-fixture.js';
import { aCustomer } from './sample.js';

describe('a noisy customer', () => {
  let fixture: AppFixture;
  let clock: VirtualClock;
  let aalto: string;
  let noisy: (who: 'admin' | 'viewer') => Promise<Caller>;
  let quiet: Caller;

  beforeAll(async () => {
    clock = new VirtualClock();
    fixture = await startApp({ clock, limits: { signInRequestsPerMinute: 150, customerRequestsPerMinute: 200 } });
    const a = await fixture.seed(aCustomer('Aalto'));
    const b = await fixture.seed(aCustomer('Boreal'));
    aalto = a.tenantId;
    noisy = (who) => signedIn(fixture.app, `${who}@aalto.example`, a.passwords.get(`${who}@aalto.example`) ?? '');
    quiet = await signedIn(fixture.app, 'admin@boreal.example', b.passwords.get('admin@boreal.example') ?? '');
  });
  afterAll(async () => {
    await fixture?.close();
  });

  async function ask(caller: Caller, times: number): Promise<number[]> {
    const statuses: number[] = [];
    for (let i = 0; i < times; i++) statuses.push((await caller.get('/v1/me')).status);
    return statuses;
  }

  it('holds some of the database only, waits for itself, and is turned away when too much waits', async () => {
    const caller = await noisy('admin');
    const admin = await connect(fixture.db.adminUrl);
    await admin.query('begin');
    await admin.query('select 1 from tenant_head where tenant_id = $1 for update', [aalto]);
    // Each of them waits for the trail; the store has six connections.
    const changes = Array.from({ length: 110 }, (_, i) => caller.send('POST', '/v1/orders', { number: `O-${i}` }));
    const first = await Promise.race(changes);
    const others = [await quiet.get('/v1/assets'), await quiet.send('POST', '/v1/orders', { number: 'O-1' })];
    await admin.query('commit');
    await admin.end();
    expect(others.map(({ status }) => status)).toEqual([200, 201]);
    expect([first.status, first.headers['retry-after']]).toEqual([429, '1']);
    const statuses = (await Promise.all(changes)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 429)).toHaveLength(6);
    expect(statuses.filter((status) => status === 201)).toHaveLength(104);
  });

  it('hears 429 and when to come again: of a sign-in alone, and of the customer altogether', async () => {
    await clock.advance(120_000);
    const [admin, viewer] = [await noisy('admin'), await noisy('viewer')];
    expect(new Set(await ask(admin, 150))).toEqual(new Set([200]));
    const refused = await admin.get('/v1/me');
    expect([refused.status, refused.headers['ratelimit-remaining'], refused.headers['ratelimit-limit']]).toEqual([
      429,
      '0',
      '150',
    ]);
    expect(refused.body).toMatchObject({ type: expect.stringContaining('too-many-requests') });
    const answers = await ask(viewer, 51);
    expect([new Set(answers.slice(0, 50)), answers[50]]).toEqual([new Set([200]), 429]);
    expect((await viewer.get('/v1/me')).body.detail).toContain('your company');
    const other = await quiet.get('/v1/me');
    expect([other.status, Number(other.headers['ratelimit-remaining'])]).toEqual([200, 149]);
    await clock.advance(Number(refused.headers['retry-after']) * 1_000);
    expect((await admin.get('/v1/me')).status).toBe(200);
  });
});
