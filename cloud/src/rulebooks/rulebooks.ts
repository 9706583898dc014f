import { errorText } from '@tagtrail/shared/error.js';
import { idFromUuid, uuidFromId } from '@tagtrail/shared/ids.js';
import type { Log } from '@tagtrail/shared/log/log.js';
import { type CabinetAddress, downTopic } from '@tagtrail/shared/mqtt/topics.js';
import type { Clock, Timer } from '@tagtrail/shared/time/clock.js';
import type { Store, Transaction } from '../store/prisma.js';
import { appendEntries, cloudEntry } from '../store/trail.js';
import { writeRulebooks } from './build-rulebook.js';
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
/** Cabinets that say hello together are answered together. */
const afterHelloMs = 100;
/**
 * Takes and returns never stop in a big fleet, so writing and sending who holds what may take this
 * share of the time at most; the cabinets then hear of it a little later, at most after a minute.
 */
const custodyShare = 0.1;
const custodyAtMostMs = 60_000;
/** Versions that are kept for each cabinet. */
const keptVersions = 20;

interface Work {
  timer: Timer | undefined;
  /** When the timer fires, monotonic milliseconds. */
  dueAtMs: number;
  running: Promise<void> | undefined;
  /** How long the last renewal took and when it ended, monotonic milliseconds. */
  took: { readonly ms: number; readonly endedAtMs: number };
  /** Cabinets (UUIDs) that want their rulebook even when it has not changed; `all` for every one. */
  wanted: Set<string> | 'all';
}

export function createRulebooks({ store, clock, log, publish }: RulebooksOptions): Rulebooks {
  const works = new Map<string, Work>();
  let isClosed = false;

  function workOf(tenant: string): Work {
    const found = works.get(tenant);
    if (found !== undefined) return found;
    const work: Work = {
      timer: undefined,
      dueAtMs: 0,
      running: undefined,
      took: { ms: 0, endedAtMs: 0 },
      wanted: new Set(),
    };
    works.set(tenant, work);
    return work;
  }

  function soon(tenant: string, delayMs: number): void {
    if (isClosed) return;
    const work = workOf(tenant);
    const dueAtMs = clock.monotonicMs() + delayMs;
    if (work.timer !== undefined && work.dueAtMs <= dueAtMs) return;
    // What matters more does not wait for what was to come later.
    work.timer?.cancel();
    work.dueAtMs = dueAtMs;
    work.timer = clock.startTimer('rulebooks', delayMs, () => {
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
    const beganAtMs = clock.monotonicMs();
    try {
      const books = await store.withTenant(tenant, (tx) => issue(tx, tenant, clock.wallMs()), { timeoutMs: 60_000 });
      for (const { cabinet, isNew, text } of books) {
        if (!isNew && wanted !== 'all' && !wanted.has(cabinet)) continue;
        const address = { tenant: idFromUuid('tenant', tenant), cabinet: idFromUuid('cabinet', cabinet) };
        await publish(downTopic(address, 'rulebook'), text());
      }
      const endedAtMs = clock.monotonicMs();
      work.took = { ms: endedAtMs - beganAtMs, endedAtMs };
    } catch (error) {
      log.error({ tenant, reason: errorText(error) }, 'rulebooks.not_issued');
      want(work, wanted);
      soon(tenant, 5_000);
    }
  }

  return {
    request: (tenant) => soon(tenant, afterChangeMs),
    requestForCustody: (tenant) => soon(tenant, custodyDelayMs(workOf(tenant).took, clock.monotonicMs())),
    heard: async (address, version) => {
      const tenant = uuidFromId('tenant', address.tenant);
      const cabinet = uuidFromId('cabinet', address.cabinet);
      try {
        const current = await currentVersion(store, tenant, cabinet);
        if (current === version && version > 0) return;
        want(workOf(tenant), new Set([cabinet]));
        soon(tenant, afterHelloMs);
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

/** When a renewal for custody may begin, so that all of them stay within their share of the time. */
function custodyDelayMs(took: Work['took'], nowMs: number): number {
  const apartMs = Math.min(custodyAtMostMs, took.ms / custodyShare);
  return Math.max(afterCustodyMs, took.endedAtMs + apartMs - nowMs);
}

interface IssuedRulebook {
  /** UUID. */
  readonly cabinet: string;
  readonly isNew: boolean;
  readonly text: () => string;
}

interface LastVersion {
  readonly cabinet: string;
  readonly version: number;
  readonly digest: string;
  readonly contentDigest: string;
  readonly issuedAt: Date;
}

/** Brings the stored versions up to date; a change of more than custody is a line of the trail. */
async function issue(tx: Transaction, tenant: string, wallMs: number): Promise<readonly IssuedRulebook[]> {
  const facts = await readRulebookFacts(tx, tenant);
  if (facts === undefined) return [];
  const issuedAt = new Date(wallMs);
  const cabinets = await tx.cabinet.findMany({ where: { tenantId: tenant, revokedAt: null }, orderBy: { id: 'asc' } });
  const last = await tx.$queryRaw<LastVersion[]>`
    select distinct on (cabinet_id) cabinet_id::text as cabinet, version, digest, content_digest as "contentDigest",
      issued_at as "issuedAt"
    from rulebook_version where tenant_id = ${tenant}::uuid order by cabinet_id, version desc`;
  const lastOf = new Map(last.map((row) => [row.cabinet, row]));
  const textOf = writeRulebooks(facts);
  const books: IssuedRulebook[] = [];
  const rows = [];
  const entries = [];
  for (const { id, siteId } of cabinets) {
    const written = textOf(id);
    const { digest, contentDigest } = written;
    const before = lastOf.get(id);
    const isNew = before?.digest !== digest;
    const version = isNew ? (before?.version ?? 0) + 1 : before.version;
    const at = isNew ? issuedAt : before.issuedAt;
    books.push({ cabinet: id, isNew, text: () => written.write({ version, issuedAt: at.toISOString() }) });
    if (!isNew) continue;
    rows.push({ tenantId: tenant, cabinetId: id, version, issuedAt, digest, contentDigest });
    if (before?.contentDigest === contentDigest) continue;
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

async function currentVersion(store: Store, tenant: string, cabinet: string): Promise<number> {
  const row = await store.readTenant(tenant, (tx) =>
    tx.rulebookVersion.findFirst({ where: { tenantId: tenant, cabinetId: cabinet }, orderBy: { version: 'desc' } }),
  );
  return row?.version ?? 0;
}
