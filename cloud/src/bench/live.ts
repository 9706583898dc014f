import { type ChildProcess, fork } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { assert } from '@tagtrail/shared/assert.js';
import { idFromUuid } from '@tagtrail/shared/ids.js';
import type { LivePatch } from '@tagtrail/shared/live/protocol.js';
import { silentLog } from '@tagtrail/shared/log/log.js';
import { systemRandom } from '@tagtrail/shared/random/system-random.js';
import type { SampleCustomer } from '@tagtrail/shared/sample/sample-customer.js';
import { sleep } from '@tagtrail/shared/time/clock.js';
import { systemClock } from '@tagtrail/shared/time/system-clock.js';
import { Command } from 'commander';
import { Server } from 'socket.io';
import { buildApp } from '../app.js';
import { startBroker } from '../broker/broker.js';
import { createCabinetDirectory } from '../ingest/cabinet-directory.js';
import { createIngest } from '../ingest/ingest.js';
import { seedSampleCustomer } from '../seed/seed-sample-customer.js';
import { connectCabinet } from '../testing/mqtt-cabinet.js';
import { freshUuid, lineEvent, makeAsset, makeCabinet } from '../testing/test-cabinet.js';
import { startTestDatabase } from '../testing/test-database.js';
import { type Arrivals, type ClientsAnswer, type ClientsOrder, machineMs } from './live-clients.js';

// A cabinet delivers one event after the other over MQTT; each becomes a patch at every screen of its customer. Broker,
// ingest and live feed share this process, the worst case; the screens are real clients in two processes of their own.
// In turn with it, in the same run, a patch of the same content is broadcast by a socket.io server without rooms,
// database or anything else to as many connections of the same processes. Times run from the commit, that is from when
// ingest acknowledges; `sent…` from when the cabinet sends. `ratio` is the p99 from the commit to that of the broadcast.
const options = new Command()
  .option('--clients <count>', 'screens that watch', '200')
  .option('--events <count>', 'events that the cabinet delivers, one at a time', '60')
  .option('--pace <ms>', 'from one event to the next', '400')
  .allowUnknownOption()
  .parse()
  .opts<{ clients: string; events: string; pace: string }>();
const clients = Number(options.clients);
const events = Number(options.events);
const halfMs = Number(options.pace) / 2;
const perUser = 10;
const processes = 2;
const lastArrivalsMs = 60_000;
const epc = 'E28011700000020000000001';

const folder = await mkdtemp(join(tmpdir(), 'tagtrail-live-'));
const db = await startTestDatabase();
const { store } = db;
const app = await buildApp({
  ...{ store, databaseUrl: db.url, clock: systemClock, random: systemRandom, log: silentLog, version: '0.0.0' },
  ...{ authSecret: 'a secret of this benchmark only, long', mqttUrl: 'mqtt://127.0.0.1:1883', cloudKey: 'none' },
  requestRulebooks: () => {},
  limits: {
    ...{ requestsPerMinute: 1_000_000, signInsPerMinute: 1_000_000 },
    ...{ signInRequestsPerMinute: 1_000_000, customerRequestsPerMinute: 1_000_000 },
  },
});
const bareHttp = createServer();
const bare = new Server(bareHttp, { serveClient: false });
const directory = createCabinetDirectory(store, systemClock);
/** When ingest acknowledged up to a sequence. */
const committedMs = new Map<number, number>();
const ingest = createIngest({
  ...{ store, clock: systemClock, random: systemRandom, log: silentLog },
  send: (topic, body) => {
    if (topic.endsWith('/committed')) {
      const { upTo } = JSON.parse(body) as { upTo: number };
      if (!committedMs.has(upTo)) committedMs.set(upTo, machineMs());
    }
    return broker.publish(topic, body, { retain: false });
  },
});
const broker = await startBroker({
  ...{ port: 0, host: '127.0.0.1', clock: systemClock, log: silentLog },
  findAccount: (address) => directory.find(address),
  onMessage: (topic, payload) => void ingest.receive(topic, payload),
  onForbidden: () => {},
});
const children: ChildProcess[] = [];
/** What is broadcast beside: the first patch that a client got. */
let example: LivePatch | undefined;
try {
  const tenant = await customer();
  await app.server.listen({ port: 0, host: '127.0.0.1' });
  await new Promise<void>((resolve) => bareHttp.listen(0, '127.0.0.1', resolve));
  await Promise.all((await cookies()).map((some) => startClients(some)));
  const result = figures(await deliver(tenant), await arrivals());
  process.stdout.write(`${JSON.stringify(result)}\n`);
  process.exitCode = result.missing === 0 ? 0 : 1;
} finally {
  for (const child of children) child.kill();
  await ingest.close();
  await broker.close();
  await bare.close();
  await app.close();
  await db.close();
  await rm(folder, { recursive: true, force: true });
}

/** A customer with enough users, in three rooms; answers its UUID. */
async function customer(): Promise<string> {
  const users = Array.from({ length: Math.ceil(clients / perUser) }, (_, which): SampleCustomer['users'][number] => ({
    ...{ email: `u${which}@bench.example`, name: `User ${which}` },
    role: (['admin', 'manager', 'viewer'] as const)[which % 3] ?? 'admin',
    sites: which % 3 === 1 ? ['s'] : [],
  }));
  const { tenantId } = await seedSampleCustomer({
    ...{ store, clock: systemClock, random: systemRandom, log: silentLog },
    file: {
      ...{ name: 'Bench', seed: 1, users, people: [], assets: [], cabinets: [] },
      sites: [{ key: 's', name: 'Hangar', timeZone: 'Europe/Paris' }],
    },
    ...{ credentialsDir: folder, mqttUrl: 'mqtt://127.0.0.1:1883', cloudKey: 'none' },
  });
  return tenantId;
}

/** The cookie of each client, dealt to the processes. */
async function cookies(): Promise<readonly string[][]> {
  const users: { email: string; password: string }[] = JSON.parse(await readFile(join(folder, 'users.json'), 'utf8'));
  const headers = { origin: 'http://localhost:80', host: 'localhost:80' };
  const dealt = Array.from({ length: processes }, (): string[] => []);
  for (const [which, { email, password }] of users.entries()) {
    const payload = { email, password };
    const answer = await app.server.inject({ method: 'POST', url: '/v1/sign-in', headers, payload });
    assert(answer.statusCode === 200, `the sign-in answered ${answer.statusCode}`);
    const cookie = answer.cookies.map(({ name, value }) => `${name}=${encodeURIComponent(value)}`).join('; ');
    for (let at = which * perUser; at < Math.min(clients, (which + 1) * perUser); at++)
      dealt[at % processes]?.push(cookie);
  }
  return dealt.filter((some) => some.length > 0);
}

async function startClients(some: readonly string[]): Promise<void> {
  const child = fork(fileURLToPath(new URL('live-clients.js', import.meta.url)));
  children.push(child);
  const order: ClientsOrder = { liveUrl: address(app.server.server), bareUrl: address(bareHttp), cookies: some };
  child.send(order);
  await new Promise<void>((resolve, reject) => {
    child.on('message', (answer: ClientsAnswer) => {
      if (answer.kind === 'connected') resolve();
      if (answer.kind === 'patch') example ??= answer.patch;
    });
    child.once('exit', (code) => reject(new TypeError(`the clients ended with ${code}`)));
  });
}

function address(server: { address(): unknown }): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

interface Sent {
  readonly sentMs: number;
  readonly committedMs: number;
  /** What the clients call the patch. */
  readonly session: string;
  readonly broadcastMs: number;
  readonly round: string;
}

/** Delivers one event after the other, with a broadcast between; the first of both only warms up. */
async function deliver(tenant: string): Promise<Sent[]> {
  const site = await store.readTenant(tenant, (tx) => tx.site.findFirstOrThrow());
  const cabinet = await makeCabinet(store, { tenant, site: site.id });
  await makeAsset(store, tenant, { epc });
  const client = await connectCabinet(`mqtt://127.0.0.1:${broker.port}`, cabinet);
  const sent: Sent[] = [];
  for (let seq = 1; seq <= events + 1; seq++) {
    const [session, kind] = [freshUuid(), seq % 2 === 1 ? 'asset.checked_out' : 'asset.returned'] as const;
    cabinet.record(
      lineEvent(kind, { epc, session, actor: freshUuid(), at: new Date(systemClock.wallMs()).toISOString() }),
    );
    const sentMs = machineMs();
    await Promise.all([client.deliver(seq, seq), sleep(systemClock, 'bench pace', halfMs)]);
    while (example === undefined) await sleep(systemClock, 'bench warm-up', 10);
    const broadcastMs = machineMs();
    bare.emit('entries', { ...example, from: seq });
    await sleep(systemClock, 'bench pace', halfMs);
    const committed = committedMs.get(seq);
    assert(committed !== undefined, 'what is delivered has been acknowledged');
    const keys = { session: idFromUuid('session', session), round: String(seq) };
    sent.push({ ...keys, sentMs, broadcastMs, committedMs: committed });
  }
  await client.close();
  return sent.slice(1);
}

/** What has arrived once nothing is missing, or after a while. */
async function arrivals(): Promise<{ readonly live: Arrivals; readonly bare: Arrivals }> {
  const untilMs = machineMs() + lastArrivalsMs;
  for (;;) {
    const answers = await Promise.all(children.map(askArrivals));
    const all = { live: answers.flatMap(({ live }) => live), bare: answers.flatMap(({ bare }) => bare) };
    const expected = clients * (events + 1);
    if ((all.live.length >= expected && all.bare.length >= expected) || machineMs() > untilMs) return all;
    await sleep(systemClock, 'bench arrivals', 500);
  }
}

function askArrivals(child: ChildProcess): Promise<Extract<ClientsAnswer, { kind: 'arrivals' }>> {
  return new Promise((resolve) => {
    const look = (answer: ClientsAnswer): void => {
      if (answer.kind !== 'arrivals') return;
      child.off('message', look);
      resolve(answer);
    };
    child.on('message', look);
    child.send('arrivals');
  });
}

function figures(sent: readonly Sent[], arrived: { readonly live: Arrivals; readonly bare: Arrivals }) {
  const took = (some: Arrivals, key: (one: Sent) => string, fromMs: (one: Sent) => number): number[] => {
    const begun = new Map(sent.map((one) => [key(one), fromMs(one)]));
    return some.flatMap(([name, atMs]) => {
      const began = begun.get(name);
      return began === undefined ? [] : [atMs - began];
    });
  };
  const live = took(
    arrived.live,
    ({ session }) => session,
    ({ committedMs }) => committedMs,
  );
  const whole = took(
    arrived.live,
    ({ session }) => session,
    ({ sentMs }) => sentMs,
  );
  const plain = took(
    arrived.bare,
    ({ round }) => round,
    ({ broadcastMs }) => broadcastMs,
  );
  return {
    ...{ clients, events, patches: live.length },
    missing: 2 * clients * events - live.length - plain.length,
    ...{ p50Ms: quantile(live, 0.5), p99Ms: quantile(live, 0.99) },
    ...{ sentP50Ms: quantile(whole, 0.5), sentP99Ms: quantile(whole, 0.99) },
    ...{ bareP50Ms: quantile(plain, 0.5), bareP99Ms: quantile(plain, 0.99) },
    medianRatio: round(quantile(live, 0.5) / quantile(plain, 0.5)),
    ratio: round(quantile(live, 0.99) / quantile(plain, 0.99)),
  };
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN);
}

function round(value: number): number {
  return Number(value.toFixed(1));
}
