import { readdir, readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { problem } from '@tagtrail/shared/api/common.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { problemBase, problemCatalogue, problemCodes } from '../src/api/problem-catalogue.js';
import { connect as connectDatabase } from '../src/database/connect.js';
import { type AppFixture, type Caller, signedIn, startApp } from './app-fixture.js';
import { aCustomer } from './sample.js';

describe('the answers other than success', () => {
  let fixture: AppFixture;
  let admin: Caller;
  beforeAll(async () => {
    fixture = await startApp();
    const { passwords } = await fixture.seed(aCustomer('Aalto'));
    admin = await signedIn(fixture.app, 'admin@aalto.example', passwords.get('admin@aalto.example') ?? '');
  });
  afterAll(async () => {
    await fixture?.close();
  });

  const raw = (...[method, url, headers = {}, payload]: [string, string, Record<string, string>?, string?]) =>
    fixture.app.server.inject({
      method: method as 'GET',
      url,
      headers: { cookie: admin.cookie, origin: 'http://localhost', host: 'localhost', ...headers },
      ...(payload === undefined ? {} : { payload }),
    });
  const json = { 'content-type': 'application/json' };
  const site = '{"name":"East","time_zone":"UTC"}';

  it.each<[string, string, string, Record<string, string>, string | undefined, number, string]>([
    ['an unknown address', 'GET', '/v1/nothing', {}, undefined, 404, 'not-found'],
    ['an unknown id', 'GET', '/v1/assets/x', {}, undefined, 404, 'not-found'],
    ['a method that is not there', 'PUT', '/v1/sites', json, site, 405, 'method-not-allowed'],
    ['a deletion of a list', 'DELETE', '/v1/assets', {}, undefined, 405, 'method-not-allowed'],
    ['a body too large', 'POST', '/v1/sites', json, `{"name":"${'x'.repeat(300_000)}"}`, 413, 'too-large'],
    ['a text body', 'POST', '/v1/sites', { 'content-type': 'text/plain' }, site, 415, 'unsupported-media-type'],
    [
      'a form',
      'POST',
      '/v1/sites',
      { 'content-type': 'application/x-www-form-urlencoded' },
      'name=x',
      415,
      'unsupported-media-type',
    ],
    [
      'a type with a trick',
      'POST',
      '/v1/sites',
      { 'content-type': 'application/json\tx' },
      site,
      415,
      'unsupported-media-type',
    ],
    ['half a body', 'POST', '/v1/sites', json, '{"name":', 400, 'invalid-request'],
    ['no body', 'POST', '/v1/sites', json, '', 400, 'invalid-request'],
    [
      'a prototype',
      'POST',
      '/v1/sites',
      json,
      '{"__proto__":{"a":1},"name":"x","time_zone":"UTC"}',
      400,
      'invalid-request',
    ],
    [
      'a constructor',
      'POST',
      '/v1/sites',
      json,
      '{"constructor":{"prototype":{"a":1}},"name":"x","time_zone":"UTC"}',
      400,
      'invalid-request',
    ],
    [
      'a field too many',
      'POST',
      '/v1/sites',
      json,
      '{"name":"x","time_zone":"UTC","tenantId":"t"}',
      400,
      'invalid-request',
    ],
    ['a NUL', 'POST', '/v1/sites', json, '{"name":"x\\u0000","time_zone":"UTC"}', 400, 'invalid-request'],
    ['half a character', 'POST', '/v1/sites', json, '{"name":"x\\ud800","time_zone":"UTC"}', 400, 'invalid-request'],
    [
      'ten thousand levels',
      'POST',
      '/v1/sites',
      json,
      `${'['.repeat(10_000)}${']'.repeat(10_000)}`,
      400,
      'invalid-request',
    ],
    ['a limit out of bounds', 'GET', '/v1/assets?limit=1000000000', {}, undefined, 400, 'invalid-request'],
    ['a negative limit', 'GET', '/v1/assets?limit=-1', {}, undefined, 400, 'invalid-request'],
    ['a parameter twice', 'GET', '/v1/assets?q=a&q=b', {}, undefined, 400, 'invalid-request'],
    ['an operator in a filter', 'GET', '/v1/assets?state[not]=out', {}, undefined, 400, 'invalid-request'],
    ['an unknown filter', 'GET', '/v1/assets?sort=badge_key', {}, undefined, 400, 'invalid-request'],
    [
      'a year too far',
      'GET',
      '/v1/assets/x/timeline?from=275760-09-13T00:00:00Z',
      {},
      undefined,
      400,
      'invalid-request',
    ],
    ['a damaged cursor', 'GET', '/v1/assets?cursor=zzz', {}, undefined, 400, 'invalid-cursor'],
    [
      'another list\u2019s cursor',
      'GET',
      `/v1/assets?cursor=${Buffer.from('["sites","x"]').toString('base64url')}`,
      {},
      undefined,
      400,
      'invalid-cursor',
    ],
    ['nobody', 'GET', '/v1/assets', { cookie: '' }, undefined, 401, 'not-signed-in'],
    ['a forged cookie', 'GET', '/v1/assets', { cookie: 'tagtrail.session_token=x.y' }, undefined, 401, 'not-signed-in'],
    ['a path that climbs', 'GET', '/..%2f..%2fetc%2fpasswd', {}, undefined, 404, 'not-found'],
  ])('are right for %s', async (...[, method, url, headers, payload, status, code]) => {
    const response = await raw(method, url, headers, payload);
    const body = problem.parse(response.json());
    expect([response.statusCode, body.status, body.type]).toEqual([status, status, `${problemBase}${code}`]);
    expect(response.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(response.headers['request-id']).toBe(body.request_id);
    expect(response.body).not.toMatch(/node_modules|select |Prisma|at Object/);
    if (status === 405) expect(response.headers.allow).toContain('GET');
  });

  it('name every field that is wrong', async () => {
    const answer = await admin.send('POST', '/v1/sites', { name: '', time_zone: 'Mars/Olympus', more: 1 });
    const fields = answer.body.errors.map((error: { field: string }) => error.field);
    expect(fields).toEqual(expect.arrayContaining(['name', 'time_zone']));
    expect(answer.body.errors.length).toBeGreaterThan(2);
  });

  it('take SQL in a filter as text', async () => {
    for (const q of ["' or 1=1 --", '%', '_', '\\', "'; drop table asset; --"]) {
      const answer = await admin.get(`/v1/assets?q=${encodeURIComponent(q)}`);
      expect([answer.status, answer.body.data]).toEqual([200, []]);
    }
    expect((await admin.get('/v1/assets')).body.data.length).toBeGreaterThan(0);
  });

  it('say nothing of what went wrong inside', async () => {
    const owner = await connectDatabase(fixture.db.ownerUrl);
    await owner.query('alter table asset rename to asset_gone');
    const response = await raw('GET', '/v1/assets');
    await owner.query('alter table asset_gone rename to asset');
    await owner.end();
    expect([response.statusCode, response.json().type]).toEqual([500, `${problemBase}internal-error`]);
    expect(response.body).not.toMatch(/asset_gone|relation|node_modules|prisma/i);
    expect((await raw('GET', '/readyz')).statusCode).toBe(200);
  });

  it('are all in the catalogue, and the catalogue names no others', async () => {
    const listed = (await raw('GET', '/docs/problems')).json().problems.map((entry: { type: string }) => entry.type);
    expect(listed).toEqual(problemCodes.map((code) => `${problemBase}${code}`));
    const used = new Set<string>();
    for (const text of await sources()) {
      for (const [, code] of text.matchAll(/'([a-z]+(?:-[a-z]+)*)'/g))
        if (code !== undefined && code in problemCatalogue) used.add(code);
    }
    expect([...used].sort()).toEqual([...problemCodes].sort());
  });

  it('are told by a page too', async () => {
    const page = await raw('GET', '/docs/problems', { accept: 'text/html' });
    expect(page.headers['content-type']).toContain('text/html');
    for (const code of problemCodes) expect(page.body).toContain(`id="${code}"`);
  });

  it('carry the headers that protect a page, and work over plain http', async () => {
    const { headers } = await raw('GET', '/v1/me');
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(headers['content-security-policy']).not.toContain('upgrade-insecure-requests');
    expect(headers['strict-transport-security']).toBeUndefined();
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['cache-control']).toBe('no-store');
    expect(headers['ratelimit-limit']).toBeDefined();
  });

  it('come before the database is asked when there are too many requests', async () => {
    const other = await startApp({ limits: { requestsPerMinute: 3 } });
    const statuses: number[] = [];
    for (let i = 0; i < 5; i++) statuses.push((await other.app.server.inject({ url: '/v1/me' })).statusCode);
    const last = await other.app.server.inject({ url: '/v1/me' });
    await other.close();
    expect(statuses).toEqual([401, 401, 401, 429, 429]);
    expect(last.json().type).toBe(`${problemBase}too-many-requests`);
    expect([last.headers['retry-after'], last.headers['ratelimit-remaining']]).toEqual([expect.anything(), '0']);
  });

  it.each([
    ['of who asks through a proxy that is trusted', ['127.0.0.1'], [401, 401, 429, 401]],
    ['of a proxy that is not', undefined, [401, 401, 429, 429]],
  ])('count the requests %s', async (_name, trustedProxies, expected) => {
    const other = await startApp({ trustedProxies, limits: { requestsPerMinute: 2 } });
    const statuses: number[] = [];
    for (const client of ['192.0.2.1', '192.0.2.1', '192.0.2.1', '192.0.2.2']) {
      const headers = { 'x-forwarded-for': client };
      statuses.push((await other.app.server.inject({ url: '/v1/me', headers })).statusCode);
    }
    await other.close();
    expect(statuses).toEqual(expected);
  });

  it('close a connection that speaks no HTTP', async () => {
    await fixture.app.server.listen({ port: 0, host: '127.0.0.1' });
    const { port } = fixture.app.server.server.address() as AddressInfo;
    const heard = await new Promise<string>((resolve) => {
      let text = '';
      const socket = connect(port, '127.0.0.1', () =>
        socket.write('GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'),
      );
      socket.on('data', (data) => {
        text += data.toString();
      });
      socket.on('close', () => resolve(text));
    });
    expect(heard).toMatch(/^HTTP\/1\.1 400/);
  });
});

/** The sources that raise problems, without the catalogue itself. */
async function sources(): Promise<string[]> {
  const root = join(dirname(fileURLToPath(import.meta.url)), '../src');
  const names = await readdir(root, { recursive: true });
  const files = names.filter(
    (name) => name.endsWith('.ts') && !name.endsWith('problem-catalogue.ts') && !name.includes('generated'),
  );
  return await Promise.all(files.map((name) => readFile(join(root, name), 'utf8')));
}
