import { type IdPrefix, idFromUuid, newUuid, uuidFromId } from '@tagtrail/shared/ids.js';
import { systemRandom } from '@tagtrail/shared/random/system-random.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, type DatabaseClient } from '../src/database/connect.js';
import { sql } from '../src/store/sql.js';
import { type AppFixture, type Caller, signedIn, startApp } from './app-fixture.js';
import { type CustomerIds, customerIds } from './canary/customer-ids.js';
import { type DescribedRoute, describedRoutes, sampleOf } from './canary/described-routes.js';
import { fillCustomer } from './canary/fill-customer.js';
import { type TakeAway, withoutRowSecurity, withoutTenantArgument } from './canary/one-wall.js';
import { leaksIn, snapshotOf, type Traces, tracesOf } from './canary/traces.js';
import { aCustomer } from './sample.js';

const everyRole = ['admin', 'manager', 'viewer'] as const;
type Role = (typeof everyRole)[number];

/** Each wall must hold alone, or the second one is a picture of a wall. */
const standing: readonly { walls: string; takeAway?: TakeAway; roles: readonly Role[] }[] = [
  { walls: 'both walls', roles: everyRole },
  { walls: 'row-level security alone', takeAway: withoutTenantArgument, roles: ['admin'] },
  { walls: 'the tenant of every query alone', takeAway: withoutRowSecurity, roles: ['admin'] },
];

interface Call {
  readonly method: DescribedRoute['method'];
  readonly url: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

interface Got {
  readonly status: number;
  readonly text: string;
}

/**
 * Two customers, and one of them tries every route that is registered, with every role, with all
 * that belongs to the other. Routes, parameters, fields and tables are read from the server and its
 * database: what is added later is tried without anybody thinking of it, or fails here by name.
 */
describe.each(standing)('a customer that tries to reach another, held off by $walls', ({ takeAway, roles }) => {
  const mark = 'Boreal';
  let fixture: AppFixture;
  let admin: DatabaseClient;
  let routes: readonly DescribedRoute[];
  let callers: Readonly<Record<Role, Caller>>;
  let own: CustomerIds;
  let foreign: CustomerIds;
  let aalto: string;
  let boreal: string;
  let traces: Traces;
  let before: ReadonlyMap<string, string>;
  let foreignCursors: ReadonlyMap<string, string>;
  /** Who takes what out is written into the own trail, with the filter that was asked for, foreign ids included. */
  let recorded = '';
  let putBack: () => Promise<number> = async () => 1;

  beforeAll(async () => {
    fixture = await startApp();
    const a = await fixture.seed(aCustomer('Aalto'));
    const b = await fixture.seed(aCustomer(mark));
    aalto = a.tenantId;
    boreal = b.tenantId;
    admin = await connect(fixture.db.adminUrl);
    const enter = async (role: Role) => {
      const email = `${role}@aalto.example`;
      await signedIn(fixture.app, email, a.passwords.get(email) ?? '');
      return await signedIn(fixture.app, email, a.passwords.get(email) ?? '');
    };
    callers = { admin: await enter('admin'), manager: await enter('manager'), viewer: await enter('viewer') };
    const other = await signedIn(fixture.app, 'admin@boreal.example', b.passwords.get('admin@boreal.example') ?? '');
    await addSession(aalto);
    await addRules(callers.admin);
    routes = await describedRoutes(fixture.app);
    foreignCursors = await cursorsOf(other);
    await expectCanariesToSing(other);
    await fillCustomer(admin, boreal, mark);
    own = await customerIds(admin, aalto);
    foreign = await customerIds(admin, boreal);
    traces = await tracesOf(admin, { tenant: boreal, mark, others: [aalto] });
    before = await snapshotOf(admin, boreal);
    if (takeAway !== undefined) putBack = await takeAway(admin);
  });
  afterAll(async () => {
    expect(await putBack()).toBeGreaterThan(0);
    await admin?.end();
    await fixture?.close();
  });

  /** So that the customer has one of everything that the other has. */
  async function addSession(tenant: string): Promise<void> {
    await fixture.db.store.withTenant(tenant, (tx) =>
      tx.$executeRaw(sql`
        insert into cabinet_session (tenant_id, id, cabinet_id, person_id, signed, opened_at)
        select c.tenant_id, ${newUuid(1_000_000, systemRandom)}::uuid, c.id, p.id, true, now()
        from cabinet c, person p where c.name like '% N1' and p.name like '%Ana%'`),
    );
  }

  async function addRules(caller: Caller): Promise<void> {
    const [kit, , child] = (await caller.get('/v1/assets')).body.data;
    const gone = (await caller.send('POST', '/v1/assets', { name: 'Gone' })).body;
    const made = [
      await caller.send('PUT', `/v1/kits/${kit.id}`, { children_ids: [child.id] }),
      await caller.send('POST', '/v1/grants', { effect: 'allow', group: 'line', asset_ids: [child.id] }),
      await caller.send('POST', '/v1/item-rules', { group: 'line', two_person: true }),
      await caller.send('POST', '/v1/orders', { number: 'O-1' }),
      await caller.send('POST', `/v1/assets/${gone.id}/loss`, { note: 'gone' }),
    ];
    expect(made.map(({ status }) => status)).toEqual([200, 201, 201, 201, 201]);
  }

  const lists = () => routes.filter(({ method, path, open }) => method === 'GET' && !open && !path.includes('{'));

  async function cursorsOf(caller: Caller): Promise<ReadonlyMap<string, string>> {
    const cursors = new Map<string, string>();
    for (const { path, query } of lists()) {
      if (!query.some(({ name }) => name === 'cursor')) continue;
      const cursor = (await caller.get(`${path}?limit=1`)).body.next_cursor;
      if (typeof cursor === 'string') cursors.set(path, cursor);
    }
    return cursors;
  }

  /** The test below would hold for a customer of whom nothing is ever shown, too: this one is shown. */
  async function expectCanariesToSing(other: Caller): Promise<void> {
    const singing: string[] = [];
    for (const { path } of lists()) if ((await other.get(path)).text.includes(mark)) singing.push(path);
    expect(singing).toEqual(
      expect.arrayContaining(['/v1/assets', '/v1/cabinets', '/v1/me', '/v1/people', '/v1/sites']),
    );
  }

  async function call(role: Role, { method, url, body, headers }: Call): Promise<Got & { leaks: readonly string[] }> {
    if (/export|download/.test(url)) recorded += ` ${bothSpellings(decodeURIComponent(url))}`;
    const response = await fixture.app.server.inject({
      method,
      url,
      headers: { origin: 'http://localhost:80', host: 'localhost:80', cookie: callers[role].cookie, ...headers },
      ...(body === undefined ? {} : { payload: body as Record<string, unknown> }),
    });
    const text = `${response.body}\n${JSON.stringify(response.headers)}`;
    const sent = `${decodeURIComponent(url)} ${JSON.stringify(body ?? '')} ${JSON.stringify(headers ?? {})} ${recorded}`;
    return { status: response.statusCode, text: response.body, leaks: leaksIn(text, traces, sent) };
  }

  /** The text, and the UUIDs of the ids in it: the trail keeps those. */
  function bothSpellings(text: string): string {
    const ids = [...text.matchAll(/([a-z]+)_[0-9a-hjkmnp-tv-z]{26}/g)];
    return `${text} ${ids.map(([id, prefix]) => uuidFromId(prefix as IdPrefix, id)).join(' ')}`;
  }

  /** The paths of a route with each of the ids in each place, the other places held by own ones. */
  async function pathsWith(route: DescribedRoute, ids: CustomerIds): Promise<readonly string[]> {
    let paths = [route.path];
    for (const param of route.params) {
      const values = await ids.forParam(route.path, param);
      paths = paths.flatMap((path) =>
        values.map((value) => path.replace(`{${param.name}}`, encodeURIComponent(value))),
      );
    }
    return paths;
  }

  const bodyOf = (route: DescribedRoute, ids: CustomerIds): unknown =>
    route.body === undefined ? undefined : (sampleOf(route.body, '', (field) => ids.forField(field)) ?? undefined);

  /** Whether the path holds ids of things, and not only words and numbers. */
  const namesThings = ({ params }: DescribedRoute): boolean =>
    params.some(({ schema }) => schema.enum === undefined && [schema.type].flat()[0] === 'string');

  /** Ends what the rest is tried with: the sign-in, or the person whose badge and PIN the other calls end. */
  const ends = (route: DescribedRoute, url: string): boolean =>
    route.path === '/v1/sign-out' ||
    route.path === '/v1/people/{id}/departure' ||
    (route.method === 'DELETE' && url.startsWith('/v1/sign-ins/'));

  async function expectUntouched(): Promise<void> {
    const now = await snapshotOf(admin, boreal);
    const touched = [...before].flatMap(([name, rows]) => (now.get(name) === rows ? [] : [name]));
    expect(touched).toEqual([]);
  }

  it('has a row in every table that knows customers, and the mark in every route that it knows', () => {
    const empty = [...before].filter(([, rows]) => rows === '[]').map(([name]) => name);
    expect(empty).toEqual([]);
    expect(traces.tokens.size).toBeGreaterThan(150);
    expect(routes.filter(namesThings).length).toBeGreaterThan(15);
  });

  it.each(roles)(
    'finds nothing by a foreign id as %s, and hears the same as of a thing that never was',
    async (role) => {
      const wrong: string[] = [];
      for (const route of routes.filter(namesThings)) {
        const body = bodyOf(route, own);
        const [ownUrl] = await pathsWith(route, own);
        const allowed =
          ownUrl === undefined || ends(route, ownUrl) ? undefined : await call(role, { ...route, url: ownUrl, body });
        const urls = await pathsWith(route, foreign);
        // What never was is never in the same way: one of it stands for all ids in that place.
        const neverWere = new Map(urls.map((url) => [shapeOf(url), neverWas(url)]));
        const shapes = new Map<string, string>();
        await inTurns([...neverWere], async ([key, url]) => {
          shapes.set(key, shape(await call(role, { ...route, url, body })));
        });
        await inTurns(urls, async (url) => {
          const got = await call(role, { ...route, url, body });
          const fits = got.status === 404 || (got.status === 403 && (allowed === undefined || allowed.status === 403));
          if (!fits || got.leaks.length > 0) wrong.push(`${route.method} ${url}: ${got.status} ${got.leaks}`);
          const missing = shapes.get(shapeOf(url));
          if (missing !== shape(got)) wrong.push(`${route.method} ${url}: ${shape(got)} but ${missing}`);
        });
      }
      expect(wrong).toEqual([]);
      await expectUntouched();
    },
  );

  /** "Not now" is no answer either: it would hide whatever the route says once it can. */
  const failed = ({ status }: Got): boolean => status >= 500 || status === 429;

  const shape = ({ status, text }: Got): string => `${status} ${shapeOf(text.replace(/"request_id":"[^"]*"/, ''))}`;

  it('reaches the own things with the same calls', async () => {
    const wrong: string[] = [];
    for (const route of routes.filter((one) => namesThings(one) && one.method !== 'HEAD')) {
      for (const url of (await pathsWith(route, own)).slice(0, 1)) {
        if (ends(route, url)) continue;
        const got = await call('admin', { ...route, url, body: bodyOf(route, own) });
        if (got.status === 400 || got.status === 404 || failed(got)) {
          wrong.push(`${route.method} ${url}: ${got.status} ${got.text.slice(0, 300)}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  it.each(roles)('sees nothing foreign through filters, searches and cursors as %s', async (role) => {
    const wrong: string[] = [];
    for (const route of routes.filter(({ method }) => method === 'GET')) {
      for (const url of (await pathsWith(route, own)).slice(0, 1)) {
        await inTurns([...route.query.flatMap(({ name, schema }) => probes(name, schema.enum)), ''], async (query) => {
          const got = await call(role, { ...route, url: `${url}${query === '' ? '' : `?${query}`}` });
          if (got.leaks.length > 0 || failed(got)) wrong.push(`${url}?${query}: ${got.status} ${got.leaks}`);
        });
      }
    }
    expect(wrong).toEqual([]);
    await expectUntouched();
  });

  function probes(name: string, values: readonly unknown[] | undefined): string[] {
    const id = foreign.forField(name);
    if (id !== undefined) return [`${name}=${id}`];
    if (name === 'cursor') return [...foreignCursors.values()].map((cursor) => `cursor=${encodeURIComponent(cursor)}`);
    if (values !== undefined) return values.map((value) => `${name}=${encodeURIComponent(String(value))}`);
    return [mark, '%', "' or 1=1 --", '0', '1'].map((value) => `${name}=${encodeURIComponent(value)}`);
  }

  it.each(roles)('cannot say that it is somebody else as %s: not by header, query or body', async (role) => {
    const tenantId = idFromUuid('tenant', boreal);
    const headers = Object.fromEntries(
      [
        'x-tenant-id',
        'x-tenant',
        'tenant',
        'tenant-id',
        'x-organization-id',
        'x-forwarded-user',
        'x-http-method-override',
      ]
        .map((name) => [name, boreal])
        .concat([['x-forwarded-host', 'boreal.example']]),
    );
    const wrong: string[] = [];
    for (const route of routes.filter(({ path, open }) => !open && path !== '/v1/sign-out')) {
      const body = bodyOf(route, own);
      for (const url of (await pathsWith(route, own)).slice(0, 1)) {
        if (ends(route, url)) continue;
        const attempts: Call[] = [
          { ...route, url, body, headers },
          { ...route, url: `${url}?tenant_id=${tenantId}`, body },
          { ...route, url: `${url}?tenantId=${boreal}&tenant=${boreal}`, body },
          ...(route.body === undefined
            ? []
            : [{ tenant_id: tenantId }, { tenantId: boreal }, { tenant: boreal }].map((more) => ({
                ...route,
                url,
                body: { ...(body as object), ...more },
              }))),
        ];
        const tried = async (attempt: Call): Promise<void> => {
          const got = await call(role, attempt);
          const said = attempt.headers === undefined;
          if (got.leaks.length > 0 || failed(got) || (said && got.status < 400)) {
            wrong.push(`${route.method} ${attempt.url} ${JSON.stringify(attempt.body)}: ${got.status} ${got.leaks}`);
          }
        };
        if (route.method === 'GET' || route.method === 'HEAD') await inTurns(attempts, tried);
        else for (const attempt of attempts) await tried(attempt);
      }
    }
    expect(wrong).toEqual([]);
    await expectUntouched();
  });

  it('cannot refer to foreign things in what it sends', async () => {
    const wrong: string[] = [];
    let referring = 0;
    for (const route of routes.filter(({ body, open }) => body !== undefined && !open)) {
      for (const field of Object.keys(route.body?.properties ?? {})) {
        const id = foreign.forField(field);
        if (id === undefined || route.body === undefined) continue;
        referring++;
        const body = sampleOf(route.body, '', (name) => (name === field ? id : own.forField(name)));
        for (const url of (await pathsWith(route, own)).slice(0, 1)) {
          const got = await call('admin', { ...route, url, body });
          if (got.leaks.length > 0 || ![404, 422].includes(got.status))
            wrong.push(`${route.method} ${url} ${field}: ${got.status}`);
        }
      }
    }
    expect(wrong).toEqual([]);
    expect(referring).toBeGreaterThan(1);
    await expectUntouched();
  });
});

/** As many at once as the server lets in of one customer; the rest would only wait there. */
async function inTurns<T>(things: readonly T[], call: (thing: T) => Promise<void>): Promise<void> {
  const left = things.values();
  const turn = async (): Promise<void> => {
    for (const thing of left) await call(thing);
  };
  await Promise.all([turn(), turn(), turn(), turn()]);
}

const shapeOf = (text: string): string => text.replace(/[a-z]+_[0-9a-z]{26}/g, 'id');

/** The same address with the id of a thing that never was. */
const neverWas = (url: string): string =>
  url.replaceAll(/(_[0-9a-z]{25})([0-9a-z])/g, (_, rest, last) => rest + (last === '0' ? '1' : '0'));

describe('without either wall', () => {
  it('a customer sees the other one, so that the canaries above would have sung', async () => {
    const fixture = await startApp();
    const { passwords } = await fixture.seed(aCustomer('Aalto'));
    const { tenantId } = await fixture.seed(aCustomer('Boreal'));
    const admin = await connect(fixture.db.adminUrl);
    const caller = await signedIn(fixture.app, 'admin@aalto.example', passwords.get('admin@aalto.example') ?? '');
    const putBack = [await withoutRowSecurity(admin), await withoutTenantArgument(admin)];
    const traces = await tracesOf(admin, { tenant: tenantId, mark: 'Boreal', others: [] });
    for (const path of ['/v1/assets', '/v1/cabinets', '/v1/people', '/v1/events']) {
      expect([path, leaksIn((await caller.get(path)).text, traces, '').length > 0]).toEqual([path, true]);
    }
    for (const back of putBack) await back();
    await admin.end();
    await fixture.close();
  });
});
