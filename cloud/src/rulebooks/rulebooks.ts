import { errorText } from '@tagtrail/shared/error.js';
import { idFromUuid, uuidFromId } from '@tagtrail/shared/ids.js';
import type { Log } from '@tagtrail/shared/log/log.js';
import { type CabinetAddress, downTopic } from '@tagtrail/shared/mqtt/topics.js';
import type { Clock } from '@tagtrail/shared/time/clock.js';
import type { Store, Transaction } from '../store/prisma.js';
import { issueRulebooks } from './issue-rulebooks.js';
import { readCustody } from './read-custody.js';
import { createTurns, type Work, want } from './rulebook-work.js';
import { createSendPace } from './send-pace.js';

/**
 * Keeps every cabinet's rulebook up to date, and beside it who holds what. Rules go before custody,
 * and both no faster than a pace, so that a change of shift in a large house does not drown the
 * trail. Tenants are UUIDs.
 */
export interface Rulebooks {
  /** After a change of people, badges, assets or cabinets; several in a row make one version. */
  request(tenant: string): void;
  /** After takes and returns, which happen all the time: no new rules, and waits a little longer. */
  requestForCustody(tenant: string): void;
  /**
   * A cabinet has said which version it has; sends the current one when that differs. A cabinet that is ahead, as of a
   * cloud that was restored, would refuse it as an older one: it gets the same rules under the version after its own.
   */
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
const afterFailureMs = 5_000;
/** How long after its revocation each look still clears what is kept for a cabinet. */
const clearedForMs = 10 * 60_000;
/** Looking for new rules takes at most a fifth of the time. */
const restPerLook = 4;
const pace = { messagesPerSecond: 200, bytesPerSecond: 4_000_000 } as const;

export function createRulebooks({ store, clock, log, publish }: RulebooksOptions): Rulebooks {
  const works = new Map<string, Work>();
  const sending = createSendPace(clock, pace);
  let isClosed = false;

  function workOf(tenant: string): Work {
    const found = works.get(tenant);
    if (found !== undefined) return found;
    const work: Work = {
      ...{ rulesDue: false, custodyDue: false, wanted: new Set(), ahead: new Map(), cabinets: [], untold: new Set() },
      ...{ custody: undefined, rulesFromMs: 0 },
      turns: createTurns(clock, () => turn(tenant, work)),
    };
    works.set(tenant, work);
    return work;
  }

  async function turn(tenant: string, work: Work): Promise<void> {
    try {
      const restMs = work.rulesFromMs - clock.monotonicMs();
      if (work.rulesDue && restMs > 0) work.turns.soon(restMs);
      else if (work.rulesDue) await sendRules(tenant, work);
      if (work.custodyDue) await lookAtCustody(tenant, work);
      await tellCustody(tenant, work);
    } catch (error) {
      log.error({ tenant, reason: errorText(error) }, 'rulebooks.not_issued');
      if (!isClosed) work.turns.soon(afterFailureMs);
    }
  }

  async function sendRules(tenant: string, work: Work): Promise<void> {
    const { wanted, ahead } = work;
    work.wanted = new Set();
    work.ahead = new Map();
    work.rulesDue = false;
    const beganMs = clock.monotonicMs();
    try {
      const atMs = clock.wallMs();
      const sinceMs = wanted === 'all' ? 0 : atMs - clearedForMs;
      const { books, revoked } = await store.withTenant(
        tenant,
        async (tx) => ({
          books: await issueRulebooks(tx, { tenant, wallMs: atMs, ahead }),
          revoked: await readRevoked(tx, tenant, sinceMs),
        }),
        longTurn,
      );
      const endedMs = clock.monotonicMs();
      work.rulesFromMs = endedMs + (endedMs - beganMs) * restPerLook;
      work.cabinets = books.map(({ cabinet }) => cabinet);
      for (const book of books) {
        const isWanted = wanted === 'all' || wanted.has(book.cabinet);
        if (isWanted || book.isFirst) work.untold.add(book.cabinet);
        // Should it fail from here on, all that is new is sent again.
        if (book.isNew && wanted !== 'all') wanted.add(book.cabinet);
      }
      for (const address of revoked) {
        work.untold.delete(uuidFromId('cabinet', address.cabinet));
        await publish(downTopic(address, 'rulebook'), '');
        await publish(downTopic(address, 'custody'), '');
      }
      for (const book of books) {
        if (isClosed) return;
        if (wanted !== 'all' && !wanted.has(book.cabinet)) continue;
        const rulebook = book.rulebook();
        await send(downTopic(rulebook, 'rulebook'), JSON.stringify(rulebook));
      }
      work.custodyDue ||= work.untold.size > 0;
    } catch (error) {
      want(work, wanted);
      work.ahead = new Map([...ahead, ...work.ahead]);
      work.rulesDue = true;
      throw error;
    }
  }

  async function lookAtCustody(tenant: string, work: Work): Promise<void> {
    const facts = await store.readTenant(tenant, (tx) => readCustody(tx, tenant, clock.wallMs()));
    work.custodyDue = false;
    const out = JSON.stringify(facts.out);
    // What nobody waits for and says nothing new is not sent; its time alone is no news.
    const isNews = out !== (work.custody?.out ?? '[]');
    if (isNews) for (const cabinet of work.cabinets) work.untold.add(cabinet);
    if (isNews || work.untold.size > 0) work.custody = { out, text: JSON.stringify(facts) };
  }

  async function tellCustody(tenant: string, work: Work): Promise<void> {
    for (const cabinet of work.untold) {
      // Rules that are due go first; the cabinets that wait longest are the first of the next turn.
      if (isClosed || work.turns.isAwaited() || work.custody === undefined) return;
      const address = { tenant: idFromUuid('tenant', tenant), cabinet: idFromUuid('cabinet', cabinet) };
      await send(downTopic(address, 'custody'), work.custody.text);
      work.untold.delete(cabinet);
    }
  }

  async function send(topic: string, body: string): Promise<void> {
    await sending.turn(body.length);
    await publish(topic, body);
  }

  function due(tenant: string, what: 'rules' | 'custody', delayMs: number): void {
    if (isClosed) return;
    const work = workOf(tenant);
    if (what === 'rules') work.rulesDue = true;
    work.custodyDue = true;
    const restMs = what === 'rules' ? work.rulesFromMs - clock.monotonicMs() : 0;
    work.turns.soon(Math.max(delayMs, restMs));
  }

  return {
    request: (tenant) => due(tenant, 'rules', afterChangeMs),
    requestForCustody: (tenant) => due(tenant, 'custody', afterCustodyMs),
    heard: async (address, version) => {
      const tenant = uuidFromId('tenant', address.tenant);
      const cabinet = uuidFromId('cabinet', address.cabinet);
      try {
        const current = await currentVersion(store, tenant, cabinet);
        if (current === version && version > 0) return;
        const work = workOf(tenant);
        want(work, new Set([cabinet]));
        if (version > current) work.ahead.set(cabinet, version);
        due(tenant, 'rules', 0);
      } catch (error) {
        log.warn({ cabinet, reason: errorText(error) }, 'rulebooks.version.not_read');
      }
    },
    publishAll: async () => {
      for (const tenant of await store.tenants()) {
        const work = workOf(tenant);
        want(work, 'all');
        work.rulesDue = true;
        work.rulesFromMs = 0;
        await work.turns.now();
      }
    },
    settled: async () => {
      for (const work of works.values()) {
        while (await work.turns.rest()) {
          work.turns.cancel();
          work.rulesFromMs = 0;
          await work.turns.now();
        }
      }
    },
    close: async () => {
      isClosed = true;
      for (const work of works.values()) {
        work.turns.cancel();
        await work.turns.rest();
      }
    },
  };
}

/** A customer with hundreds of cabinets has as many new versions to write. */
const longTurn = { timeoutMs: 60_000 } as const;

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
