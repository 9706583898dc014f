import type { CabinetView } from '@tagtrail/shared/api/cabinet.js';
import { decodeCursor, encodeCursor, type Page, pageOf, uuidKey } from '../api/cursor.js';
import { notFound } from '../api/problem.js';
import { assetStateSql } from '../assets/asset-row.js';
import type { Scope } from '../auth/scope.js';
import { readCutoffs } from '../retention/read-rules.js';
import { sessionOver } from '../retention/session-over.js';
import { type Sql, sql, type Tx } from '../store/sql.js';
import { type CabinetRow, cabinetView } from './cabinet-row.js';

export interface CabinetsRequest {
  readonly scope: Scope;
  readonly atMs: number;
  readonly limit: number;
  readonly cursor: string | undefined;
}

export async function listCabinets(
  tx: Tx,
  { scope, atMs, limit, cursor }: CabinetsRequest,
): Promise<Page<CabinetView>> {
  const before = decodeCursor('cabinets', uuidKey, cursor);
  const rows = await readRows(tx, scope, {
    atMs,
    where: before === undefined ? sql`true` : sql`c.id < ${before[0]}::uuid`,
    limit: limit + 1,
  });
  return pageOf(rows, limit, {
    view: (row) => cabinetView(row, atMs),
    cursor: (row) => encodeCursor('cabinets', [row.id]),
  });
}

/** Every cabinet of the scope: for the live board, which shows all of them. */
export async function readAllCabinets(tx: Tx, scope: Scope, atMs: number): Promise<CabinetView[]> {
  const rows = await readRows(tx, scope, { atMs, where: sql`true`, limit: 10_000 });
  return rows.map((row) => cabinetView(row, atMs));
}

/** Those of the cabinets that the scope contains. */
export async function readCabinetsById(
  tx: Tx,
  scope: Scope,
  at: { readonly ids: readonly string[]; readonly atMs: number },
): Promise<CabinetView[]> {
  const where = sql`c.id = any(${[...at.ids]}::uuid[])`;
  const rows = await readRows(tx, scope, { atMs: at.atMs, where, limit: at.ids.length });
  return rows.map((row) => cabinetView(row, at.atMs));
}

/** @throws ApiProblem `not-found` outside the scope. */
export async function readCabinet(
  tx: Tx,
  scope: Scope,
  at: { readonly id: string; readonly atMs: number },
): Promise<CabinetView> {
  const found = await readCabinetsById(tx, scope, { ids: [at.id], atMs: at.atMs });
  if (found[0] === undefined) throw notFound('cabinet');
  return found[0];
}

/** The condition that leaves the cabinets `c` of the scope. */
export function cabinetsInScope(scope: Pick<Scope, 'tenantId' | 'siteIds'>): Sql {
  const site = scope.siteIds === null ? sql`true` : sql`c.site_id = any(${[...scope.siteIds]}::uuid[])`;
  return sql`c.tenant_id = ${scope.tenantId}::uuid and ${site}`;
}

/** The open incidents of the cabinet `c`. */
const incidentsOf = sql`(
  select coalesce(json_agg(json_build_object('kind', i.kind,
    'since', to_char(i.since at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) order by i.since, i.kind), '[]')
  from incident i where i.tenant_id = c.tenant_id and i.cabinet_id = c.id) as incidents`;

async function readRows(
  tx: Tx,
  scope: Scope,
  selection: { readonly atMs: number; readonly where: Sql; readonly limit: number },
): Promise<CabinetRow[]> {
  const cutoffs = await readCutoffs(tx, scope.tenantId, selection.atMs);
  const last = sessionOver(cutoffs, { at: sql`z.last_session_closed_at`, site: sql`c.site_id` });
  const present = sessionOver(cutoffs, { at: sql`z.session_opened_at`, site: sql`c.site_id` });
  return await tx.$queryRaw<CabinetRow[]>(sql`
    with shown as (
      select c.* from cabinet c where ${cabinetsInScope(scope)} and ${selection.where}
      order by c.id desc limit ${selection.limit}),
    known as (
      select a.home_cabinet_id, k.cabinet_id, k.state as custody_state, ${assetStateSql(selection.atMs)} as state
      from asset a left join custody k on k.tenant_id = a.tenant_id and k.asset_id = a.id
      where a.tenant_id = ${scope.tenantId}::uuid),
    board as (
      select coalesce(n.home_cabinet_id, n.cabinet_id) as cabinet_id, n.state,
        n.home_cabinet_id is not null and n.state <> 'retired' as assigned from known n),
    counted as (
      select b.cabinet_id, count(*) filter (where b.assigned)::int as assigned,
        count(*) filter (where b.state = 'out')::int as out,
        count(*) filter (where b.state = 'missing')::int as missing,
        count(*) filter (where b.state = 'disputed')::int as disputed
      from board b group by b.cabinet_id),
    held as (
      select n.cabinet_id, count(*)::int as inside from known n
      where n.custody_state = 'in' and n.state <> 'missing' group by n.cabinet_id),
    wanted as (
      select v.cabinet_id, max(v.version) as version from rulebook_version v
      where v.tenant_id = ${scope.tenantId}::uuid group by v.cabinet_id)
    select c.id::text, c.name, c.revoked_at, c.two_person_to_open, s.id::text as site_id, s.name as site_name, z.online, z.last_seen_at, z.body, z.clock_offset_ms::float8 as clock_offset_ms,
      v.version as rulebook_wanted, case when not ${present.gone} then z.session_id::text end as session_id,
      p.id::text as session_person_id, p.name as session_person_name, z.session_opened_at,
      case when not ${last.gone} then z.last_session_id::text end as last_session_id, q.id::text as last_session_person_id,
      q.name as last_session_person_name, z.last_session_closed_at, z.last_session_taken,
      z.last_session_returned, z.counted_at, ${incidentsOf}, coalesce(n.assigned, 0) as assigned, coalesce(i.inside, 0) as inside,
      coalesce(n.out, 0) as out, coalesce(n.missing, 0) as missing, coalesce(n.disputed, 0) as disputed
    from shown c
      join site s on s.tenant_id = c.tenant_id and s.id = c.site_id
      left join cabinet_state z on z.tenant_id = c.tenant_id and z.cabinet_id = c.id
      left join person p on p.tenant_id = c.tenant_id and p.id = z.session_person_id and not ${present.unnamed}
      left join person q on q.tenant_id = c.tenant_id and q.id = z.last_session_person_id
        and not ${last.unnamed}
      left join counted n on n.cabinet_id = c.id
      left join held i on i.cabinet_id = c.id
      left join wanted v on v.cabinet_id = c.id
    order by c.id desc`);
}
