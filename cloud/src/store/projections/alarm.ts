import { historyAfterMs } from '../history.js';
import { Prisma } from '../prisma.js';
import type { SqlTransaction } from '../sql-transaction.js';
import { inSpan, type TrailSpan } from './span.js';

/** The kinds of which some lines are alarms. */
export const alarmKinds = [
  'take.forbidden',
  'session.opened',
  'door.left_open',
  'checkpoint.refused',
  'journal.damaged',
  'journal.forked',
  'command.refused',
  'asset.reported',
  'kit.incomplete',
] as const;

/** The lines that the index of alarms holds, word for word as it says it. */
export const maybeAlarm = Prisma.sql`(kind in (
  'take.forbidden', 'door.left_open', 'checkpoint.refused', 'journal.damaged', 'journal.forked', 'command.refused',
  'asset.reported', 'kit.incomplete')
  or (kind = 'session.opened' and data->>'signed' = 'false'))`;

/**
 * What alarm a line of an entry is; null for none. An opening that the office asked for is none, nor is what
 * came so late that it is history.
 */
export const alarmOfLine = Prisma.sql`case when status <> 'accepted' or (origin->>'timeQuality' is null
    and recorded_at - occurred_at > ${historyAfterMs} * interval '1 millisecond') then null
  else case kind
    when 'take.forbidden' then 'forbidden_take'
    when 'session.opened' then case when data ? 'command' then null else 'unsigned_opening' end
    when 'door.left_open' then 'door_left_open'
    when 'checkpoint.refused' then 'trail_refused'
    when 'journal.damaged' then 'journal_damaged'
    when 'journal.forked' then 'journal_damaged'
    when 'command.refused' then case when data->>'reason' = 'forged' then 'forged_command' end
    when 'asset.reported' then 'reported_' || (data->>'what')
    when 'kit.incomplete' then 'kit_incomplete' end
  end`;

/** The newest alarm of each kind about each thing. */
export async function foldAlarms(tx: SqlTransaction, span: TrailSpan): Promise<void> {
  await foldLines(tx, span.tenant, inSpan(span));
}

/** After retention took these lines away, or what was known against their clocks: what is left says what stands. */
export async function refoldAlarms(tx: SqlTransaction, tenant: string, indexes: readonly number[]): Promise<void> {
  const gone = await tx.$queryRaw<{ subject: string }[]>`
    delete from alarm where tenant_id = ${tenant}::uuid and index = any(${[...indexes]}::bigint[])
    returning subject_id::text as subject`;
  if (gone.length === 0) return;
  const subjects = gone.map(({ subject }) => subject);
  await foldLines(tx, tenant, Prisma.sql`coalesce(asset_id, cabinet_id) = any(${subjects}::uuid[])`);
}

async function foldLines(tx: SqlTransaction, tenant: string, which: Prisma.Sql): Promise<void> {
  await tx.$executeRaw`/* kept */
    with told as (
      select ${alarmOfLine} as alarm, coalesce(asset_id, cabinet_id) as subject_id, index, recorded_at from entry
      where tenant_id = ${tenant}::uuid and ${which} and ${maybeAlarm}
    )
    insert into alarm as a (tenant_id, kind, subject_id, index, recorded_at)
    select distinct on (alarm, subject_id) ${tenant}::uuid, alarm, subject_id, index, recorded_at from told
    where alarm is not null and subject_id is not null order by alarm, subject_id, index desc
    on conflict (tenant_id, kind, subject_id) do update set index = excluded.index, recorded_at = excluded.recorded_at
    where excluded.index > a.index`;
}
