import { idFromUuid } from '@tagtrail/shared/ids.js';
import { silentLog } from '@tagtrail/shared/log/log.js';
import { systemRandom } from '@tagtrail/shared/random/system-random.js';
import type { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import { expect } from 'vitest';
import { createIngest } from '../src/ingest/ingest.js';
import { logSigner } from '../src/proof/log-key.js';
import { sealTenant } from '../src/proof/seal.js';
import { signReceipts } from '../src/retention/receipts.js';
import { readLines, type StoredLine } from '../src/store/read-lines.js';
import {
  freshUuid,
  lineEvent,
  makeAsset,
  makeCabinet,
  type TestCabinet,
  type TestEvent,
} from '../src/testing/test-cabinet.js';
import { type AppFixture, type Caller, signedIn } from './app-fixture.js';
import { aCustomer } from './sample.js';

export const dayMs = 86_400_000;
export const logSecret = 'a log secret of this test, long enough';
export const epcs = ['E280117000000000000000D1', 'E280117000000000000000D2', 'E280117000000000000000D3'] as const;

/** A customer with two administrators, a cabinet in the north, three assets, and time that passes. Ids are UUIDs. */
export interface RetentionCase {
  readonly tenantId: string;
  readonly cabinet: TestCabinet;
  readonly sites: { readonly north: string; readonly south: string };
  readonly people: readonly string[];
  readonly assets: readonly string[];
  /** A visit of the cabinet. */
  readonly session: string;
  /** Signed in now; sign-ins end while time passes. */
  admin(): Caller;
  second(): Caller;
  now(): string;
  pass(days: number): Promise<void>;
  report(...events: readonly TestEvent[]): Promise<void>;
  seal(): Promise<void>;
  /** An export waits until a checkpoint covers its own line. */
  whileSealing<T>(work: Promise<T>): Promise<T>;
  /** Sets a rule, with the second person where it takes one. */
  setRule(category: string, rule: Record<string, unknown>): Promise<void>;
  // biome-ignore lint/suspicious/noExplicitAny: tests read what they expect and fail where it is not there
  run(): Promise<any>;
  lines(): Promise<readonly StoredLine[]>;
  /** The kinds of the lines of cabinets that are left. */
  kinds(): Promise<string[]>;
  /** The first person opens door 1 in the visit. */
  opened(): TestEvent;
  taken(which: number, who: number, within?: string): TestEvent;
  returned(which: number, who: number): TestEvent;
  projections(): Promise<unknown>;
}

export async function startRetentionCase(
  fixture: AppFixture,
  { clock, name }: { readonly clock: VirtualClock; readonly name: string },
): Promise<RetentionCase> {
  const { store } = fixture.db;
  const file = aCustomer(name);
  const host = `${name.toLowerCase()}.example`;
  const more = { email: `second@${host}`, name: 'Second', role: 'admin' as const, sites: [] };
  const { tenantId, passwords } = await fixture.seed({ ...file, users: [...file.users, more] });
  const user = (who: string): Promise<Caller> =>
    signedIn(fixture.app, `${who}@${host}`, passwords.get(`${who}@${host}`) ?? '');
  let callers = { admin: await user('admin'), second: await user('second') };
  const rows = await store.readTenant(tenantId, async (tx) => ({
    sites: await tx.site.findMany({ orderBy: { name: 'asc' } }),
    people: await tx.person.findMany({ orderBy: { name: 'asc' } }),
  }));
  const sites = { north: rows.sites[0]?.id ?? '', south: rows.sites[1]?.id ?? '' };
  const people = rows.people.map(({ id }) => id);
  const cabinet = await makeCabinet(store, { tenant: tenantId, site: sites.north }, 'Held');
  const assets: string[] = [];
  for (const epc of epcs) assets.push(await makeAsset(store, tenantId, { epc }));
  const session = freshUuid();
  const now = (): string => new Date(clock.wallMs()).toISOString();
  const lines = (): Promise<readonly StoredLine[]> =>
    store.readTenant(tenantId, (tx) => readLines(tx, tenantId, { from: 0, to: 10_000 }));

  async function seal(): Promise<void> {
    const signer = logSigner(logSecret, tenantId);
    const target = { tenant: tenantId, atMs: clock.wallMs() };
    while ((await store.withTenant(tenantId, (tx) => sealTenant(tx, target, signer))) !== undefined);
    await store.withTenant(tenantId, (tx) => signReceipts(tx, target, signer));
  }
  return {
    ...{ tenantId, cabinet, sites, people, assets, session, now, seal, lines },
    admin: () => callers.admin,
    second: () => callers.second,
    pass: async (days) => {
      // All that retention goes by is wall time; ticking through the days would fire every timer of them.
      clock.stepWall(days * dayMs);
      callers = { admin: await user('admin'), second: await user('second') };
    },
    report: async (...events) => {
      const from = cabinet.last + 1;
      cabinet.record(...events);
      const ingest = createIngest({ store, clock, random: systemRandom, log: silentLog, send: async () => {} });
      await ingest.receive(cabinet.topic('events'), Buffer.from(JSON.stringify(cabinet.batch(from))));
      await ingest.close();
    },
    whileSealing: async (work) => {
      let isDone = false;
      const done = work.finally(() => {
        isDone = true;
      });
      while (!isDone) {
        await seal();
        await clock.advance(100);
      }
      return await done;
    },
    setRule: async (category, rule) => {
      const wish = { action: 'delete', ...rule };
      const answer = await callers.admin.send('PUT', `/v1/retention/rules/${category}`, wish);
      expect(answer.status, answer.text).toBe(200);
      if (answer.body.status !== 'waiting') return;
      const approved = await callers.second.send('POST', `/v1/retention/changes/${answer.body.change.id}/approve`);
      expect(approved.status, approved.text).toBe(200);
    },
    run: async () => (await callers.admin.send('POST', '/v1/retention/runs')).body,
    kinds: async () => (await lines()).filter(({ source }) => source === 'cabinet').map(({ kind }) => kind),
    opened: () => ({
      kind: 'session.opened',
      at: now(),
      actor: idFromUuid('person', people[0] ?? ''),
      session: idFromUuid('session', session),
      data: { door: 1, signed: true },
    }),
    taken: (which, who, within = session) =>
      lineEvent('asset.checked_out', {
        epc: epcs[which] as string,
        at: now(),
        actor: people[who] as string,
        session: within,
      }),
    returned: (which, who) =>
      lineEvent('asset.returned', { epc: epcs[which] as string, at: now(), actor: people[who] as string }),
    projections: () =>
      store.readTenant(tenantId, async (tx) => ({
        custody: await tx.custody.findMany({ orderBy: { assetId: 'asc' } }),
        sighting: await tx.sighting.findMany({ orderBy: [{ assetId: 'asc' }, { cabinetId: 'asc' }] }),
        session: await tx.cabinetSession.findMany({ orderBy: { id: 'asc' } }),
        state: await tx.cabinetState.findMany({ orderBy: { cabinetId: 'asc' } }),
      })),
  };
}
