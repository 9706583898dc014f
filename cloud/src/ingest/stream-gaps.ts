import { errorText } from '@tagtrail/shared/error.js';
import type { Log } from '@tagtrail/shared/log/log.js';
import { stateTimes } from '@tagtrail/shared/mqtt/messages.js';
import { type Clock, repeat, type Timer } from '@tagtrail/shared/time/clock.js';
import type { EntryDraft } from '../store/entry-draft.js';
import { Prisma, type Store, type Transaction } from '../store/prisma.js';
import { foldTrail } from '../store/projections/fold.js';
import { appendEntries, cloudEntry } from '../store/trail.js';

/** A cabinet that is asked for lines again sends them within a second or two. */
export const gapAfterMs = 60_000;
const lookEveryMs = 15_000;

/** Ids are UUIDs. */
export interface AskedAgain {
  readonly tenant: string;
  readonly cabinet: string;
  readonly logId: string;
  readonly fromSeq: number;
}

/**
 * Remembers that a cabinet was asked for its log again from a sequence on. The minute in which that has
 * to come begins with the first time in a connection: a hello begins it anew.
 */
export async function noteAskedAgain(
  store: Store,
  { tenant, cabinet, logId, fromSeq }: AskedAgain,
  when: { readonly atMs: number; readonly isHello: boolean },
): Promise<void> {
  await store.withTenant(
    tenant,
    (tx) => tx.$executeRaw`
      insert into stream_gap as g (tenant_id, cabinet_id, log_id, from_seq, since)
      values (${tenant}::uuid, ${cabinet}::uuid, ${logId}, ${fromSeq}, ${new Date(when.atMs)})
      on conflict (tenant_id, cabinet_id, log_id) do update set from_seq = excluded.from_seq, since = excluded.since
      where ${when.isHello} or g.from_seq <> excluded.from_seq`,
  );
}

interface GapRow {
  readonly cabinet_id: string;
  readonly site_id: string;
  readonly log_id: string;
  readonly from_seq: bigint;
  readonly how: 'arrived' | 'declared' | null;
}

/**
 * Opens an incident for every log of the customer that has not gone on for a minute although its cabinet is
 * connected, and closes those whose lines have come or were declared lost, signed, in the cabinet's journal.
 */
export async function settleGaps(tx: Transaction, tenant: string, atMs: number): Promise<void> {
  const waits = await tx.$queryRaw<{ any: boolean }[]>`
    select exists (select 1 from stream_gap where tenant_id = ${tenant}::uuid)
      or exists (select 1 from incident where tenant_id = ${tenant}::uuid and kind = 'stream_gap') as any`;
  if (waits[0]?.any !== true) return;
  await tx.$queryRaw`select 1 from tenant_head where tenant_id = ${tenant}::uuid for update`;
  await tx.$executeRaw`
    delete from stream_gap g using stream s
    where g.tenant_id = ${tenant}::uuid and s.tenant_id = g.tenant_id and s.cabinet_id = g.cabinet_id
      and s.log_id = g.log_id and s.next_seq > g.from_seq`;
  const at = new Date(atMs).toISOString();
  const drafts = [...(await closings(tx, tenant, at)), ...(await openings(tx, tenant, atMs))];
  if (drafts.length === 0) return;
  const range = await appendEntries(tx, { tenant, recordedAt: at }, drafts);
  await foldTrail(tx, { tenant, ...range }, new Set(drafts.map(({ kind }) => kind)));
}

async function openings(tx: Transaction, tenant: string, atMs: number): Promise<EntryDraft[]> {
  const before = new Date(atMs - gapAfterMs);
  // A return to the connection is a line of the trail where the loss was more than a hiccup.
  const rows = await tx.$queryRaw<GapRow[]>`
    select g.cabinet_id::text, c.site_id::text, g.log_id, g.from_seq, null as how
    from stream_gap g
      join cabinet c on c.tenant_id = g.tenant_id and c.id = g.cabinet_id and c.revoked_at is null
      join cabinet_state z on z.tenant_id = g.tenant_id and z.cabinet_id = g.cabinet_id
    where g.tenant_id = ${tenant}::uuid and g.since <= ${before} and z.online and z.left_at is null
      and z.last_seen_at > ${new Date(atMs - stateTimes.staleAfterMs)}
      and not exists (select 1 from entry e where e.tenant_id = g.tenant_id and e.cabinet_id = g.cabinet_id
        and e.kind = 'cabinet.connected' and e.recorded_at > ${before})
      and not exists (select 1 from entry e where e.tenant_id = g.tenant_id and e.cabinet_id = g.cabinet_id
        and e.recorded_at >= g.since and ${declares(Prisma.sql`g.from_seq`)})
      and not exists (select 1 from incident i where i.tenant_id = g.tenant_id and i.cabinet_id = g.cabinet_id
        and i.kind = 'stream_gap' and i.log_id = g.log_id)
    order by g.cabinet_id, g.log_id`;
  return rows.map((row) =>
    cloudEntry({
      ...placeOf(tenant, row, new Date(atMs).toISOString()),
      kind: 'cabinet.gap_opened',
      data: { log: row.log_id, fromSeq: Number(row.from_seq) },
    }),
  );
}

async function closings(tx: Transaction, tenant: string, at: string): Promise<EntryDraft[]> {
  const rows = await tx.$queryRaw<GapRow[]>`
    select * from (
      select i.cabinet_id::text, c.site_id::text, i.log_id, (i.detail->>'fromSeq')::bigint as from_seq,
        case when s.next_seq > (i.detail->>'fromSeq')::bigint then 'arrived'
          when exists (select 1 from entry e where e.tenant_id = i.tenant_id and e.cabinet_id = i.cabinet_id
            and e.recorded_at >= i.since and ${declares(Prisma.sql`(i.detail->>'fromSeq')::bigint`)})
          then 'declared' end as how
      from incident i
        join cabinet c on c.tenant_id = i.tenant_id and c.id = i.cabinet_id
        left join stream s on s.tenant_id = i.tenant_id and s.cabinet_id = i.cabinet_id and s.log_id = i.log_id
      where i.tenant_id = ${tenant}::uuid and i.kind = 'stream_gap') g
    where how is not null order by cabinet_id, log_id`;
  for (const { cabinet_id, log_id, how } of rows) {
    if (how !== 'declared') continue;
    await tx.$executeRaw`
      delete from stream_gap where tenant_id = ${tenant}::uuid and cabinet_id = ${cabinet_id}::uuid and log_id = ${log_id}`;
  }
  return rows.map((row) =>
    cloudEntry({
      ...placeOf(tenant, row, at),
      kind: 'cabinet.gap_closed',
      data: { log: row.log_id, fromSeq: Number(row.from_seq), how: row.how ?? 'arrived' },
    }),
  );
}

/** The entry `e` is the cabinet's own word, under its signature, that the sequence is lost. */
function declares(seq: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`e.kind = 'journal.damaged' and e.status = 'accepted' and e.source = 'cabinet'
    and ${seq} between (e.data->>'fromSeq')::bigint and (e.data->>'toSeq')::bigint`;
}

function placeOf(tenant: string, { cabinet_id, site_id }: GapRow, at: string) {
  return { tenant, at, siteId: site_id, cabinetId: cabinet_id };
}

/** Looks at every customer a few times a minute. One process is enough: what waits stands in the database. */
export function watchGaps({ store, clock, log }: { store: Store; clock: Clock; log: Log }): Timer {
  async function look(): Promise<void> {
    for (const tenant of await store.tenants())
      await store.withTenant(tenant, (tx) => settleGaps(tx, tenant, clock.wallMs()));
  }
  return repeat(clock, 'stream gaps', lookEveryMs, () =>
    look().catch((error: unknown) => log.warn({ reason: errorText(error) }, 'ingest.gaps.not_settled')),
  );
}
