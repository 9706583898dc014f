import { idFromUuid } from '@tagtrail/shared/ids.js';
import { lastState } from '../cabinets/cabinet-row.js';
import { sql, type Tx } from '../store/sql.js';

export interface CustomerDiagnostics {
  readonly tenant: string;
  readonly counts: Readonly<Record<string, number>>;
  /** What was set aside, by reason. */
  readonly setAside: Readonly<Record<string, number>>;
  readonly cabinets: readonly CabinetDiagnostics[];
}

export interface CabinetDiagnostics {
  readonly cabinet: string;
  readonly [fact: string]: unknown;
}

/** Names of a customer that has agreed that they are shown. */
export interface CustomerNames {
  readonly customer: string;
  readonly sites: Readonly<Record<string, string>>;
  readonly cabinets: Readonly<Record<string, string>>;
  readonly people: Readonly<Record<string, string | null>>;
}

interface CabinetRow {
  readonly id: string;
  readonly revoked_at: Date | null;
  readonly online: boolean | null;
  readonly last_seen_at: Date | null;
  readonly agent_version: string | null;
  readonly body: unknown;
  readonly clock_offset_ms: bigint | number | null;
  readonly streams: number;
  readonly received: bigint | null;
  readonly rulebook_wanted: number | null;
  readonly incidents: readonly { readonly kind: string; readonly since: string }[];
}

/** How a customer (UUID) stands, in counts, ids and codes: no name, badge, tag or holder. */
export async function readCustomer(tx: Tx, tenant: string): Promise<CustomerDiagnostics> {
  const own = sql`tenant_id = ${tenant}::uuid`;
  const [counts] = await tx.$queryRaw<Record<string, bigint>[]>(sql`
    select (select next_index from tenant_head where ${own}) as lines,
      (select coalesce(max(size), 0) from checkpoint where ${own}) as sealed,
      (select count(*) from asset where ${own}) as assets, (select count(*) from person where ${own}) as people,
      (select count(*) from custody where ${own} and state = 'out') as out,
      (select count(*) from custody where ${own} and disputed) as disputed,
      (select count(*) from legal_hold where ${own} and released_at is null) as holds`);
  const setAside = await tx.$queryRaw<{ reason: string; rows: number }[]>(
    sql`select reason, count(*)::int as rows from quarantine where ${own} group by reason order by reason`,
  );
  const cabinets = await tx.$queryRaw<CabinetRow[]>(sql`
    select c.id::text, c.revoked_at, z.online, z.last_seen_at, z.agent_version, z.body, z.clock_offset_ms,
      (select count(*)::int from stream s where s.tenant_id = c.tenant_id and s.cabinet_id = c.id) as streams,
      (select sum(s.next_seq - 1)::bigint from stream s where s.tenant_id = c.tenant_id and s.cabinet_id = c.id) as received,
      (select max(v.version) from rulebook_version v where v.tenant_id = c.tenant_id and v.cabinet_id = c.id) as rulebook_wanted,
      (select coalesce(json_agg(json_build_object('kind', i.kind, 'since', i.since) order by i.since), '[]')
        from incident i where i.tenant_id = c.tenant_id and i.cabinet_id = c.id) as incidents
    from cabinet c left join cabinet_state z on z.tenant_id = c.tenant_id and z.cabinet_id = c.id
    where c.tenant_id = ${tenant}::uuid order by c.id`);
  return {
    tenant: idFromUuid('tenant', tenant),
    counts: Object.fromEntries(Object.entries(counts ?? {}).map(([name, value]) => [name, Number(value)])),
    setAside: Object.fromEntries(setAside.map(({ reason, rows }) => [codeOf(reason) ?? 'other', rows])),
    cabinets: cabinets.map(cabinetDiagnostics),
  };
}

/** What the names stand for is what a bundle says with ids. */
export async function readNames(tx: Tx, tenant: string): Promise<CustomerNames> {
  const where = { where: { tenantId: tenant }, orderBy: { id: 'asc' } } as const;
  const named = <T>(prefix: 'site' | 'cabinet' | 'person', rows: readonly { id: string; name: T }[]) =>
    Object.fromEntries(rows.map(({ id, name }) => [idFromUuid(prefix, id), name])) as Record<string, T>;
  return {
    customer: (await tx.tenant.findUniqueOrThrow({ where: { id: tenant } })).name,
    sites: named('site', await tx.site.findMany(where)),
    cabinets: named('cabinet', await tx.cabinet.findMany(where)),
    people: named('person', await tx.person.findMany(where)),
  };
}

function cabinetDiagnostics(row: CabinetRow): CabinetDiagnostics {
  const state = lastState(row.body);
  return {
    cabinet: idFromUuid('cabinet', row.id),
    revokedAt: row.revoked_at?.toISOString() ?? null,
    online: row.online ?? false,
    lastSeenAt: row.last_seen_at?.toISOString() ?? null,
    agent: codeOf(row.agent_version),
    streams: row.streams,
    received: Number(row.received ?? 0n),
    pending: state?.pending ?? null,
    oldestPendingAt: state?.oldestPendingAt ?? null,
    rulebook: { has: state?.rulebook ?? null, newest: row.rulebook_wanted },
    devices: state?.devices ?? {},
    doors: state?.doors ?? [],
    faults: (state?.faults ?? []).map(({ part, fault, since }) => ({ part, fault: codeOf(fault), since })),
    disk: state?.disk ?? null,
    clockOffsetMs: row.clock_offset_ms === null ? null : Number(row.clock_offset_ms),
    incidents: row.incidents.map(({ kind, since }) => ({ kind: codeOf(kind), since })),
  };
}

/** A word of a list, or a version; null for what could be anything that somebody wrote. */
function codeOf(text: string | null): string | null {
  return text !== null && /^[a-z0-9][a-z0-9_.+-]{0,40}$/.test(text) ? text : null;
}
