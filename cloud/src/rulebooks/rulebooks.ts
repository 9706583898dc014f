import { errorText } from '@tagtrail/shared/error.js';
import { idFromUuid, uuidFromId } from '@tagtrail/shared/ids.js';
import type { Log } from '@tagtrail/shared/log/log.js';
import { type CabinetAddress, downTopic } from '@tagtrail/shared/mqtt/topics.js';
import type { Rulebook } from '@tagtrail/shared/rules/rulebook.js';
import type { Clock, Timer } from '@tagtrail/shared/time/clock.js';
import type { Store, Transaction } from '../store/prisma.js';
import { appendEntries, cloudEntry } from '../store/trail.js';
import { buildRulebook, digestRulebook } from './build-rulebook.js';
import { readRulebookFacts } from './read-facts.js';

/** Keeps every cabinet's rulebook up to date. Tenants are UUIDs. */
export interface Rulebooks {
  /** After a change of people, badges, assets or cabinets; several in a row make one version. */
  request(tenant: string): void;
  /** After takes and returns, which happen all the time: waits a little longer. */
  requestForCustody(tenant: string): void;
  /** A cabinet has said which version it has; sends the current one when that differs. */
  heard(address: CabinetAddress, version: number): Promise<void>;
  /** Publishes the current version of every cabinet of every customer, as after a start of the broker. */
  publishAll(): Promise<void>;
  /** Resolves when nothing is due or running; for tests and for stopping. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

export interface RulebooksOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly publish: (topic: string, body: string) => Promise<void>;
}

const afterChangeMs = 300;
const afterCustodyMs = 1_000;
/** How long after its revocation each refresh still clears what is kept for a cabinet. */
const clearedForMs = 10 * 60_000;
/** Versions that are kept for each cabinet. */
const keptVersions = 20;

interface Work {
  timer: Timer | undefined;
  running: Promise<void> | undefined;
  /** Cabinets (UUIDs) that want their rulebook even when it has not changed; `all` for every one. */
  wanted: Set<string> | 'all';
}

export function createRulebooks({ store, clock, log, publish }: RulebooksOptions): Rulebooks {
  const works = new Map<string, Work>();
  let isClosed = false;

  function workOf(tenant: string): Work {
    const found = works.get(tenant);
    if (found !== undefined) return found;
    const work: Work = { timer: undefined, running: undefined, wanted: new Set() };
    works.set(tenant, work);
    return work;
  }

  function soon(tenant: string, delayMs: number): void {
    if (isClosed) return;
    const work = workOf(tenant);
    work.timer ??= clock.startTimer('rulebooks', delayMs, () => {
      work.timer = undefined;
      void run(tenant);
    });
  }

  function run(tenant: string): Promise<void> {
    const work = workOf(tenant);
    const next = (work.running ?? Promise.resolve()).then(() => refresh(tenant, work));
    work.running = next;
    return next.finally(() => {
      if (work.running === next) work.running = undefined;
    });
  }

  async function refresh(tenant: string, work: Work): Promise<void> {
    const wanted = work.wanted;
    work.wanted = new Set();
    try {
      const atMs = clock.wallMs();
      const sinceMs = wanted === 'all' ? 0 : atMs - clearedForMs;
      const { books, revoked } = await store.withTenant(
        tenant,
        async (tx) => ({ books: await issue(tx, tenant, atMs), revoked: await readRevoked(tx, tenant, sinceMs) }),
        { timeoutMs: 60_000 },
      );
      for (const address of revoked) await publish(downTopic(address, 'rulebook'), '');
      for (const { rulebook, isNew } of books) {
        const id = uuidFromId('cabinet', rulebook.cabinet);
        if (isNew || wanted === 'all' || wanted.has(id)) {
          await publish(downTopic(rulebook, 'rulebook'), JSON.stringify(rulebook));
        }
      }
    } catch (error) {
      log.error({ tenant, reason: errorText(error) }, 'rulebooks.not_issued');
      want(work, wanted);
      soon(tenant, 5_000);
    }
  }

  return {
    request: (tenant) => soon(tenant, afterChangeMs),
    requestForCustody: (tenant) => soon(tenant, afterCustodyMs),
    heard: async (address, version) => {
      const tenant = uuidFromId('tenant', address.tenant);
      const cabinet = uuidFromId('cabinet', address.cabinet);
      try {
        const current = await currentVersion(store, tenant, cabinet);
        if (current === version && version > 0) return;
        want(workOf(tenant), new Set([cabinet]));
        soon(tenant, 0);
      } catch (error) {
        log.warn({ cabinet, reason: errorText(error) }, 'rulebooks.version.not_read');
      }
    },
    publishAll: async () => {
      for (const tenant of await store.tenants()) {
        want(workOf(tenant), 'all');
        await run(tenant);
      }
    },
    settled: async () => {
      for (;;) {
        const due = [...works].filter(([, work]) => work.timer !== undefined || work.running !== undefined);
        if (due.length === 0) return;
        for (const [tenant, work] of due) {
          if (work.timer === undefined) await work.running;
          else {
            work.timer.cancel();
            work.timer = undefined;
            await run(tenant);
          }
        }
      }
    },
    close: async () => {
      isClosed = true;
      for (const work of works.values()) {
        work.timer?.cancel();
        work.timer = undefined;
        await work.running;
      }
    },
  };
}

function want(work: Work, more: ReadonlySet<string> | 'all'): void {
  if (more === 'all' || work.wanted === 'all') work.wanted = 'all';
  else for (const id of more) work.wanted.add(id);
}

interface IssuedRulebook {
  readonly rulebook: Rulebook;
  readonly isNew: boolean;
}

/** Brings the stored versions up to date; a change of more than custody is a line of the trail. */
async function issue(tx: Transaction, tenant: string, wallMs: number): Promise<readonly IssuedRulebook[]> {
  const facts = await readRulebookFacts(tx, tenant);
  if (facts === undefined) return [];
  const issuedAt = new Date(wallMs);
  const cabinets = await tx.cabinet.findMany({ where: { tenantId: tenant, revokedAt: null }, orderBy: { id: 'asc' } });
  const last = await tx.rulebookVersion.findMany({
    where: { tenantId: tenant },
    orderBy: [{ cabinetId: 'asc' }, { version: 'desc' }],
    distinct: ['cabinetId'],
  });
  const lastOf = new Map(last.map((row) => [row.cabinetId, row]));
  const books: IssuedRulebook[] = [];
  const rows = [];
  const entries = [];
  for (const { id, siteId } of cabinets) {
    const body = buildRulebook(facts, id);
    const digests = digestRulebook(body);
    const before = lastOf.get(id);
    const isNew = before?.digest !== digests.digest;
    const version = isNew ? (before?.version ?? 0) + 1 : before.version;
    const at = isNew ? issuedAt : before.issuedAt;
    books.push({ rulebook: { ...body, version, issuedAt: at.toISOString() }, isNew });
    if (!isNew) continue;
    rows.push({ tenantId: tenant, cabinetId: id, version, issuedAt, ...digests });
    if (before?.contentDigest === digests.contentDigest) continue;
    const event = { tenant, at: issuedAt.toISOString(), cabinetId: id, siteId };
    entries.push(cloudEntry({ ...event, kind: 'rulebook.issued', data: { version } }));
  }
  if (rows.length > 0) {
    await tx.rulebookVersion.createMany({ data: rows });
    await tx.$executeRaw`
      delete from rulebook_version old using (
        select cabinet_id, max(version) as newest from rulebook_version where tenant_id = ${tenant}::uuid group by 1
      ) as kept
      where old.tenant_id = ${tenant}::uuid and old.cabinet_id = kept.cabinet_id
        and old.version <= kept.newest - ${keptVersions}`;
  }
  if (entries.length > 0) await appendEntries(tx, { tenant, recordedAt: issuedAt.toISOString() }, entries);
  return books;
}

/** Cabinets that were cut off since then: what a broker keeps for them must go. */
async function readRevoked(tx: Transaction, tenant: string, sinceMs: number): Promise<readonly CabinetAddress[]> {
  const rows = await tx.cabinet.findMany({ where: { tenantId: tenant, revokedAt: { gte: new Date(sinceMs) } } });
  return rows.map(({ id }) => ({ tenant: idFromUuid('tenant', tenant), cabinet: idFromUuid('cabinet', id) }));
}

async function currentVersion(store: Store, tenant: string, cabinet: string): Promise<number> {
  const row = await store.readTenant(tenant, (tx) =>
    tx.rulebookVersion.findFirst({ where: { tenantId: tenant, cabinetId: cabinet }, orderBy: { version: 'desc' } }),
  );
  return row?.version ?? 0;
}
