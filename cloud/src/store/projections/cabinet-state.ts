import { Prisma, type Transaction } from '../prisma.js';
import type { SqlTransaction } from '../sql-transaction.js';
import { inSpan, type TrailSpan } from './span.js';

/**
 * What the trail says of a cabinet: who is at it, the last session, the last count. Runs after the
 * cabinet sessions. What state messages say stands in the same row and is left alone.
 */
export async function foldCabinetState(tx: SqlTransaction, span: TrailSpan): Promise<void> {
  await foldLines(tx, span.tenant, inSpan(span));
}

/** The columns of a cabinet's state that come from the trail. */
export const forgottenState = {
  sessionId: null,
  sessionPersonId: null,
  sessionOpenedAt: null,
  lastSessionId: null,
  lastSessionPersonId: null,
  lastSessionClosedAt: null,
  lastSessionTaken: null,
  lastSessionReturned: null,
  countedAt: null,
  presentCount: null,
};

/** Makes what the trail says of these cabinets (UUIDs) anew from the lines that are left. */
export async function refoldCabinetStates(tx: Transaction, tenant: string, cabinets: readonly string[]): Promise<void> {
  await tx.cabinetState.updateMany({
    where: { tenantId: tenant, cabinetId: { in: [...cabinets] } },
    data: forgottenState,
  });
  // The newest line of each kind decides; each is found by its cabinet's index.
  await foldLines(
    tx,
    tenant,
    Prisma.sql`index in (select newest.index from unnest(${[...cabinets]}::uuid[]) as c (id)
      cross join unnest(array['session.opened', 'session.closed', 'inventory.settled']) as k (name)
      cross join lateral (select e.index from entry e where e.tenant_id = ${tenant}::uuid and e.cabinet_id = c.id
        and e.kind = k.name and e.status = 'accepted' order by e.index desc limit 1) as newest)`,
  );
}

async function foldLines(tx: SqlTransaction, tenant: string, which: Prisma.Sql): Promise<void> {
  await tx.$executeRaw`/* kept */
    with news as materialized (
      select cabinet_id, kind, index, session_id, actor_id, effective_at, data from entry
      where tenant_id = ${tenant}::uuid and ${which} and status = 'accepted'
        and kind in ('session.opened', 'session.closed', 'inventory.settled') and cabinet_id is not null
    ), opened as (
      select distinct on (cabinet_id) * from news where kind = 'session.opened' order by cabinet_id, index desc
    ), closed as (
      select distinct on (cabinet_id) * from news where kind = 'session.closed' order by cabinet_id, index desc
    ), counted as (
      select distinct on (cabinet_id) * from news where kind = 'inventory.settled' order by cabinet_id, index desc
    ), next as (
      select id.cabinet_id, c.index is not null as has_closed, k.index is not null as has_counted,
        o.index is not null and (c.index is null or c.index < o.index) as is_open,
        o.session_id as opened_id, o.actor_id as opened_by, o.effective_at as opened_at,
        c.session_id as closed_id, coalesce(p.person_id, c.actor_id) as closed_by, c.effective_at as closed_at,
        (c.data->>'taken')::int as taken, (c.data->>'returned')::int as returned,
        k.effective_at as counted_at, jsonb_array_length(k.data->'present') as present
      from (select distinct cabinet_id from news) id
      left join opened o using (cabinet_id) left join closed c using (cabinet_id) left join counted k using (cabinet_id)
      left join cabinet_session p on p.tenant_id = ${tenant}::uuid and p.id = c.session_id
    )
    insert into cabinet_state as s (tenant_id, cabinet_id, session_id, session_person_id, session_opened_at,
      last_session_id, last_session_person_id, last_session_closed_at, last_session_taken, last_session_returned,
      counted_at, present_count)
    select ${tenant}::uuid, n.cabinet_id,
      case when n.is_open then n.opened_id when n.has_closed then null else old.session_id end,
      case when n.is_open then n.opened_by when n.has_closed then null else old.session_person_id end,
      case when n.is_open then n.opened_at when n.has_closed then null else old.session_opened_at end,
      case when n.has_closed then n.closed_id else old.last_session_id end,
      case when n.has_closed then n.closed_by else old.last_session_person_id end,
      case when n.has_closed then n.closed_at else old.last_session_closed_at end,
      case when n.has_closed then n.taken else old.last_session_taken end,
      case when n.has_closed then n.returned else old.last_session_returned end,
      case when n.has_counted then n.counted_at else old.counted_at end,
      case when n.has_counted then n.present else old.present_count end
    from next n left join cabinet_state old on old.tenant_id = ${tenant}::uuid and old.cabinet_id = n.cabinet_id
    on conflict (tenant_id, cabinet_id) do update set
      session_id = excluded.session_id, session_person_id = excluded.session_person_id,
      session_opened_at = excluded.session_opened_at, last_session_id = excluded.last_session_id,
      last_session_person_id = excluded.last_session_person_id,
      last_session_closed_at = excluded.last_session_closed_at, last_session_taken = excluded.last_session_taken,
      last_session_returned = excluded.last_session_returned, counted_at = excluded.counted_at,
      present_count = excluded.present_count`;
}
