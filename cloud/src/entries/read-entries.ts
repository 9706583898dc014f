import type { EntryView } from '@tagtrail/shared/api/entry.js';
import type { Scope } from '../auth/scope.js';
import { readCutoffs } from '../retention/read-rules.js';
import type { Cutoff } from '../retention/retention-rules.js';
import { joinSql, type Sql, sql, type Tx } from '../store/sql.js';
import { type EntryRow, entryView } from './entry-view.js';

export interface EntrySelection {
  readonly scope: Scope;
  /** Wall time of the question: what is expired then is not answered, deleted or not. */
  readonly atMs: number;
  /** Conditions on the entry `e`; several sets give the entries that match any one of them. */
  readonly anyOf: readonly Sql[];
  readonly order: 'newest first' | 'oldest first';
  readonly limit: number;
}

/** The selected entries that the scope may see, with the names of all that they refer to. */
export async function readEntries(tx: Tx, selection: EntrySelection): Promise<EntryView[]> {
  const cutoffs = await readCutoffs(tx, selection.scope.tenantId, selection.atMs);
  const rows = await tx.$queryRaw<EntryRow[]>(entriesQuery(selection, cutoffs));
  return rows.map(entryView);
}

/** The index of the newest entry; -1 for an empty trail. Read before the entries that it bounds. */
export async function readHead(tx: Tx, scope: Scope): Promise<number> {
  const rows = await tx.$queryRaw<{ next_index: bigint }[]>(
    sql`select next_index from tenant_head where tenant_id = ${scope.tenantId}::uuid`,
  );
  return Number(rows[0]?.next_index ?? 0n) - 1;
}

/** The condition that leaves what the scope may see of the entry `e`. */
export function entriesInScope(scope: Scope): Sql {
  const site = scope.siteIds === null ? sql`true` : sql`e.site_id = any(${[...scope.siteIds]}::uuid[])`;
  // Who signed in when is for administrators only.
  const role = scope.role === 'admin' ? sql`true` : sql`e.kind not like 'user.%'`;
  return sql`e.tenant_id = ${scope.tenantId}::uuid and ${site} and ${role}`;
}

/** The condition that leaves entries whose time is not over. */
export function unexpired(cutoffs: readonly Cutoff[]): Sql {
  const deleted = cutoffs.filter((cutoff) => cutoff.action === 'delete').map(expired);
  return deleted.length === 0 ? sql`true` : sql`not (${joinSql(deleted, ' or ')})`;
}

function expired(cutoff: Cutoff): Sql {
  return sql`(e.category = ${cutoff.category} and e.recorded_at < ${new Date(cutoff.beforeMs)} and ${ofSite(cutoff)})`;
}

function ofSite({ site, except }: Cutoff): Sql {
  if (site !== null) return sql`e.site_id = ${site}::uuid`;
  return except.length === 0 ? sql`true` : sql`(e.site_id is null or e.site_id <> all(${[...except]}::uuid[]))`;
}

function entriesQuery(selection: EntrySelection, cutoffs: readonly Cutoff[]): Sql {
  const direction = selection.order === 'newest first' ? sql`desc` : sql`asc`;
  const visible = sql`${entriesInScope(selection.scope)} and ${unexpired(cutoffs)}`;
  // Each alternative walks its own index; `union` drops what two of them found.
  const found = selection.anyOf.map(
    (condition) => sql`(select e.* from entry e where ${visible} and ${condition}
      order by e.index ${direction} limit ${selection.limit})`,
  );
  const unnamed = cutoffs.filter((cutoff) => cutoff.action === 'pseudonymise').map(expired);
  return sql`
    with page as (
      select distinct on (f.index) f.* from (${joinSql(found, ' union all ')}) f
      order by f.index ${direction} limit ${selection.limit})
    select e.index, e.kind, e.category, e.source, e.status, e.occurred_at, e.recorded_at,
      e.site_id::text, s.name as site_name, e.cabinet_id::text, c.name as cabinet_name,
      e.actor_id::text, case when e.source = 'cloud' then u.name else p.name end as actor_name,
      e.asset_id::text, a.name as asset_name, e.counterpart_id::text, o.name as counterpart_name,
      e.session_id::text, e.order_id::text, e.seq, e.data, e.origin->>'timeQuality' as time_quality,
      ${unnamed.length === 0 ? sql`false` : joinSql(unnamed, ' or ')} as unnamed
    from page e
      left join site s on s.tenant_id = e.tenant_id and s.id = e.site_id
      left join cabinet c on c.tenant_id = e.tenant_id and c.id = e.cabinet_id
      left join person p on p.tenant_id = e.tenant_id and p.id = e.actor_id and e.source = 'cabinet'
      left join auth_user u on u.id = e.actor_id::text and e.source = 'cloud'
      left join asset a on a.tenant_id = e.tenant_id and a.id = e.asset_id
      left join person o on o.tenant_id = e.tenant_id and o.id = e.counterpart_id
    order by e.index ${direction}`;
}
