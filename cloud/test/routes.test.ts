import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AppFixture, type Caller, signedIn, startApp } from './app-fixture.js';
import { aCustomer } from './sample.js';

describe('the routes', () => {
  let fixture: AppFixture;
  let admin: Caller;
  beforeAll(async () => {
    fixture = await startApp({ log: { debug() {}, info() {}, warn() {}, error: (f, n) => console.log(n, f) } });
    const { passwords } = await fixture.seed(aCustomer('Aalto'));
    admin = await signedIn(fixture.app, 'admin@aalto.example', passwords.get('admin@aalto.example') ?? '');
  });
  afterAll(async () => {
    await fixture?.close();
  });

  it('answer to an administrator', async () => {
    for (const { method, url } of fixture.app.routes.all) {
      if (method !== 'GET' || !url.startsWith('/v1') || url.includes(':')) continue;
      const answer = await admin.get(url);
      console.log(url, answer.status, answer.text.slice(0, 300));
      expect([url, answer.status]).toEqual([url, 200]);
    }
  });
});
