import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert } from '@tagtrail/shared/assert.js';
import { type Log, silentLog } from '@tagtrail/shared/log/log.js';
import type { Random } from '@tagtrail/shared/random/random.js';
import { seededRandom } from '@tagtrail/shared/random/seeded-random.js';
import { systemRandom } from '@tagtrail/shared/random/system-random.js';
import type { SampleCustomer } from '@tagtrail/shared/sample/sample-customer.js';
import type { Clock } from '@tagtrail/shared/time/clock.js';
import { systemClock } from '@tagtrail/shared/time/system-clock.js';
import { type App, type AppDeps, buildApp } from '../src/app.js';
import { seedSampleCustomer } from '../src/seed/seed-sample-customer.js';
import type { Store } from '../src/store/prisma.js';
import { startTestDatabase, type TestDatabase } from '../src/testing/test-database.js';

export interface AppFixture {
  readonly db: TestDatabase;
  readonly app: App;
  readonly random: Random;
  /** Customers (UUID) whose rulebooks were asked for. */
  readonly rulebooksFor: string[];
  /** Creates a customer and answers its id and the passwords by e-mail. */
  seed(file: SampleCustomer): Promise<{ tenantId: string; passwords: ReadonlyMap<string, string> }>;
  close(): Promise<void>;
}

export interface FixtureOptions {
  readonly clock?: Clock;
  readonly log?: Log;
  readonly limits?: AppDeps['limits'];
  readonly trustedProxies?: AppDeps['trustedProxies'];
  /** The built dashboard, for tests with a browser. */
  readonly webFolder?: string;
}

/** Tests ask more often than people do. */
const unlimited = {
  requestsPerMinute: 1_000_000,
  signInsPerMinute: 1_000_000,
  signInRequestsPerMinute: 1_000_000,
  customerRequestsPerMinute: 1_000_000,
};

export async function startApp(options: FixtureOptions = {}): Promise<AppFixture> {
  const db = await startTestDatabase();
  const clock = options.clock ?? systemClock;
  const random = seededRandom('app');
  const rulebooksFor: string[] = [];
  const app = await appOver(db, { ...options, clock, random, requestRulebooks: (id) => void rulebooksFor.push(id) });
  return {
    db,
    app,
    random,
    rulebooksFor,
    seed: (file) => seedFor(db.store, file, { clock, random }),
    close: async () => {
      await app.close();
      await db.close();
    },
  };
}

/** The app over a database that is there; who signed in at another one over the same rows stays signed in. */
export async function appOver(
  db: { readonly store: Store; readonly url: string },
  options: FixtureOptions & { readonly random?: Random; readonly requestRulebooks?: (tenantId: string) => void } = {},
): Promise<App> {
  return await buildApp({
    store: db.store,
    databaseUrl: db.url,
    clock: options.clock ?? systemClock,
    random: options.random ?? seededRandom('app over'),
    log: options.log ?? silentLog,
    version: '0.0.0',
    authSecret: 'a secret of this test only, long enough',
    mqttUrl: 'mqtt://127.0.0.1:1883',
    cloudKey: 'a key of this test only',
    webFolder: options.webFolder,
    trustedProxies: options.trustedProxies,
    requestRulebooks: options.requestRulebooks ?? (() => {}),
    limits: { ...unlimited, ...options.limits },
  });
}

/** Creates a customer and answers its id and the passwords by e-mail. */
export async function seedFor(
  store: Store,
  file: SampleCustomer,
  by: { readonly clock: Clock; readonly random: Random } = { clock: systemClock, random: systemRandom },
): Promise<{ tenantId: string; passwords: ReadonlyMap<string, string> }> {
  const folder = await mkdtemp(join(tmpdir(), 'tagtrail-seed-'));
  try {
    const reach = { mqttUrl: 'mqtt://127.0.0.1:1883', cloudKey: 'a key of this test only' };
    const { tenantId } = await seedSampleCustomer({
      ...{ ...reach, ...by, store, file, log: silentLog },
      credentialsDir: folder,
    });
    const users: { email: string; password: string }[] = JSON.parse(await readFile(join(folder, 'users.json'), 'utf8'));
    return { tenantId, passwords: new Map(users.map(({ email, password }) => [email, password])) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export interface Caller {
  readonly cookie: string;
  get(url: string): Promise<Answer>;
  send(method: 'POST' | 'PATCH' | 'PUT' | 'DELETE', url: string, body?: unknown): Promise<Answer>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Record<string, unknown>;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests read what they expect and fail where it is not there
  readonly body: any;
}

const origin = { origin: 'http://localhost:80', host: 'localhost:80' };

/** Signs in and calls as that user. */
export async function signedIn(app: App, email: string, password: string): Promise<Caller> {
  const response = await app.server.inject({
    method: 'POST',
    url: '/v1/sign-in',
    headers: origin,
    payload: { email, password },
  });
  assert(response.statusCode === 200, `sign-in answered ${response.statusCode}: ${response.body}`);
  return caller(app, response.cookies.map(({ name, value }) => `${name}=${encodeURIComponent(value)}`).join('; '));
}

export function caller(app: App, cookie: string): Caller {
  const headers = { ...origin, cookie };
  return {
    cookie,
    get: async (url) => answer(await app.server.inject({ method: 'GET', url, headers })),
    send: async (method, url, body) =>
      answer(
        await app.server.inject(
          body === undefined
            ? { method, url, headers }
            : { method, url, headers, payload: body as Record<string, unknown> },
        ),
      ),
  };
}

function answer(response: { statusCode: number; headers: Record<string, unknown>; body: string }): Answer {
  const isJson = /[/+]json/.test(String(response.headers['content-type'] ?? ''));
  return {
    status: response.statusCode,
    headers: response.headers,
    text: response.body,
    body: isJson ? JSON.parse(response.body) : undefined,
  };
}
