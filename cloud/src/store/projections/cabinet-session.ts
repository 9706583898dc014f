import { Prisma, type Transaction } from '../prisma.js';
import type { SqlTransaction } from '../sql-transaction.js';
import { inSpan, type TrailSpan } from './span.js';

/** One row for each cabinet session, from its opening to its outcome. */
export async function foldCabinetSessions(tx: SqlTransaction, span: TrailSpan): Promise<void> {
  await foldLines(tx, span.tenant, inSpan(span));
}

/** Makes these sessions (UUIDs) anew from the lines that are left of them. */
export async function refoldSessions(tx: Transaction, tenant: string, sessions: readonly string[]): Promise<void> {
  await tx.cabinetSession.deleteMany({ where: { tenantId: tenant, id: { in: [...sessions] } } });
  await foldLines(tx, tenant, Prisma.sql`session_id = any(${[...sessions]}::uuid[])`);
}

/**
 * A session is the cabinet's that first speaks of it; a line of another one does not count. Its newest
 * opening and its newest closing do, and where no opening ever came, its first closing stands in for one,
 * so that the outcome is the same in whatever pieces the lines come. Rows are read and written in one
 * statement: the trail's head is locked.
 */
async function foldLines(tx: SqlTransaction, tenant: string, which: Prisma.Sql): Promise<void> {
  await tx.$executeRaw`/* kept */
    with lines as materialized (
      select session_id, cabinet_id, actor_id, effective_at, index, kind, data from entry
      where tenant_id = ${tenant}::uuid and ${which} and status = 'accepted'
        and kind in ('session.opened', 'session.closed') and session_id is not null
    ), first as (
      select distinct on (session_id) * from lines order by session_id, index
    ), own as (
      select f.session_id, coalesce(old.cabinet_id, f.cabinet_id) as cabinet_id, f.actor_id as first_actor,
        f.effective_at as first_at, old.id is not null as is_known, old.person_id as old_person,
        old.signed as old_signed, old.opened_at as old_opened, old.closed_at as old_closed,
        old.outcome as old_outcome, old.taken as old_taken, old.returned as old_returned, old.disputed as old_disputed
      from first f left join lateral (
        select * from cabinet_session s where s.tenant_id = ${tenant}::uuid and s.id = f.session_id limit 1
      ) old on true
    ), opened as (
      select distinct on (session_id) * from lines join own using (session_id, cabinet_id)
      where kind = 'session.opened' order by session_id, index desc
    ), closed as (
      select distinct on (session_id) * from lines join own using (session_id, cabinet_id)
      where kind = 'session.closed' order by session_id, index desc
    )
    insert into cabinet_session as s (tenant_id, id, cabinet_id, person_id, signed, opened_at, closed_at, outcome,
      taken, returned, disputed)
    select ${tenant}::uuid, own.session_id, own.cabinet_id,
      case when o.index is not null then o.actor_id when is_known then old_person else first_actor end,
      case when o.index is not null then (o.data->>'signed')::boolean when is_known then old_signed
        else first_actor is not null end,
      case when o.index is not null then o.effective_at when is_known then old_opened else first_at end,
      case when c.index is not null then c.effective_at else old_closed end,
      case when c.index is not null then c.data->>'outcome' else coalesce(old_outcome, 'open') end,
      case when c.index is not null then (c.data->>'taken')::int else coalesce(old_taken, 0) end,
      case when c.index is not null then (c.data->>'returned')::int else coalesce(old_returned, 0) end,
      case when c.index is not null then (c.data->>'disputed')::int else coalesce(old_disputed, 0) end
    from own
    left join (select session_id, index, actor_id, effective_at, data from opened) o using (session_id)
    left join (select session_id, index, effective_at, data from closed) c using (session_id)
    on conflict (tenant_id, id) do update set
      person_id = excluded.person_id, signed = excluded.signed, opened_at = excluded.opened_at,
      closed_at = excluded.closed_at, outcome = excluded.outcome, taken = excluded.taken,
      returned = excluded.returned, disputed = excluded.disputed`;
}
