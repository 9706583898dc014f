import { errorText } from '@tagtrail/shared/error.js';
import type { Log } from '@tagtrail/shared/log/log.js';
import type { StateMessage } from '@tagtrail/shared/mqtt/messages.js';
import type { Clock, Timer } from '@tagtrail/shared/time/clock.js';
import type { EntryDraft } from '../store/entry-draft.js';
import type { Store, Transaction } from '../store/prisma.js';
import { foldTrail } from '../store/projections/fold.js';
import { appendEntries, cloudEntry } from '../store/trail.js';
import type { KnownCabinet } from './cabinet-directory.js';
import { lockPresence, readLosses, readStates, type SavedState, saveStates, settleLosses } from './presence-rows.js';
import {
  type BootStep,
  type Boots,
  bootStep,
  graceMs,
  type PresenceLine,
  presenceStep,
  unbooted,
  unheard,
} from './presence-step.js';

/** What was last heard of a cabinet. */
export type Heard =
  | {
      readonly kind: 'hello';
      readonly boot: string;
      readonly agentVersion: string;
      readonly clockOffsetMs: number;
    }
  | { readonly kind: 'state'; readonly state: StateMessage };

export interface CabinetPresence {
  heard(cabinet: KnownCabinet, heard: Heard): void;
  /** Writes what is waiting. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

export interface CabinetPresenceOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
}

interface News {
  readonly cabinet: KnownCabinet;
  readonly atMs: number;
  readonly online: boolean;
  readonly agentVersion: string | null;
  readonly body: StateMessage | null;
  /** The cloud's clock minus the cabinet's; null when this news did not tell. */
  readonly clockOffsetMs: number | null;
  /** The starts of which a hello came, in their order. */
  readonly boots: readonly string[];
}

/** State messages of this long are written together. */
const gatherMs = 200;

/**
 * Keeps the state of each cabinet for the board. States are not events: the newest one counts and
 * none goes into the trail; only a real loss or return of the connection does.
 */
export function createCabinetPresence({ store, clock, log }: CabinetPresenceOptions): CabinetPresence {
  let news = new Map<string, News>();
  let timer: Timer | undefined;
  let writing: Promise<void> = Promise.resolve();
  /** Customers of whom a cabinet is gone whose loss is not written yet. */
  const sweeps = new Map<string, Timer>();

  function heard(cabinet: KnownCabinet, what: Heard): void {
    const key = `${cabinet.tenant}/${cabinet.id}`;
    const before = news.get(key);
    const isOnline = what.kind === 'hello' || what.state.online;
    news.set(key, {
      cabinet,
      atMs: clock.wallMs(),
      online: isOnline,
      agentVersion: what.kind === 'hello' ? what.agentVersion : (before?.agentVersion ?? null),
      clockOffsetMs: what.kind === 'hello' ? what.clockOffsetMs : (before?.clockOffsetMs ?? null),
      boots: [...(before?.boots ?? []), ...(what.kind === 'hello' ? [what.boot] : [])],
      body: what.kind === 'state' && what.state.online ? what.state : (before?.body ?? null),
    });
    timer ??= clock.startTimer('cabinet states', gatherMs, () => void flush());
  }

  function flush(): Promise<void> {
    timer?.cancel();
    timer = undefined;
    const batch = news;
    news = new Map();
    writing = writing.then(() => write([...batch.values()]));
    return writing;
  }

  async function write(batch: readonly News[]): Promise<void> {
    for (const tenant of new Set(batch.map(({ cabinet }) => cabinet.tenant))) {
      const mine = batch.filter(({ cabinet }) => cabinet.tenant === tenant);
      try {
        await store.withTenant(tenant, (tx) => writeTenant(tx, tenant, mine));
      } catch (error) {
        // The next state message comes within ten seconds and says it all again.
        log.warn({ tenant, reason: errorText(error) }, 'ingest.state.not_written');
      }
    }
  }

  async function writeTenant(tx: Transaction, tenant: string, batch: readonly News[]): Promise<void> {
    const ids = batch.map(({ cabinet }) => cabinet.id);
    await lockPresence(tx, tenant);
    const known = await readStates(tx, tenant, ids);
    const saved: SavedState[] = [];
    const entries: EntryDraft[] = [];
    const doubled: KnownCabinet[] = [];
    for (const item of batch) {
      const before = known.get(item.cabinet.id);
      const step = presenceStep(before ?? unheard, { online: item.online, atMs: item.atMs });
      if (step === undefined) continue;
      const boots = bootsAfter(before?.boots ?? unbooted, item);
      if (boots.isDoubled) doubled.push(item.cabinet);
      saved.push({ ...item, leftAtMs: step.leftAtMs, boots: item.boots.length === 0 ? null : boots });
      const agentVersion = item.agentVersion ?? before?.agentVersion ?? '';
      entries.push(...step.lines.map((line) => entryOf(item.cabinet, line, agentVersion)));
      if (step.leftAtMs !== null) sweepSoon(tenant);
    }
    entries.push(...(await newSuspicions(tx, tenant, doubled, new Date(clock.wallMs()).toISOString())));
    if (entries.length > 0) await append(tx, tenant, entries);
    await saveStates(tx, tenant, saved);
  }

  function sweepSoon(tenant: string): void {
    if (sweeps.has(tenant)) return;
    const sweep = (): void => {
      sweeps.delete(tenant);
      writing = writing.then(() => writeLosses(tenant));
    };
    sweeps.set(tenant, clock.startTimer('cabinet losses', graceMs, sweep));
  }

  /** Writes the losses whose grace is over, also those that another process heard of and did not live to write. */
  async function writeLosses(tenant: string): Promise<void> {
    try {
      const waiting = await store.withTenant(tenant, async (tx) => {
        await lockPresence(tx, tenant);
        const { over, waiting } = await readLosses(tx, tenant, clock.wallMs() - graceMs);
        const lines = over.map(({ cabinet, leftAtMs }) =>
          entryOf(cabinet, { kind: 'cabinet.disconnected', atMs: leftAtMs }, ''),
        );
        if (lines.length > 0) {
          await append(tx, tenant, lines);
          await settleLosses(tx, tenant, over);
        }
        return waiting;
      });
      if (waiting) sweepSoon(tenant);
    } catch (error) {
      log.warn({ tenant, reason: errorText(error) }, 'ingest.state.not_written');
      sweepSoon(tenant);
    }
  }

  async function append(tx: Transaction, tenant: string, lines: readonly EntryDraft[]): Promise<void> {
    const recordedAt = new Date(clock.wallMs()).toISOString();
    const range = await appendEntries(tx, { tenant, recordedAt }, lines);
    await foldTrail(tx, { tenant, ...range }, new Set(lines.map(({ kind }) => kind)));
  }

  return {
    heard,
    flush,
    // A loss that is not written yet waits in the database: the next process of the cloud writes it.
    close: async () => {
      await flush();
      for (const sweep of sweeps.values()) sweep.cancel();
      await writing;
    },
  };
}

function entryOf(
  cabinet: Pick<KnownCabinet, 'tenant' | 'id' | 'siteId'>,
  { kind, atMs }: PresenceLine,
  agentVersion: string,
): EntryDraft {
  const what =
    kind === 'cabinet.connected' ? { kind, data: { agentVersion } } : { kind, data: { reason: 'connection lost' } };
  const at = new Date(atMs).toISOString();
  return cloudEntry({ tenant: cabinet.tenant, at, siteId: cabinet.siteId, cabinetId: cabinet.id, ...what });
}

function bootsAfter(before: Boots, { boots, atMs }: News): BootStep {
  const start: BootStep = { ...before, isDoubled: false };
  return boots.reduce((known, boot) => {
    const step = bootStep(known, { boot, atMs });
    return { ...step, isDoubled: step.isDoubled || known.isDoubled };
  }, start);
}

/** One line for each cabinet of which two devices speak and nobody knows that yet. */
async function newSuspicions(
  tx: Transaction,
  tenant: string,
  cabinets: readonly KnownCabinet[],
  at: string,
): Promise<EntryDraft[]> {
  if (cabinets.length === 0) return [];
  const known = await tx.incident.findMany({
    where: { tenantId: tenant, cabinetId: { in: cabinets.map(({ id }) => id) }, kind: 'clone_suspected', logId: '' },
    select: { cabinetId: true },
  });
  const isKnown = new Set(known.map(({ cabinetId }) => cabinetId));
  const data = { reason: 'two_boots' as const, log: null, detail: 'two starts of its agent were heard in turn' };
  return cabinets
    .filter(({ id }) => !isKnown.has(id))
    .map(({ id, siteId }) => cloudEntry({ tenant, at, kind: 'cabinet.clone_suspected', data, siteId, cabinetId: id }));
}
