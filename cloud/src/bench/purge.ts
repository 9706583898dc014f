import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert } from '@tagtrail/shared/assert.js';
import { silentLog } from '@tagtrail/shared/log/log.js';
import { systemRandom } from '@tagtrail/shared/random/system-random.js';
import { sleep } from '@tagtrail/shared/time/clock.js';
import { systemClock } from '@tagtrail/shared/time/system-clock.js';
import { Command } from 'commander';
import { buildApp } from '../app.js';
import { logSigner } from '../proof/log-key.js';
import { sealTenant } from '../proof/seal.js';
import { runRetention } from '../retention/retention-run.js';
import { seedSampleCustomer } from '../seed/seed-sample-customer.js';
import type { EntryDraft } from '../store/entry-draft.js';
import { sql } from '../store/sql.js';
import { appendEntries } from '../store/trail.js';
import { startTestDatabase } from '../testing/test-database.js';

// A rule takes many lines in one run while people read through the API of the same process, the worst case: no role
// runs apart. Reads are paced like those of a few open screens. Beside it, in the same run, the same reads before and
// after with no run going on; `ratio` is the p99 during the run to that without it, `medianRatio` the same of medians.
const options = new Command()
  .option('--lines <count>', 'lines that the rule takes', '50000')
  .option('--reads <count>', 'reads without a run, half before and half after', '1000')
  .option('--one-moment', 'all of them recorded at the same time, like a backlog')
  .allowUnknownOption()
  .parse()
  .opts<{ lines: string; reads: string; oneMoment?: boolean }>();
const lines = Number(options.lines);
const dayMs = 86_400_000;
const headers = { origin: 'http://localhost:80', host: 'localhost:80' };
const routes = ['/v1/events?limit=100', '/v1/assets?limit=50', '/v1/overview', '/v1/cabinets', '/v1/sessions?limit=50'];
const user = { email: 'reader@bench.example', name: 'Reader', role: 'admin' as const, sites: [] };
const folder = await mkdtemp(join(tmpdir(), 'tagtrail-purge-'));
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
try {
  const tenantId = await customer();
  await fill(tenantId);
  const cookie = await signIn();
  await reads(cookie, 200);
  const quiet = await reads(cookie, Number(options.reads) / 2);
  const run = { isOver: false };
  const began = systemClock.monotonicMs();
  const going = runRetention({
    ...{ store, random: systemRandom, log: silentLog, clock: systemClock, tenantId, userId: null },
    atMs: systemClock.wallMs(),
  }).finally(() => {
    run.isOver = true;
  });
  const during = await reads(cookie, Number.POSITIVE_INFINITY, () => run.isOver);
  const { receipts } = await going;
  const seconds = (systemClock.monotonicMs() - began) / 1000;
  quiet.push(...(await reads(cookie, Number(options.reads) / 2)));
  const gone = receipts.reduce((sum, { entries }) => sum + entries, 0);
  const result = {
    ...{ lines, gone, seconds: round(seconds), linesPerS: Math.round(gone / seconds), reads: during.length },
    ...{ p50Ms: round(quantile(during, 0.5)), p50QuietMs: round(quantile(quiet, 0.5)) },
    ...{ p99Ms: round(quantile(during, 0.99)), p99QuietMs: round(quantile(quiet, 0.99)) },
    medianRatio: round(quantile(during, 0.5) / quantile(quiet, 0.5)),
    ratio: round(quantile(during, 0.99) / quantile(quiet, 0.99)),
  };
  process.stdout.write(`${JSON.stringify(result)}\n`);
  process.exitCode = gone === lines ? 0 : 1;
} finally {
  await app.close();
  await db.close();
  await rm(folder, { recursive: true, force: true });
}

async function customer(): Promise<string> {
  const site = { key: 's', name: 'Hangar', timeZone: 'Europe/Paris' };
  const { tenantId } = await seedSampleCustomer({
    ...{ store, clock: systemClock, random: systemRandom, log: silentLog },
    file: {
      ...{ name: 'Bench', seed: 1, users: [user], sites: [site], people: [], assets: [] },
      cabinets: [{ key: 'c', site: 's', name: 'C1', doors: 1 }],
    },
    ...{ credentialsDir: folder, mqttUrl: 'mqtt://127.0.0.1:1883', cloudKey: 'none' },
  });
  return tenantId;
}

/** Lines of more than a year ago and as many of today, up to what screens read, sealed; a rule that takes the old ones. */
async function fill(tenant: string): Promise<void> {
  const nowMs = systemClock.wallMs();
  const old = { count: lines, newestMs: nowMs - 400 * dayMs };
  const fresh = { count: Math.min(lines, 100_000), newestMs: nowMs };
  for (const { count, newestMs } of [old, fresh]) {
    for (let from = 0; from < count; from += 1000) {
      const recordedAt = new Date(newestMs - count + (options.oneMoment ? 0 : from)).toISOString();
      const drafts = Array.from({ length: Math.min(1000, count - from) }, () => draft(recordedAt));
      await store.withTenant(tenant, (tx) => appendEntries(tx, { tenant, recordedAt }, drafts), { timeoutMs: 120_000 });
    }
  }
  const signer = logSigner('the log secret of this benchmark only', tenant);
  const seal = () =>
    store.withTenant(tenant, (tx) => sealTenant(tx, { tenant, atMs: nowMs }, signer), { timeoutMs: 120_000 });
  while ((await seal()) !== undefined);
  await store.withTenant(tenant, (tx) =>
    tx.$executeRaw(sql`
      insert into retention_rule (tenant_id, category, keep_days, action) values (${tenant}::uuid, 'device', 365, 'delete')`),
  );
}

function draft(at: string): EntryDraft {
  return {
    ...{ occurredAt: at, effectiveAt: at, kind: 'cabinet.started', category: 'device', source: 'cabinet' },
    ...{ status: 'accepted', siteId: null, cabinetId: null, actorId: null, counterpartId: null, assetId: null },
    ...{ sessionId: null, orderId: null, logId: null, seq: null, chain: null, origin: null },
    data: { agentVersion: '0.1.0' },
  };
}

async function signIn(): Promise<string> {
  const users: { password: string }[] = JSON.parse(await readFile(join(folder, 'users.json'), 'utf8'));
  const payload = { email: user.email, password: users[0]?.password };
  const answer = await app.server.inject({ method: 'POST', url: '/v1/sign-in', headers, payload });
  assert(answer.statusCode === 200, `the sign-in answered ${answer.statusCode}`);
  return answer.cookies.map(({ name, value }) => `${name}=${encodeURIComponent(value)}`).join('; ');
}

/** Milliseconds of each read, one after the other with a short pause, until there are enough or it is over. */
async function reads(cookie: string, atMost: number, isOver: () => boolean = () => false): Promise<number[]> {
  const taken: number[] = [];
  while (taken.length < atMost && !isOver()) {
    const began = systemClock.monotonicMs();
    const url = routes[taken.length % routes.length] as string;
    const { statusCode } = await app.server.inject({ url, headers: { ...headers, cookie } });
    taken.push(systemClock.monotonicMs() - began);
    assert(statusCode === 200, `${url} answered ${statusCode}`);
    await sleep(systemClock, 'bench pace', 10);
  }
  return taken;
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

function round(value: number): number {
  return Number(value.toFixed(2));
}
