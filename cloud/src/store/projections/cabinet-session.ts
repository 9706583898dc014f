import { Prisma, type Transaction } from '../prisma.js';
import { inSpan, type TrailSpan } from './span.js';

/** One row for each cabinet session, from its opening to its outcome. */
export async function foldCabinetSessions(tx: Transaction, span: TrailSpan): Promise<void> {
  await foldLines(tx, span.tenant, inSpan(span));
}

/** Makes these sessions (UUIDs) anew from the lines that are left of them. */
export async function refoldSessions(tx: Transaction, tenant: string, sessions: readonly string[]): Promise<void> {
  await tx.cabinetSession.deleteMany({ where: { tenantId: tenant, id: { in: [...sessions] } } });
  await foldLines(tx, tenant, Prisma.sql`session_id = any(${[...sessions]}::uuid[])`);
}

/**
 * The first opening and the last closing of each session count; a line of another cabinet than the
 * session's own does not. Rows are read and written in one statement: the trail's head is locked.
 */
async function foldLines(tx: Transaction, tenant: string, which: Prisma.Sql): Promise<void> {
  await tx.$executeRaw`/* kept */
    with lines as materialized (
      select session_id, cabinet_id, actor_id, effective_at, index, kind, data from entry
      where tenant_id = ${tenant}::uuid and ${which} and status = 'accepted'
        and kind in ('session.opened', 'session.closed') and session_id is not null
    ), opened as (
      select distinct on (session_id) * from lines where kind = 'session.opened' order by session_id, index
    ), closed as (
      select distinct on (session_id) * from lines where kind = 'session.closed' order by session_id, index desc
    ), news as (
      select session_id, coalesce(old.cabinet_id, o.cabinet_id, c.cabinet_id) as cabinet_id, o.cabinet_id as opened_in,
        o.actor_id as opened_by, o.effective_at as opened_at, (o.data->>'signed')::boolean as signed,
        c.cabinet_id as closed_in, c.actor_id as closed_by, c.effective_at as closed_at, c.data as closing,
        old.id is not null as is_known, old.person_id as old_person, old.signed as old_signed,
        old.opened_at as old_opened, old.closed_at as old_closed, old.outcome as old_outcome, old.taken as old_taken,
        old.returned as old_returned, old.disputed as old_disputed
      from opened o full join closed c using (session_id)
      left join lateral (
        select * from cabinet_session s where s.tenant_id = ${tenant}::uuid and s.id = session_id limit 1
      ) old on true
    )
    insert into cabinet_session as s (tenant_id, id, cabinet_id, person_id, signed, opened_at, closed_at, outcome,
      taken, returned, disputed)
    select ${tenant}::uuid, session_id, cabinet_id,
      case when opened_in = cabinet_id then opened_by when is_known then old_person else closed_by end,
      case when opened_in = cabinet_id then signed when is_known then old_signed else closed_by is not null end,
      case when opened_in = cabinet_id then opened_at when is_known then old_opened else closed_at end,
      case when closed_in = cabinet_id then closed_at else old_closed end,
      case when closed_in = cabinet_id then closing->>'outcome' else coalesce(old_outcome, 'open') end,
      case when closed_in = cabinet_id then (closing->>'taken')::int else coalesce(old_taken, 0) end,
      case when closed_in = cabinet_id then (closing->>'returned')::int else coalesce(old_returned, 0) end,
      case when closed_in = cabinet_id then (closing->>'disputed')::int else coalesce(old_disputed, 0) end
    from news
    on conflict (tenant_id, id) do update set
      person_id = excluded.person_id, signed = excluded.signed, opened_at = excluded.opened_at,
      closed_at = excluded.closed_at, outcome = excluded.outcome, taken = excluded.taken,
      returned = excluded.returned, disputed = excluded.disputed`;
}
