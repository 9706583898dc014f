import type { CabinetRules, ChangeReach, RulesStatus } from '@tagtrail/shared/api/rulebook.js';
import { idFromUuid } from '@tagtrail/shared/ids.js';
import type { Asking } from '../api/context.js';
import { notFound } from '../api/problem.js';
import type { Scope } from '../auth/scope.js';
import { cabinetLink } from '../cabinets/cabinet-link.js';
import { lastState, reportedOf } from '../cabinets/cabinet-row.js';
import { cabinetsInScope } from '../cabinets/read-cabinets.js';
import { sql, type Tx } from '../store/sql.js';

interface CabinetRow {
  readonly id: string;
  readonly name: string;
  readonly site_id: string;
  readonly site_name: string;
  readonly online: boolean | null;
  readonly last_seen_at: Date | null;
  readonly body: unknown;
  readonly newest: number | null;
  readonly issued_at: Date | null;
  /** The newest line with which it said that it works by a version. */
  readonly applied: number | null;
  readonly applied_at: Date | null;
  /** The first version that holds the change that is asked about; null while there is none. */
  readonly holds: number | null;
  /** When the cabinet first said that it works by that version or a later one. */
  readonly reached_at: Date | null;
}

/** Where each cabinet that is not cut off stands with its rules; those that are behind first. */
export async function readRulesStatus(asking: Asking): Promise<RulesStatus> {
  const rows = await readRows(asking, null);
  const data = rows.map((row) => cabinetRules(row, asking.atMs));
  const behind = data.filter((cabinet) => cabinet.behind);
  return {
    as_of: new Date(asking.atMs).toISOString(),
    cabinets: data.length,
    up_to_date: data.length - behind.length,
    data: [...behind, ...data.filter((cabinet) => !cabinet.behind)],
  };
}

/**
 * Which cabinets have said that they know that a badge (UUID) has ended. Those that have not are first:
 * the badge may still open them.
 * @throws ApiProblem `not-found`, also while the badge lasts.
 */
export async function readBadgeReach(asking: Asking, badgeId: string): Promise<ChangeReach> {
  const { tx, scope, atMs } = asking;
  const [badge] = await tx.$queryRaw<{ ended_at: Date; ended_index: bigint | null }[]>(sql`
    select ended_at, ended_index from badge
    where tenant_id = ${scope.tenantId}::uuid and id = ${badgeId}::uuid and ended_at is not null`);
  if (badge === undefined) throw notFound('badge that has ended');
  // Of one that ended before its line was kept nobody can say which version holds it.
  const rows = await readRows(asking, badge.ended_index === null ? null : Number(badge.ended_index));
  const data = rows.map((row) => {
    const { cabinet, site, link } = cabinetRules(row, atMs);
    const reached = hasReached(row);
    return { cabinet, site, link, reached, reached_at: reached ? (row.reached_at?.toISOString() ?? null) : null };
  });
  const waiting = data.filter((cabinet) => !cabinet.reached);
  return {
    as_of: new Date(atMs).toISOString(),
    changed_at: badge.ended_at.toISOString(),
    cabinets: data.length,
    reached: data.length - waiting.length,
    data: [...waiting, ...data.filter((cabinet) => cabinet.reached)],
  };
}

/**
 * How many of the cabinets of a customer (UUID) that are not cut off have said that they work by a version that holds
 * the change of this line; null when no line is asked about.
 */
export async function countReached(
  tx: Tx,
  { tenant, index }: { readonly tenant: string; readonly index: number | null },
): Promise<{ readonly cabinets: number; readonly reached: number }> {
  const rows = await readRows({ tx, scope: { tenantId: tenant, siteIds: null } }, index);
  return { cabinets: rows.length, reached: rows.filter(hasReached).length };
}

function hasReached(row: CabinetRow): boolean {
  return row.holds !== null && acknowledgedBy(row) >= row.holds && !isAhead(row);
}

/** It works by rules that this cloud never issued, as after a restore; a newer version is on its way to it. */
function isAhead(row: CabinetRow): boolean {
  return acknowledgedBy(row) > (row.newest ?? 0);
}

/** What it says now goes before what its trail says: a cabinet with a new disk has none of what it once applied. */
function acknowledgedBy(row: CabinetRow): number {
  return lastState(row.body)?.rulebook ?? row.applied ?? 0;
}

/** `change` is the index of the line that tells of a change; null when none is asked about, or none is known. */
async function readRows(
  { tx, scope }: { readonly tx: Tx; readonly scope: Pick<Scope, 'tenantId' | 'siteIds'> },
  change: number | null,
): Promise<CabinetRow[]> {
  return await tx.$queryRaw<CabinetRow[]>(sql`
    select c.id::text, c.name, s.id::text as site_id, s.name as site_name, z.online, z.last_seen_at, z.body,
      v.version as newest, v.issued_at, a.version as applied, a.recorded_at as applied_at, h.version as holds,
      (select min(e.recorded_at) from entry e
        where e.tenant_id = c.tenant_id and e.cabinet_id = c.id and e.kind = 'rulebook.applied'
          and e.status = 'accepted' and e.index > ${change}::bigint and (e.data->>'version')::int >= h.version) as reached_at
    from cabinet c
      join site s on s.tenant_id = c.tenant_id and s.id = c.site_id
      left join cabinet_state z on z.tenant_id = c.tenant_id and z.cabinet_id = c.id
      left join lateral (
        select n.version, n.issued_at from rulebook_version n
        where n.tenant_id = c.tenant_id and n.cabinet_id = c.id order by n.version desc limit 1) v on true
      left join lateral (
        select (e.data->>'version')::int as version, e.recorded_at from entry e
        where e.tenant_id = c.tenant_id and e.cabinet_id = c.id and e.kind = 'rulebook.applied'
          and e.status = 'accepted'
        order by e.index desc limit 1) a on true
      left join lateral (
        select min(n.version) as version from rulebook_version n
        where n.tenant_id = c.tenant_id and n.cabinet_id = c.id and n.covers_index >= ${change}::bigint) h on true
    where ${cabinetsInScope(scope)} and c.revoked_at is null order by s.name, c.name, c.id`);
}

function cabinetRules(row: CabinetRow, atMs: number): CabinetRules {
  const acknowledged = acknowledgedBy(row);
  return {
    cabinet: { id: idFromUuid('cabinet', row.id), name: row.name },
    site: { id: idFromUuid('site', row.site_id), name: row.site_name },
    link: cabinetLink(reportedOf(row), atMs),
    newest: row.newest,
    issued_at: row.issued_at?.toISOString() ?? null,
    acknowledged: acknowledged === 0 ? null : acknowledged,
    acknowledged_at: acknowledged === row.applied ? (row.applied_at?.toISOString() ?? null) : null,
    behind: acknowledged !== (row.newest ?? 0),
  };
}
