import { Prisma, type Transaction } from '../prisma.js';
import type { TrailSpan } from './span.js';

/** One row for each cabinet session, from its opening to its outcome. */
export async function foldCabinetSessions(tx: Transaction, { tenant, from, to }: TrailSpan): Promise<void> {
  await foldLines(tx, tenant, Prisma.sql`index between ${from} and ${to}`);
}

/** Makes these sessions (UUIDs) anew from the lines that are left of them. */
export async function refoldSessions(tx: Transaction, tenant: string, sessions: readonly string[]): Promise<void> {
  await tx.cabinetSession.deleteMany({ where: { tenantId: tenant, id: { in: [...sessions] } } });
  await foldLines(tx, tenant, Prisma.sql`session_id = any(${[...sessions]}::uuid[])`);
}

async function foldLines(tx: Transaction, tenant: string, which: Prisma.Sql): Promise<void> {
  await tx.$executeRaw`
    insert into cabinet_session (tenant_id, id, cabinet_id, person_id, signed, opened_at)
    select distinct on (session_id) tenant_id, session_id, cabinet_id, actor_id, (data->>'signed')::boolean, effective_at
    from entry
    where tenant_id = ${tenant}::uuid and ${which} and status = 'accepted'
      and kind = 'session.opened' and session_id is not null
    order by session_id, index
    on conflict (tenant_id, id) do update set
      person_id = excluded.person_id, signed = excluded.signed, opened_at = excluded.opened_at
    where cabinet_session.cabinet_id = excluded.cabinet_id`;
  await tx.$executeRaw`
    insert into cabinet_session (tenant_id, id, cabinet_id, person_id, signed, opened_at, closed_at, outcome, taken,
      returned, disputed)
    select distinct on (session_id) tenant_id, session_id, cabinet_id, actor_id, actor_id is not null, effective_at,
      effective_at, data->>'outcome', (data->>'taken')::int, (data->>'returned')::int, (data->>'disputed')::int
    from entry
    where tenant_id = ${tenant}::uuid and ${which} and status = 'accepted'
      and kind = 'session.closed' and session_id is not null
    order by session_id, index desc
    on conflict (tenant_id, id) do update set closed_at = excluded.closed_at, outcome = excluded.outcome,
      taken = excluded.taken, returned = excluded.returned, disputed = excluded.disputed
    where cabinet_session.cabinet_id = excluded.cabinet_id`;
}
