import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sql } from '../src/store/sql.js';
import { type AppFixture, caller, signedIn, startApp } from './app-fixture.js';
import { aCustomer } from './sample.js';

describe('signing in', () => {
  let fixture: AppFixture;
  let clock: VirtualClock;
  let passwords: ReadonlyMap<string, string>;
  const email = 'admin@aalto.example';

  beforeAll(async () => {
    // Cookies carry the machine's time, so the virtual one starts there.
    clock = new VirtualClock(Date.now());
    fixture = await startApp({ clock });
    ({ passwords } = await fixture.seed(aCustomer('Aalto')));
  });
  beforeEach(async () => {
    // Refusals of one test do not slow down the next.
    await clock.advance(16 * 60_000);
  });
  afterAll(async () => {
    await fixture?.close();
  });

  const password = (): string => passwords.get(email) ?? '';
  const attempt = (payload: Record<string, unknown>, headers: Record<string, string> = {}) =>
    fixture.app.server.inject({ method: 'POST', url: '/v1/sign-in', headers, payload });
  const me = (cookie: string) => caller(fixture.app, cookie).get('/v1/me');

  it('sets a cookie that scripts and other sites cannot use, and tells who one is', async () => {
    const response = await attempt({ email, password: password() });
    expect(response.statusCode).toBe(200);
    expect(response.json()).toMatchObject({ email, role: 'admin', tenant: { name: 'Aalto Air' }, sites: null });
    const cookie = String(response.headers['set-cookie']);
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Lax/);
    expect(cookie).not.toMatch(/Secure|Domain/);
    expect(response.headers['cache-control']).toBe('no-store');
  });

  it('keeps neither the password nor the token in the database', async () => {
    const { cookie } = await signedIn(fixture.app, email, password());
    const token = decodeURIComponent(cookie.split('=')[1] ?? '').split('.')[0] ?? '';
    const rows = await fixture.db.store.global.$queryRaw<{ token: string; password: string }[]>(
      sql`select s.token, a.password from auth_sign_in s join auth_account a on a.user_id = s.user_id`,
    );
    expect(token.length).toBeGreaterThan(20);
    expect(JSON.stringify(rows)).not.toContain(token);
    expect(rows[0]?.password).toMatch(/^\$argon2id\$v=19\$m=47104,t=1,p=1\$/);
  });

  it.each([
    ['a wrong password', { email, password: 'wrong' }],
    ['an unknown address', { email: 'nobody@aalto.example', password: 'wrong' }],
  ])('refuses %s with the same words', async (_name, payload) => {
    const response = await attempt(payload);
    expect([response.statusCode, response.json().type, response.json().detail, response.headers['set-cookie']]).toEqual(
      [401, 'https://tagtrail.dev/problems/sign-in-refused', 'The e-mail address or the password is wrong.', undefined],
    );
  });

  it('refuses a user whom no customer has granted anything', async () => {
    await fixture.db.store.global.$executeRaw(sql`
      insert into auth_user (id, name, email) values ('11111111-1111-7111-8111-111111111111', 'New', 'new@aalto.example')`);
    await fixture.db.store.global.$executeRaw(sql`
      insert into auth_account (id, account_id, provider_id, user_id, password)
      select '22222222-2222-7222-8222-222222222222', '11111111-1111-7111-8111-111111111111', 'credential',
        '11111111-1111-7111-8111-111111111111', password from auth_account a join auth_user u on u.id = a.user_id
      where u.email = ${email}`);
    const response = await attempt({ email: 'new@aalto.example', password: password() });
    expect([response.statusCode, response.headers['set-cookie']]).toEqual([401, undefined]);
  });

  it('makes guessing slower without locking the account', async () => {
    for (let i = 0; i < 5; i++) await attempt({ email, password: 'wrong' });
    const waiting = await attempt({ email, password: password() });
    expect([waiting.statusCode, waiting.headers['retry-after']]).toEqual([429, '1']);
    await clock.advance(1000);
    expect((await attempt({ email, password: password() })).statusCode).toBe(200);
  });

  it.each([
    ['an operator in place of the address', { email: { not: '' }, password: 'x' }],
    ['a field too many', { email, password: 'x', role: 'admin' }],
    ['a password of a megabyte', { email, password: 'x'.repeat(200_000) }],
    ['a NUL', { email, password: 'x\u0000' }],
  ])('answers %s with 400', async (_name, payload) => {
    expect((await attempt(payload)).statusCode).toBe(400);
  });

  it('ends when one signs out', async () => {
    const user = await signedIn(fixture.app, email, password());
    const out = await fixture.app.server.inject({
      method: 'POST',
      url: '/v1/sign-out',
      headers: { cookie: user.cookie, 'sec-fetch-site': 'same-origin', 'content-type': 'application/json' },
    });
    expect([out.statusCode, String(out.headers['set-cookie'])]).toEqual([204, expect.stringMatching(/Max-Age=0/)]);
    expect((await me(user.cookie)).status).toBe(401);
  });

  it('ends after half an hour without a request, and not while there are some', async () => {
    const user = await signedIn(fixture.app, email, password());
    for (let i = 0; i < 3; i++) {
      await clock.advance(29 * 60_000);
      expect((await me(user.cookie)).status).toBe(200);
    }
    await clock.advance(31 * 60_000);
    expect((await me(user.cookie)).status).toBe(401);
  });

  it('ends after twelve hours however busy it is', async () => {
    const user = await signedIn(fixture.app, email, password());
    for (let i = 0; i < 24; i++) {
      await clock.advance(29 * 60_000);
      expect((await me(user.cookie)).status).toBe(200);
    }
    await clock.advance(25 * 60_000);
    expect((await me(user.cookie)).status).toBe(401);
  });

  it('replaces the sign-in of the same browser', async () => {
    const first = await signedIn(fixture.app, email, password());
    await attempt(
      { email, password: password() },
      { cookie: first.cookie, origin: 'http://localhost:80', host: 'localhost:80' },
    );
    expect((await me(first.cookie)).status).toBe(401);
  });

  it('lists where one is signed in, and ends nobody else\u2019s', async () => {
    const admin = await signedIn(fixture.app, email, password());
    const viewer = await signedIn(fixture.app, 'viewer@aalto.example', passwords.get('viewer@aalto.example') ?? '');
    const own = (await admin.get('/v1/sign-ins')).body.data;
    expect(own.filter((signIn: { current: boolean }) => signIn.current)).toHaveLength(1);
    expect((await viewer.send('DELETE', `/v1/sign-ins/${own[0].id}`)).status).toBe(404);
    expect((await admin.get('/v1/me')).status).toBe(200);
  });

  it('stands in the trail for administrators only', async () => {
    await attempt({ email, password: 'wrong' });
    const admin = await signedIn(fixture.app, email, password());
    const viewer = await signedIn(fixture.app, 'viewer@aalto.example', passwords.get('viewer@aalto.example') ?? '');
    const kinds = async (url: string, who = admin) =>
      (await who.get(url)).body.data.map((line: { kind: string }) => line.kind) as string[];
    expect(await kinds('/v1/events?limit=1000')).toEqual(
      expect.arrayContaining(['user.signed_in', 'user.sign_in_refused']),
    );
    expect((await kinds('/v1/events?limit=1000', viewer)).filter((kind) => kind.startsWith('user.'))).toEqual([]);
  });

  it.each([
    ['of another site', { origin: 'https://evil.example' }],
    ['of no site', { origin: 'null' }],
    ['of a look-alike', { origin: 'http://localhost.evil.example' }],
    ['that the browser calls foreign', { 'sec-fetch-site': 'cross-site' }],
    ['without a word of where it comes from', {}],
  ])('protects changes from a request %s', async (_name, headers) => {
    const { cookie } = await signedIn(fixture.app, email, password());
    const response = await fixture.app.server.inject({
      method: 'POST',
      url: '/v1/sites',
      headers: { cookie, host: 'localhost', ...(headers as Record<string, string>) },
      payload: { name: 'Evil', time_zone: 'UTC' },
    });
    expect([response.statusCode, response.json().type]).toEqual([403, 'https://tagtrail.dev/problems/foreign-origin']);
    expect(response.headers['access-control-allow-origin']).toBeUndefined();
  });
});
