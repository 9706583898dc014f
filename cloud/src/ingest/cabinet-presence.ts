import { errorText } from '@tagtrail/shared/error.js';
import type { Log } from '@tagtrail/shared/log/log.js';
import type { StateMessage } from '@tagtrail/shared/mqtt/messages.js';
import type { Clock, Timer } from '@tagtrail/shared/time/clock.js';
import type { Store, Transaction } from '../store/prisma.js';
import { appendEntries, type CabinetNotice, cabinetChannel, cloudEntry, type EntryDraft } from '../store/trail.js';
import type { KnownCabinet } from './cabinet-directory.js';

/** What was last heard of a cabinet. */
export type Heard =
  | { readonly kind: 'hello'; readonly agentVersion: string; readonly clockOffsetMs: number }
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
}

interface Known {
  readonly cabinet_id: string;
  readonly online: boolean;
  readonly agent_version: string | null;
}

/** State messages of this long are written together. */
const gatherMs = 200;
/** A cabinet that is back within this time leaves no line in the trail. */
const graceMs = 10_000;

/**
 * Keeps the state of each cabinet for the board. States are not events: the newest one counts and
 * none goes into the trail; only a real loss or return of the connection does.
 */
export function createCabinetPresence({ store, clock, log }: CabinetPresenceOptions): CabinetPresence {
  let news = new Map<string, News>();
  let timer: Timer | undefined;
  let writing: Promise<void> = Promise.resolve();
  /** Cabinets whose loss will be written when the grace is over. */
  const leaving = new Map<string, { readonly timer: Timer; readonly cabinet: KnownCabinet; readonly atMs: number }>();

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
    const rows = await tx.$queryRaw<Known[]>`
      select cabinet_id::text, online, agent_version from cabinet_state
      where tenant_id = ${tenant}::uuid and cabinet_id = any(${ids}::uuid[])`;
    const known = new Map(rows.map((row) => [row.cabinet_id, row]));
    const entries = batch.flatMap((item) => transition(item, known.get(item.cabinet.id)));
    const recordedAt = new Date(clock.wallMs()).toISOString();
    if (entries.length > 0) await appendEntries(tx, { tenant, recordedAt }, entries);
    await saveStates(tx, tenant, batch);
  }

  function transition(item: News, known: Known | undefined): readonly EntryDraft[] {
    const { cabinet } = item;
    const key = `${cabinet.tenant}/${cabinet.id}`;
    const wasOnline = known?.online ?? false;
    if (item.online) {
      const left = leaving.get(key);
      left?.timer.cancel();
      leaving.delete(key);
      if (wasOnline || left !== undefined) return [];
      const agentVersion = item.agentVersion ?? known?.agent_version ?? '';
      return [entryOf(cabinet, item.atMs, { kind: 'cabinet.connected', data: { agentVersion } })];
    }
    if (wasOnline && !leaving.has(key)) {
      const late = clock.startTimer('cabinet leaving', graceMs, () => void left(key));
      leaving.set(key, { timer: late, cabinet, atMs: item.atMs });
    }
    return [];
  }

  async function left(key: string): Promise<void> {
    const gone = leaving.get(key);
    if (gone === undefined) return;
    leaving.delete(key);
    const { cabinet, atMs } = gone;
    const recordedAt = new Date(clock.wallMs()).toISOString();
    const entry = entryOf(cabinet, atMs, { kind: 'cabinet.disconnected', data: { reason: 'connection lost' } });
    try {
      await store.withTenant(cabinet.tenant, (tx) =>
        appendEntries(tx, { tenant: cabinet.tenant, recordedAt }, [entry]),
      );
    } catch (error) {
      log.warn({ cabinet: cabinet.id, reason: errorText(error) }, 'ingest.state.not_written');
    }
  }

  return {
    heard,
    flush,
    close: async () => {
      await flush();
      for (const [key, { timer: late }] of [...leaving]) {
        late.cancel();
        await left(key);
      }
    },
  };
}

type Transition =
  | { readonly kind: 'cabinet.connected'; readonly data: { readonly agentVersion: string } }
  | { readonly kind: 'cabinet.disconnected'; readonly data: { readonly reason: string } };

function entryOf(cabinet: KnownCabinet, atMs: number, what: Transition): EntryDraft {
  const at = new Date(atMs).toISOString();
  return cloudEntry({ tenant: cabinet.tenant, at, siteId: cabinet.siteId, cabinetId: cabinet.id, ...what });
}

async function saveStates(tx: Transaction, tenant: string, batch: readonly News[]): Promise<void> {
  const rows = batch.map((item) => ({
    cabinet_id: item.cabinet.id,
    seen_at: item.online ? new Date(item.atMs).toISOString() : null,
    online: item.online,
    agent_version: item.agentVersion,
    body: item.body,
    clock_offset_ms: item.clockOffsetMs,
  }));
  await tx.$executeRaw`
    insert into cabinet_state as s (tenant_id, cabinet_id, last_seen_at, online, agent_version, body,
      clock_offset_ms)
    select ${tenant}::uuid, cabinet_id, seen_at, online, agent_version, body, clock_offset_ms
    from json_to_recordset(${JSON.stringify(rows)}::json) as n (cabinet_id uuid, seen_at timestamptz, online boolean,
      agent_version text, body jsonb, clock_offset_ms bigint)
    order by cabinet_id
    on conflict (tenant_id, cabinet_id) do update set last_seen_at = coalesce(excluded.last_seen_at, s.last_seen_at),
      online = excluded.online, agent_version = coalesce(excluded.agent_version, s.agent_version),
      body = coalesce(excluded.body, s.body), clock_offset_ms = coalesce(excluded.clock_offset_ms, s.clock_offset_ms)`;
  // A notice holds less than 8000 bytes.
  for (let from = 0; from < batch.length; from += 100) {
    const cabinets = batch.slice(from, from + 100).map(({ cabinet }) => cabinet.id);
    const notice: CabinetNotice = { tenant, cabinets };
    await tx.$queryRaw`select pg_notify(${cabinetChannel}, ${JSON.stringify(notice)})::text`;
  }
}
