import type { StateMessage } from '@tagtrail/shared/mqtt/messages.js';
import { type CabinetNotice, cabinetChannel } from '../store/notices.js';
import type { Transaction } from '../store/prisma.js';
import type { KnownCabinet } from './cabinet-directory.js';
import type { Boots, PresenceBefore } from './presence-step.js';

/** What is stored of a cabinet's connection. */
export interface KnownState extends PresenceBefore {
  readonly boots: Boots;
  readonly agentVersion: string | null;
}

export interface SavedState {
  readonly cabinet: KnownCabinet;
  readonly atMs: number;
  readonly online: boolean;
  readonly agentVersion: string | null;
  readonly body: StateMessage | null;
  /** The cloud's clock minus the cabinet's; null when this news did not tell. */
  readonly clockOffsetMs: number | null;
  readonly leftAtMs: number | null;
  /** Null when this news did not tell. */
  readonly boots: Boots | null;
}

interface StateRow {
  readonly cabinet_id: string;
  readonly online: boolean;
  readonly agent_version: string | null;
  readonly heard_at: Date | null;
  readonly left_at: Date | null;
  readonly boots: string[];
  readonly booted_at: Date | null;
}

/**
 * Lets one process at a time write the connections of a customer's cabinets, until its transaction
 * ends. No row is locked: the trail's head is locked before any state, here and where batches are stored.
 */
export async function lockPresence(tx: Transaction, tenant: string): Promise<void> {
  await tx.$queryRaw`select pg_advisory_xact_lock(hashtextextended(${`presence ${tenant}`}, 0))::text`;
}

/** What is stored of these cabinets (UUIDs). */
export async function readStates(
  tx: Transaction,
  tenant: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, KnownState>> {
  const rows = await tx.$queryRaw<StateRow[]>`
    select cabinet_id::text, online, agent_version, heard_at, left_at, boots, booted_at from cabinet_state
    where tenant_id = ${tenant}::uuid and cabinet_id = any(${ids}::uuid[])`;
  return new Map(
    rows.map((row) => [
      row.cabinet_id,
      {
        online: row.online,
        agentVersion: row.agent_version,
        heardAtMs: row.heard_at?.getTime() ?? null,
        leftAtMs: row.left_at?.getTime() ?? null,
        boots: { heard: row.boots, sinceMs: row.booted_at?.getTime() ?? null },
      },
    ]),
  );
}

export interface Loss {
  readonly cabinet: { readonly tenant: string; readonly id: string; readonly siteId: string };
  readonly leftAtMs: number;
}

/** The losses of before `untilMs`, and whether younger ones wait. */
export async function readLosses(
  tx: Transaction,
  tenant: string,
  untilMs: number,
): Promise<{ readonly over: readonly Loss[]; readonly waiting: boolean }> {
  const rows = await tx.$queryRaw<{ cabinet_id: string; site_id: string; left_at: Date }[]>`
    select s.cabinet_id::text, c.site_id::text, s.left_at from cabinet_state s
    join cabinet c on c.tenant_id = s.tenant_id and c.id = s.cabinet_id
    where s.tenant_id = ${tenant}::uuid and s.left_at is not null order by s.left_at, s.cabinet_id`;
  const losses = rows.map((row) => ({
    cabinet: { tenant, id: row.cabinet_id, siteId: row.site_id },
    leftAtMs: row.left_at.getTime(),
  }));
  const over = losses.filter(({ leftAtMs }) => leftAtMs <= untilMs);
  return { over, waiting: over.length < losses.length };
}

/** These losses are lines of the trail now. */
export async function settleLosses(tx: Transaction, tenant: string, losses: readonly Loss[]): Promise<void> {
  const ids = losses.map(({ cabinet }) => cabinet.id);
  await tx.$executeRaw`
    update cabinet_state set left_at = null where tenant_id = ${tenant}::uuid and cabinet_id = any(${ids}::uuid[])`;
}

/** Stores the newest of each cabinet and tells the live feed. */
export async function saveStates(tx: Transaction, tenant: string, batch: readonly SavedState[]): Promise<void> {
  if (batch.length === 0) return;
  const rows = batch.map((item) => ({
    cabinet_id: item.cabinet.id,
    seen_at: item.online ? new Date(item.atMs).toISOString() : null,
    online: item.online,
    agent_version: item.agentVersion,
    body: item.body,
    clock_offset_ms: item.clockOffsetMs,
    heard_at: new Date(item.atMs).toISOString(),
    left_at: item.leftAtMs === null ? null : new Date(item.leftAtMs).toISOString(),
    boots: item.boots?.heard ?? null,
    booted_at: item.boots === null || item.boots.sinceMs === null ? null : new Date(item.boots.sinceMs).toISOString(),
  }));
  await tx.$executeRaw`
    insert into cabinet_state as s (tenant_id, cabinet_id, last_seen_at, online, agent_version, body,
      clock_offset_ms, heard_at, left_at, boots, booted_at)
    select ${tenant}::uuid, cabinet_id, seen_at, online, agent_version, body, clock_offset_ms, heard_at, left_at,
      coalesce(boots, array[]::text[]), booted_at
    from json_to_recordset(${JSON.stringify(rows)}::json) as n (cabinet_id uuid, seen_at timestamptz, online boolean,
      agent_version text, body jsonb, clock_offset_ms bigint, heard_at timestamptz, left_at timestamptz,
      boots text[], booted_at timestamptz)
    order by cabinet_id
    on conflict (tenant_id, cabinet_id) do update set last_seen_at = coalesce(excluded.last_seen_at, s.last_seen_at),
      online = excluded.online, agent_version = coalesce(excluded.agent_version, s.agent_version),
      body = coalesce(excluded.body, s.body), clock_offset_ms = coalesce(excluded.clock_offset_ms, s.clock_offset_ms),
      heard_at = excluded.heard_at, left_at = excluded.left_at,
      boots = case when cardinality(excluded.boots) = 0 then s.boots else excluded.boots end,
      booted_at = coalesce(excluded.booted_at, s.booted_at)`;
  // A notice holds less than 8000 bytes.
  for (let from = 0; from < batch.length; from += 100) {
    const cabinets = batch.slice(from, from + 100).map(({ cabinet }) => cabinet.id);
    const notice: CabinetNotice = { tenant, cabinets };
    await tx.$queryRaw`select pg_notify(${cabinetChannel}, ${JSON.stringify(notice)})::text`;
  }
}
